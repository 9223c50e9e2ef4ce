// What is on the screen: a list of messages, changed by pure functions only.

export interface Source {
  id: string;
  section: string;
  quote: string;
}

export interface Choice {
  title: string;
  send: string;
}

export interface Link {
  text: string;
  href: string;
  label: string;
}

export interface PersonMessage {
  id: string;
  from: "person";
  text: string;
  at: number;
  /** Only on messages of this window: on its way, taken by the server, or lost. */
  state?: "sending" | "taken" | "failed";
}

export interface BotMessage {
  id: string;
  from: "bot";
  text: string;
  at: number;
  kind: string;
  sources: Source[];
  notes: { text: string; source: string }[];
  choices: Choice[];
  links: Link[];
  rateable: boolean;
  helpful: boolean | null;
}

export type Message = PersonMessage | BotMessage;

/** Add a message, or put it where one with its id is; nothing is shown twice. */
export function put(messages: readonly Message[], message: Message): Message[] {
  const at = messages.findIndex((each) => each.id === message.id);
  return at < 0 ? [...messages, message] : messages.map((each, i) => (i === at ? message : each));
}

/** Change one message in place. */
export function change<T extends Message>(
  messages: readonly Message[],
  id: string,
  difference: Partial<T>,
): Message[] {
  return messages.map((each) => (each.id === id ? ({ ...each, ...difference } as Message) : each));
}

/** Take a message away. */
export function without(messages: readonly Message[], id: string): Message[] {
  return messages.filter((each) => each.id !== id);
}

/**
 * Put what this window shows together with what the server stored.
 *
 * The stored order wins; what only this window has (a message on its way, an apology for an
 * error) stays behind the message that it followed.
 */
export function merge(local: readonly Message[], stored: readonly Message[]): Message[] {
  const known = new Set(stored.map((each) => each.id));
  const merged = [...stored];
  let before: string | undefined;
  for (const each of local) {
    if (!known.has(each.id)) {
      const at = merged.findIndex((other) => other.id === before);
      merged.splice(before === undefined ? 0 : at + 1, 0, each);
    }
    before = each.id;
  }
  return merged;
}

/** Messages that never reached the server: to be sent again, under the same id. */
export function unsent(messages: readonly Message[]): PersonMessage[] {
  return messages.filter(
    (each): each is PersonMessage => each.from === "person" && each.state === "sending",
  );
}

/**
 * Mark messages that the server took and then lost (it went down in the middle): they are not
 * stored and nothing replied to them.
 */
export function markLost(messages: readonly Message[], stored: readonly Message[]): Message[] {
  const known = new Set(stored.map((each) => each.id));
  return messages.map((each) => {
    if (each.from !== "person" || each.state !== "taken" || known.has(each.id)) return each;
    const answered = messages.some((other) => other.id.startsWith(`${each.id}.`));
    return answered ? each : { ...each, state: "failed" };
  });
}

/** The choices to offer: those of the last message only, so that no stale one can be chosen. */
export function choices(messages: readonly Message[]): Choice[] {
  const last = messages.at(-1);
  return last?.from === "bot" ? last.choices : [];
}

/** The sections that an answer rests on, each once. */
export function sectionsOf(message: BotMessage): string {
  return [...new Set(message.sources.map((each) => each.section))].join(", ");
}

/** Kinds of reply that must stand out and be read at once. */
export function isUrgent(message: Message): boolean {
  return message.from === "bot" && (message.kind === "emergency" || message.kind === "crisis");
}

/** An id for a message of this window. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
