// Print the conversation alone, also where the widget is a corner of another page.

import type { Message } from "./conversation.ts";
import type { Strings } from "./strings.ts";

/** Build a plain document from text nodes in a hidden frame and print it. */
export function printConversation(
  messages: readonly Message[],
  title: string,
  article: { title: string; date: string } | undefined,
  strings: Strings,
): void {
  const frame = document.createElement("iframe");
  frame.hidden = true;
  frame.title = title;
  document.body.append(frame);
  const page = frame.contentDocument;
  const view = frame.contentWindow;
  if (!page || !view) return frame.remove();
  page.title = title;
  page.documentElement.lang = "en";
  page.body.append(element(page, "h1", title));
  // On paper there is no link: say what the answers rest on, and that it is old.
  if (article) page.body.append(element(page, "p", `“${article.title}”, ${article.date}. ${strings.notDoctor}`));
  for (const message of messages) {
    const who = message.from === "person" ? strings.you : strings.bot;
    page.body.append(element(page, "h2", who));
    for (const line of message.text.split("\n")) page.body.append(element(page, "p", line));
    if (message.from === "bot") {
      for (const source of message.sources) {
        page.body.append(element(page, "blockquote", `${source.section}: “${source.quote}”`));
      }
      for (const note of message.notes) {
        page.body.append(element(page, "p", `${strings.note}: ${note.text} (${note.source})`));
      }
    }
  }
  view.addEventListener("afterprint", () => frame.remove());
  view.print();
}

function element(page: Document, name: string, text: string): HTMLElement {
  const made = page.createElement(name);
  made.textContent = text;
  return made;
}
