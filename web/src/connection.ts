// The socket: one conversation, kept alive. Knows the protocol (docs/web.md), nothing of the page.

import { io, type Socket } from "socket.io-client";
import type { Choice, Link, Message } from "./conversation.ts";

export interface Start {
  token: string;
  conversation: string;
  resumed: boolean;
  busy: boolean;
  emergency: { text: string; links: Link[] };
  limit: number;
  speech_input: boolean;
  subject: string;
  article: { title: string; date: string };
  suggestions: Choice[];
}

export interface Refusal {
  code: string;
  text: string;
}

export interface Listener {
  started(start: Start): void;
  restored(messages: Message[], busy: boolean): void;
  said(message: Message): void;
  typing(on: boolean): void;
  rated(reply: string, helpful: boolean | null): void;
  erased(): void;
  lost(): void;
  refused(refusal: Refusal): void;
}

export type Delivery = { state: "taken" } | { state: "lost" } | { state: "failed" } | Refused;
type Refused = { state: "refused"; refusal: Refusal };
type Answer<T> = ({ ok: true } & T) | ({ ok: false } & Refusal);

const PATIENCE = 15_000;
const CONNECT_PATIENCE = 10_000;
const RETRY_REFUSED = 15_000;

/** Where a browser keeps the token between visits; without storage it lasts for the page. */
export class TokenStore {
  private readonly key: string;
  private memory: string | null = null;

  constructor(server: string) {
    this.key = `footnote:${server}`;
  }

  get(): string | null {
    try {
      return localStorage.getItem(this.key) ?? this.memory;
    } catch {
      return this.memory;
    }
  }

  set(token: string | null): void {
    this.memory = token;
    try {
      if (token === null) localStorage.removeItem(this.key);
      else localStorage.setItem(this.key, token);
    } catch {
      // Storage is switched off: the memory has it.
    }
  }
}

export class Connection {
  private readonly socket: Socket;
  private readonly tokens: TokenStore;
  private readonly listener: Listener;
  /** A conversation was erased and the next one is being opened: no loss of connection. */
  private renewing = false;

  /** Connect to a server (its base address, with a slash at the end). */
  constructor(server: string, country: string, listener: Listener) {
    const url = new URL(server);
    this.listener = listener;
    this.tokens = new TokenStore(server);
    this.socket = io(url.origin, {
      path: `${url.pathname}web/socket/`,
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      timeout: CONNECT_PATIENCE,
      reconnectionDelay: 500,
      reconnectionDelayMax: 5000,
      forceNew: true,
      // Read on every try: another window may have begun a new conversation meanwhile.
      auth: (give) => give({ token: this.tokens.get(), country }),
    });
    this.socket.on("connect", () => void this.begin());
    this.socket.on("disconnect", (reason) => {
      if (!this.renewing) listener.lost();
      if (reason === "io server disconnect") this.later();
    });
    this.socket.on("connect_error", (error: Error & { data?: Refusal }) => {
      if (error.data?.code) {
        listener.refused(error.data);
        this.later();
        return;
      }
      // A network may swallow WebSockets without a word: begin with what always goes.
      this.socket.io.opts.transports = ["polling", "websocket"];
      listener.lost();
    });
    this.socket.on("said", (message: Message) => listener.said(message));
    this.socket.on("typing", (state: { on: boolean }) => listener.typing(state.on));
    this.socket.on("rated", (rating: { reply: string; helpful: boolean | null }) =>
      listener.rated(rating.reply, rating.helpful),
    );
    this.socket.on("erased", () => {
      this.tokens.set(null);
      listener.erased();
      this.renewing = true;
      this.socket.disconnect().connect();
    });
  }

  /** Send a message; `again` says that it may have arrived before. */
  async send(id: string, text: string, again: boolean): Promise<Delivery> {
    try {
      const answer = await this.ask<object>("message", { id, text, again });
      if (answer.ok) return { state: "taken" };
      return { state: "refused", refusal: answer };
    } catch {
      return { state: this.socket.connected ? "failed" : "lost" };
    }
  }

  /** Record what the person thinks of a reply; false if it was not kept. */
  async rate(reply: string, helpful: boolean | null): Promise<boolean> {
    try {
      return (await this.ask<object>("rate", { reply, helpful })).ok;
    } catch {
      return false;
    }
  }

  /** Try now, without waiting for the next attempt. */
  retry(): void {
    if (this.socket.connected) void this.begin();
    else this.socket.disconnect().connect();
  }

  close(): void {
    this.socket.disconnect();
  }

  private async begin(): Promise<void> {
    this.renewing = false;
    try {
      const start = await this.ask<Start>("start", {});
      if (!start.ok) return;
      this.tokens.set(start.token);
      this.listener.started(start);
      const history = await this.ask<{ messages: Message[]; busy: boolean }>("history", {});
      if (history.ok) this.listener.restored(history.messages, history.busy);
      else this.listener.refused(history);
    } catch {
      // Lost in the middle: the next connect begins anew.
      if (this.socket.connected) this.socket.disconnect().connect();
    }
  }

  private ask<T>(event: string, data: object): Promise<Answer<T>> {
    return this.socket.timeout(PATIENCE).emitWithAck(event, data) as Promise<Answer<T>>;
  }

  private later(): void {
    setTimeout(() => this.socket.connect(), RETRY_REFUSED);
  }
}
