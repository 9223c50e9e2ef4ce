// <footnote-chat>: the widget. State lives here; how it looks is in view.ts and styles.ts.

import type { TemplateResult } from "lit/html.js";
import { accent } from "./colour.ts";
import { Connection, type Listener, type Refusal, type Start } from "./connection.ts";
import {
  type BotMessage,
  change,
  choices,
  isUrgent,
  markLost,
  merge,
  type Message,
  newId,
  type PersonMessage,
  put,
  sectionsOf,
  unsent,
  without,
} from "./conversation.ts";
import { type Changes, WatchedElement } from "./element.ts";
import { printConversation } from "./print.ts";
import * as speech from "./speech.ts";
import { type Strings, stringsFor } from "./strings.ts";
import { styles } from "./styles.ts";
import { transcript } from "./text.ts";
import { view } from "./view.ts";

const SPOKEN_KEPT = 4;
const NARROW = "(max-width: 30rem), (max-height: 26rem)";
const READ_KEY = "footnote:read-aloud";

export interface Notice {
  text: string;
  action?: { label: string; run: () => void };
  cancel?: () => void;
}

/** A line for screen readers; `lang` where it is not in the interface's language. */
export interface Spoken {
  id: number;
  text: string;
  lang?: string;
}

const ATTRIBUTES = ["server", "mode", "heading", "colour", "country", "open"];
const STATE = ["messages", "link", "typing", "draft", "menuOpen", "notice", "reading", "speaking", "listening"];

export class FootnoteChat extends WatchedElement {
  static observedAttributes = [...ATTRIBUTES, "lang"];

  /** Attributes: where the bot is, "page" or "launcher", its name, a colour, words, numbers. */
  declare server: string;
  declare mode: string;
  declare heading: string;
  declare colour: string;
  declare country: string;
  declare open: boolean;

  declare messages: Message[];
  declare link: "idle" | "connecting" | "ready" | "offline";
  declare typing: boolean;
  declare draft: string;
  declare menuOpen: boolean;
  declare notice: Notice | null;
  declare reading: boolean;
  declare speaking: boolean;
  declare listening: boolean;

  start: Start | null = null;
  polite: Spoken[] = [];
  assertive: Spoken[] = [];
  private connection: Connection | null = null;
  private announced = new Set<string>();
  private spoken = 0;
  private words: Strings = stringsFor("en").strings;

  constructor() {
    super(styles);
    this.server = "";
    this.mode = "launcher";
    this.heading = "Footnote";
    this.colour = "";
    this.country = "";
    this.open = false;
    this.messages = [];
    this.link = "idle";
    this.typing = false;
    this.draft = "";
    this.menuOpen = false;
    this.notice = null;
    this.reading = false;
    this.speaking = false;
    this.listening = false;
  }

  get strings(): Strings {
    return this.words;
  }

  get isPage(): boolean {
    return this.mode === "page";
  }

  get choices(): { title: string; send: string }[] {
    if (this.messages.length) return this.typing ? [] : choices(this.messages);
    return this.start?.suggestions ?? [];
  }

  get canListen(): boolean {
    return Boolean(this.start?.speech_input) && speech.canListen();
  }

  /** The address of one of the bot's pages. */
  url(page: string): string {
    return this.base + page;
  }

  private get base(): string {
    const base = new URL(this.server || ".", document.baseURI).href;
    return base.endsWith("/") ? base : `${base}/`;
  }

  attributeChangedCallback(name: string, _old: string | null, value: string | null): void {
    if (name === "open") this.open = value !== null;
    else if (name === "lang") this.requestUpdate("lang");
    else (this as unknown as Record<string, string>)[name] = value ?? "";
  }

  connectedCallback(): void {
    super.connectedCallback();
    window.visualViewport?.addEventListener("resize", this.fit);
    window.addEventListener("online", this.retry);
    window.addEventListener("offline", this.lost);
    try {
      this.reading = localStorage.getItem(READ_KEY) === "yes";
    } catch {
      // Storage is switched off: the choice lasts for the page.
    }
  }

  disconnectedCallback(): void {
    window.visualViewport?.removeEventListener("resize", this.fit);
    window.removeEventListener("online", this.retry);
    window.removeEventListener("offline", this.lost);
    this.connection?.close();
    this.connection = null;
    this.link = "idle";
  }

  protected willRender(changed: Changes): void {
    if (changed.has("lang") || !this.hasUpdated) {
      this.words = stringsFor(this.lang || document.documentElement.lang || "en").strings;
    }
    if (changed.has("colour") || !this.hasUpdated) this.paint();
    if ((this.isPage || this.open) && !this.connection && this.isConnected) this.connect();
  }

  protected view(): TemplateResult {
    return view(this);
  }

  protected didRender(changed: Changes): void {
    this.toggleAttribute("open", this.open);
    this.dataset.link = this.link;
    if (changed.has("messages") || changed.has("typing")) {
      this.bringUp(changed.get("messages") as Message[] | undefined);
    }
    if (changed.has("draft")) this.grow();
    if (changed.has("open") && changed.get("open") !== undefined && !this.isPage) this.moveFocus();
  }

  // What the person does

  toggle(): void {
    this.open = !this.open;
    this.menuOpen = false;
    if (!this.open) speech.stopReading();
  }

  typed(event: Event): void {
    this.draft = (event.target as HTMLTextAreaElement).value;
    if (this.notice && !this.notice.action) this.notice = null;
  }

  submit(event?: Event): void {
    event?.preventDefault();
    const text = this.draft.trim();
    if (text && this.say(text)) this.draft = "";
  }

  choose(send: string, byKeyboard: boolean): void {
    // The buttons go away: keep the focus where a person can go on.
    if (this.say(send)) (byKeyboard ? this.box : this.logElement)?.focus();
  }

  /** Send a message; false where there is no connection, and nothing is lost. */
  say(text: string): boolean {
    this.menuOpen = false;
    if (this.link !== "ready") {
      this.tell(this.words.offlineSend, true);
      return false;
    }
    speech.stopReading();
    this.notice = null;
    const message: PersonMessage = {
      id: newId(),
      from: "person",
      text,
      at: Date.now() / 1000,
      state: "sending",
    };
    this.messages = put(this.messages, message);
    void this.deliver(message, false);
    return true;
  }

  resend(message: PersonMessage): void {
    if (this.link !== "ready") return this.tell(this.words.offlineSend, true);
    this.messages = change<PersonMessage>(this.messages, message.id, { state: "sending" });
    void this.deliver(message, true);
    this.box?.focus();
  }

  async rate(message: BotMessage, helpful: boolean): Promise<void> {
    const wish = message.helpful === helpful ? null : helpful;
    const kept = await this.connection?.rate(message.id, wish);
    if (kept) this.rated(message.id, wish);
    this.tell(kept ? this.words.thanks : this.words.notKept);
  }

  async copy(): Promise<void> {
    this.menuOpen = false;
    const text = transcript(this.messages, this.words.you, this.words.bot);
    try {
      await navigator.clipboard.writeText(text);
      this.show(this.words.copied);
    } catch {
      this.show(this.words.notCopied);
    }
    this.box?.focus();
  }

  print(): void {
    this.menuOpen = false;
    printConversation(this.messages, this.heading, this.start?.article, this.words);
  }

  switchReading(): void {
    if (!this.reading && !speech.localVoice()) return this.show(this.words.noVoice);
    this.reading = !this.reading;
    if (this.reading) this.show(this.words.readAloudOn);
    else speech.stopReading();
    try {
      localStorage.setItem(READ_KEY, this.reading ? "yes" : "no");
    } catch {
      // See connectedCallback.
    }
  }

  switchSpeaking(): void {
    this.menuOpen = false;
    if (this.speaking) {
      this.speaking = false;
      return;
    }
    this.notice = {
      text: this.words.speakNotice,
      action: {
        label: this.words.speakAgree,
        run: () => {
          this.speaking = true;
          this.notice = null;
        },
      },
      cancel: () => {
        this.notice = null;
      },
    };
    this.announce(this.words.speakNotice);
  }

  async listen(): Promise<void> {
    if (this.listening) return;
    speech.stopReading();
    this.listening = true;
    this.announce(this.words.listening);
    const heard = await speech.listen();
    this.listening = false;
    if (heard) this.draft = `${this.draft} ${heard}`.trim();
    else this.show(this.words.notHeard);
    this.box?.focus();
  }

  key(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      if (this.menuOpen) {
        this.menuOpen = false;
        this.find(".menu-button")?.focus();
      } else if (!this.isPage && this.open) this.toggle();
      event.stopPropagation();
    } else if (event.key === "Tab" && !this.isPage && matchMedia(NARROW).matches) {
      this.keepInside(event);
    }
  }

  boxKey(event: KeyboardEvent): void {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.submit(event);
  }

  leaveMenu(event: FocusEvent): void {
    const next = event.relatedTarget as Element | null;
    if (next && !next.closest(".menu, .menu-button")) this.menuOpen = false;
  }

  // What the server says

  private connect(): void {
    this.link = "connecting";
    const listener: Listener = {
      started: (start) => this.started(start),
      restored: (stored, busy) => this.restored(stored, busy),
      said: (message) => this.said(message),
      typing: (on) => {
        this.typing = on;
      },
      rated: (reply, helpful) => this.rated(reply, helpful),
      erased: () => this.erased(),
      lost: this.lost,
      refused: (refusal) => this.refused(refusal),
    };
    this.connection = new Connection(this.base, this.country, listener);
  }

  private started(start: Start): void {
    const before = this.start?.conversation;
    if (before && before !== start.conversation) this.messages = [];
    if (this.link === "offline") {
      this.announce(this.words.back);
      this.notice = null;
    }
    this.start = start;
    this.link = "ready";
    this.requestUpdate();
  }

  private restored(stored: Message[], busy: boolean): void {
    const first = !this.messages.length;
    if (first) for (const each of stored) this.announced.add(each.id);
    const waiting = unsent(this.messages);
    this.messages = merge(busy ? this.messages : markLost(this.messages, stored), stored);
    this.typing = busy;
    for (const each of stored) this.announceReply(each);
    const known = new Set(stored.map((each) => each.id));
    for (const each of waiting) if (!known.has(each.id)) void this.deliver(each, true);
  }

  private said(message: Message): void {
    if (message.from === "person") this.typing = true;
    const mine = this.messages.find((each) => each.id === message.id);
    const state = mine?.from === "person" ? { state: "taken" as const } : {};
    this.messages = put(this.messages, { ...message, ...state });
    if (message.from === "bot") {
      this.typing = false;
      this.announceReply(message);
    }
  }

  private async deliver(message: PersonMessage, again: boolean): Promise<void> {
    const delivery = await this.connection?.send(message.id, message.text, again);
    if (delivery?.state === "refused") {
      this.messages = without(this.messages, message.id);
      if (!this.draft) this.draft = message.text;
      this.refused(delivery.refusal);
    } else if (delivery && delivery.state !== "lost") {
      this.messages = change<PersonMessage>(this.messages, message.id, { state: delivery.state });
      if (delivery.state === "failed") this.announce(this.words.failed);
    }
  }

  private rated(reply: string, helpful: boolean | null): void {
    this.messages = change<BotMessage>(this.messages, reply, { helpful });
  }

  private erased(): void {
    this.messages = this.messages.slice(-1).filter((each) => each.from === "bot");
    this.start = this.start && { ...this.start, conversation: "" };
    this.typing = false;
    this.tell(this.words.erased);
  }

  private refused(refusal: Refusal): void {
    this.tell(this.words.refusals[refusal.code] ?? refusal.text, true);
  }

  private lost = (): void => {
    if (this.link === "idle") return;
    if (this.link === "ready") this.announce(this.words.offline);
    this.link = "offline";
    this.typing = false;
  };

  retry = (): void => this.connection?.retry();

  // What is read aloud, by a screen reader or a voice

  private announceReply(message: Message): void {
    if (message.from !== "bot" || this.announced.has(message.id)) return;
    this.announced.add(message.id);
    const sections = sectionsOf(message);
    const source = sections ? ` ${this.words.source}: ${sections}.` : "";
    const notes = message.notes.map((each) => ` ${this.words.note}: ${each.text}`).join("");
    this.announce(`${this.words.bot}: ${message.text}${notes}${source}`, isUrgent(message), "en");
    if (this.reading && !document.hidden) speech.readAloud(message.text);
  }

  private announce(text: string, urgent = false, lang?: string): void {
    const entry = { id: (this.spoken += 1), text, lang };
    if (urgent) this.assertive = [...this.assertive, entry].slice(-SPOKEN_KEPT);
    else this.polite = [...this.polite, entry].slice(-SPOKEN_KEPT);
    this.requestUpdate();
  }

  /** Show a notice; a screen reader hears it too. */
  private tell(text: string, urgent = false): void {
    this.notice = { text };
    this.announce(text, urgent);
  }

  private show(text: string): void {
    this.tell(text);
  }

  // Where things are

  private get box(): HTMLTextAreaElement | null {
    return this.renderRoot.querySelector("textarea");
  }

  private get logElement(): HTMLElement | null {
    return this.find(".log");
  }

  private find(selector: string): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(selector);
  }

  private moveFocus(): void {
    (this.open ? this.box : this.find(".launcher"))?.focus();
  }

  /** On a phone the panel covers the page: Tab stays within it. */
  private keepInside(event: KeyboardEvent): void {
    const all = this.renderRoot.querySelectorAll<HTMLElement>("button, a[href], summary, textarea, [tabindex='0']");
    const shown = [...all].filter((each) => each.getClientRects().length > 0);
    const active = this.shadowRoot?.activeElement;
    const edge = event.shiftKey ? shown[0] : shown.at(-1);
    if (active !== edge) return;
    event.preventDefault();
    (event.shiftKey ? shown.at(-1) : shown[0])?.focus();
  }

  /** A new question is brought to the top of the view, so that its answer is read from the start. */
  private bringUp(before: Message[] | undefined): void {
    const log = this.logElement;
    if (!log || (!this.typing && before?.length === this.messages.length)) return;
    const people = this.renderRoot.querySelectorAll<HTMLElement>(".person");
    const target = people.item(people.length - 1);
    if (!target) return;
    const restored = !before?.length;
    const calm = restored || matchMedia("(prefers-reduced-motion: reduce)").matches;
    log.scrollTo({ top: target.offsetTop - 16, behavior: calm ? "auto" : "smooth" });
  }

  /** The box grows with its text. */
  private grow(): void {
    const box = this.box;
    if (!box) return;
    box.style.height = "";
    if (box.scrollHeight > box.clientHeight) box.style.height = `${box.scrollHeight}px`;
  }

  /** Above a phone's keyboard the chat takes what is left of the screen. */
  private fit = (): void => {
    const seen = window.visualViewport;
    if (!seen || seen.scale > 1.05) return;
    this.style.setProperty("--height", `${Math.round(seen.height)}px`);
  };

  private paint(): void {
    const colours = accent(this.colour ?? "");
    const set = (name: string, value?: string): void => {
      if (value) this.style.setProperty(name, value);
      else this.style.removeProperty(name);
    };
    set("--site-fill", colours?.fill);
    set("--site-on-fill", colours?.onFill);
    set("--site-light", colours?.lightText);
    set("--site-dark", colours?.darkText);
  }
}

FootnoteChat.watch([...ATTRIBUTES, ...STATE]);
