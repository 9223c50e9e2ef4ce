// The part of LitElement that the widget needs, on lit-html: watched properties, one render for
// all changes of a moment, styles in the shadow root. LitElement itself would take the bundle
// over its budget of 30 kB.

import { render, type TemplateResult } from "lit/html.js";

export type Changes = Map<string, unknown>;

export abstract class WatchedElement extends HTMLElement {
  readonly renderRoot: ShadowRoot;
  protected hasUpdated = false;
  private values: Record<string, unknown> = {};
  private changes: Changes | null = null;

  constructor(styles: string) {
    super();
    this.renderRoot = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    this.renderRoot.adoptedStyleSheets = [sheet];
  }

  /** What to show. */
  protected abstract view(): TemplateResult;
  /** Called before a render with what changed (names and old values) ... */
  protected abstract willRender(changes: Changes): void;
  /** ... and after it. */
  protected abstract didRender(changes: Changes): void;

  /** Render soon, once for all changes until then. */
  requestUpdate(name?: string, old?: unknown): void {
    if (!this.changes) {
      this.changes = new Map();
      queueMicrotask(() => this.update());
    }
    if (name && !this.changes.has(name)) this.changes.set(name, old);
  }

  connectedCallback(): void {
    this.requestUpdate();
  }

  private update(): void {
    const changes = this.changes ?? new Map();
    if (!this.isConnected) {
      this.changes = null;
      return;
    }
    this.willRender(changes);
    // What `willRender` changes is part of this render.
    this.changes = null;
    render(this.view(), this.renderRoot, { host: this });
    this.didRender(changes);
    this.hasUpdated = true;
  }

  /** Make properties of a class watched; a change of one asks for a render. */
  static watch(names: readonly string[]): void {
    for (const name of names) {
      Object.defineProperty(this.prototype, name, {
        get(this: WatchedElement) {
          return this.values[name];
        },
        set(this: WatchedElement, value: unknown) {
          const old = this.values[name];
          this.values[name] = value;
          if (old !== value) this.requestUpdate(name, old);
        },
      });
    }
  }
}
