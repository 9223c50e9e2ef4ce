// A reply's text as paragraphs, lists and links. Everything else stays text, never HTML.

import type { BotMessage, Link, Message } from "./conversation.ts";

export type Span = string | Link;
export type Block = { type: "paragraph"; spans: Span[] } | { type: "list"; items: Span[][] };

/** Split a text into paragraphs and lists ("- " at the start of a line). */
export function blocks(text: string, links: readonly Link[]): Block[] {
  const found: Block[] = [];
  for (const line of text.split("\n").map((each) => each.trim()).filter(Boolean)) {
    const item = /^[-•]\s+(.*)/.exec(line);
    const last = found.at(-1);
    if (!item) found.push({ type: "paragraph", spans: spans(line, links) });
    else if (last?.type === "list") last.items.push(spans(item[1], links));
    else found.push({ type: "list", items: [spans(item[1], links)] });
  }
  return found;
}

/** Cut a line where the server named a number or a site in it. */
export function spans(line: string, links: readonly Link[]): Span[] {
  const safe = links.filter((link) => link.text && /^(tel:|https:\/\/)/.test(link.href));
  if (!safe.length) return [line];
  const byText = new Map(safe.map((link) => [link.text, link]));
  const pattern = [...byText.keys()]
    .sort((a, b) => b.length - a.length)
    .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join("|");
  const parts = line.split(new RegExp(`(?<![\\w-])(${pattern})(?![\\w-])`));
  return parts.filter(Boolean).map((part) => byText.get(part) ?? part);
}

/** A conversation as plain text, to copy. */
export function transcript(messages: readonly Message[], you: string, bot: string): string {
  return messages
    .map((message) =>
      message.from === "person"
        ? `${you}: ${message.text}`
        : [`${bot}: ${message.text}`, ...apparatus(message)].join("\n"),
    )
    .join("\n\n");
}

function apparatus(message: BotMessage): string[] {
  return [
    ...message.sources.map((source) => `[${source.section}] “${source.quote}”`),
    ...message.notes.map((note) => `[Editor’s note] ${note.text} (${note.source})`),
  ];
}
