// What <footnote-chat> looks like in each state. Text goes in as text: there is no raw HTML.

import { html, nothing, type TemplateResult } from "lit/html.js";
import { repeat } from "lit/directives/repeat.js";
import type { FootnoteChat, Spoken } from "./chat.ts";
import { type BotMessage, isUrgent, type Message, type PersonMessage, sectionsOf, type Source } from "./conversation.ts";
import * as icons from "./icons.ts";
import { blocks, type Span, spans } from "./text.ts";

type Part = TemplateResult | typeof nothing;

export function view(chat: FootnoteChat): TemplateResult {
  const shown = chat.isPage || chat.open;
  return html`
    <div dir=${chat.strings.direction} lang=${chat.lang || nothing} @keydown=${chat.key}>
      ${shown ? panel(chat) : launcher(chat)}
      ${live("status", "polite", chat.polite)} ${live("alert", "assertive", chat.assertive)}
    </div>
  `;
}

/** A region that screen readers speak; lines are only ever added, so each is spoken once. */
function live(role: string, politeness: "polite" | "assertive", lines: Spoken[]): Part {
  return html`<div class="sr" role=${role} aria-live=${politeness} aria-atomic="false">
    ${repeat(lines, (line) => line.id, (line) => html`<p lang=${line.lang ?? nothing}>${line.text}</p>`)}
  </div>`;
}

function launcher(chat: FootnoteChat): Part {
  return html`<button class="launcher" aria-expanded="false" aria-label="${chat.strings.open}: ${chat.heading}" @click=${chat.toggle}>
    ${icons.chatIcon}<span>${chat.heading}</span>
  </button>`;
}

function panel(chat: FootnoteChat): Part {
  const frame = html`
    ${top(chat)}
    <div class="log" role="log" aria-live="off" tabindex="0" aria-label=${chat.strings.log}>
      <div class="column">
        ${welcome(chat)}
        ${chat.messages.length
          ? html`<ol class="messages" role="list">${repeat(chat.messages, (each) => each.id, (each) => message(chat, each))}</ol>`
          : nothing}
        ${chat.typing ? html`<div class="dots" aria-hidden="true"><i></i><i></i><i></i></div>` : nothing}
        ${choices(chat)}
        ${small(chat)}
      </div>
    </div>
    ${bottom(chat)}
  `;
  return chat.isPage
    ? html`<main class="chat page">${frame}</main>`
    : html`<section class="chat panel" role="dialog" aria-label=${chat.heading}>${frame}</section>`;
}

function top(chat: FootnoteChat): Part {
  const { strings } = chat;
  return html`<header>
      <div class="column">
        <h1>${chat.heading}<sup class="mark" aria-hidden="true"></sup></h1>
        <button class="icon menu-button" aria-label=${strings.menu} aria-expanded=${chat.menuOpen}
          aria-controls="menu" @click=${() => (chat.menuOpen = !chat.menuOpen)} @focusout=${chat.leaveMenu}>${icons.menuIcon}</button>
        ${chat.isPage ? nothing : html`<button class="icon" aria-label=${strings.close} @click=${chat.toggle}>${icons.closeIcon}</button>`}
      </div>
    </header>
    <div id="menu" class="menu" ?hidden=${!chat.menuOpen} @focusout=${chat.leaveMenu}>${chat.menuOpen ? menu(chat) : nothing}</div>`;
}

function menu(chat: FootnoteChat): Part {
  const { strings } = chat;
  const item = (label: string, run: () => unknown, parted = false, pressed?: boolean): Part =>
    html`<li class=${parted ? "parted" : ""}><button aria-pressed=${pressed ?? nothing} @click=${run}>${label}</button></li>`;
  const page = (label: string, address: string, parted = false): Part =>
    html`<li class=${parted ? "parted" : ""}><a href=${chat.url(address)} target=${chat.isPage ? nothing : "_blank"} rel="noopener">${label}</a></li>`;
  return html`<div class="column"><ul role="list">
    ${item(strings.startOver, () => chat.say(strings.startOverSends) && chat.renderRoot.querySelector("textarea")?.focus())}
    ${item(strings.copy, () => chat.copy())} ${item(strings.print, () => chat.print())}
    ${item(strings.readAloud, () => chat.switchReading(), true, chat.reading)}
    ${chat.canListen ? item(strings.speak, () => chat.switchSpeaking(), false, chat.speaking) : nothing}
    ${page(strings.article, "article", true)} ${page(strings.about, "about")}
    ${item(strings.erase, () => chat.say(strings.eraseSends) && chat.renderRoot.querySelector("textarea")?.focus(), true)}
  </ul></div>`;
}

function welcome(chat: FootnoteChat): Part {
  const { start, strings } = chat;
  if (!start) return chat.link === "connecting" ? html`<p class="welcome">${strings.connecting}</p>` : nothing;
  return html`<div class="welcome">
    <h2>${strings.welcome(start.subject)}</h2>
    <p>${strings.welcomeText(start.article.date)}</p>
    ${strings.englishOnly ? html`<p>${strings.englishOnly}</p>` : nothing}
  </div>`;
}

function message(chat: FootnoteChat, each: Message): Part {
  return each.from === "person" ? fromPerson(chat, each) : fromBot(chat, each);
}

function fromPerson(chat: FootnoteChat, each: PersonMessage): Part {
  const { strings } = chat;
  return html`<li class="person ${each.state === "failed" ? "failed" : ""}">
    <p><span class="sr">${strings.you}: </span>${each.text}</p>
    ${each.state === "failed"
      ? html`<div class="state">${strings.failed}<button class="link" @click=${() => chat.resend(each)}>${strings.again}</button></div>`
      : nothing}
  </li>`;
}

function fromBot(chat: FootnoteChat, each: BotMessage): Part {
  const { strings } = chat;
  const speaker = html`<span class="sr">${strings.bot}: </span>`;
  if (isUrgent(each)) return html`<li class="bot"><div class="urgent">${speaker}${urgent(chat, each)}</div></li>`;
  return html`<li class="bot ${each.kind}">
    ${speaker}
    <div class="said" lang="en" dir="auto">${said(each, each.sources.length > 0)}</div>
    ${each.sources.length ? source(chat, each) : nothing}
    ${each.notes.map((note) => html`<aside class="note" role="note" aria-label=${strings.note}>
      <strong>${strings.note}</strong><span lang="en" dir="auto">${note.text}<cite>${note.source}</cite></span>
    </aside>`)}
    ${each.rateable ? rating(chat, each) : nothing}
  </li>`;
}

function urgent(chat: FootnoteChat, each: BotMessage): Part {
  const { strings } = chat;
  const numbers = each.links.filter((link) => link.href.startsWith("tel:"));
  return html`<h2>${each.kind === "crisis" ? strings.crisis : strings.emergency}</h2>
    ${numbers.length
      ? html`<div class="calls">${numbers.map((link) => html`<a class="call" href=${link.href}>${icons.phoneIcon}
          <span>${strings.call(link.text)}${link.label ? html`<small>${link.label}</small>` : nothing}</span></a>`)}</div>`
      : nothing}
    <div class="said" lang="en" dir="auto">${said(each, false)}</div>`;
}

function said(each: BotMessage, marked: boolean): Part[] {
  const parts = blocks(each.text, each.links);
  return parts.map((block, i) => {
    const mark = marked && i === parts.length - 1 ? html`<sup class="mark" aria-hidden="true"></sup>` : nothing;
    return block.type === "paragraph"
      ? html`<p>${inline(block.spans)}${mark}</p>`
      : html`<ul role="list">${block.items.map((item, k) => html`<li>${inline(item)}${k === block.items.length - 1 ? mark : nothing}</li>`)}</ul>`;
  });
}

function inline(parts: Span[]): (Part | string)[] {
  return parts.map((part) =>
    typeof part === "string" ? part : html`<a href=${part.href} rel="noopener noreferrer" target=${part.href.startsWith("https:") ? "_blank" : nothing}>${part.text}</a>`,
  );
}

function source(chat: FootnoteChat, each: BotMessage): Part {
  const { strings } = chat;
  return html`<div class="foot"><details>
    <summary><sup class="mark" aria-hidden="true"></sup><span>${strings.source}: <b lang="en">${sectionsOf(each)}</b></span></summary>
    ${each.sources.map((one) => quote(chat, one))}
  </details></div>`;
}

function quote(chat: FootnoteChat, one: Source): Part {
  const { strings, start } = chat;
  const number = one.id.slice(one.id.lastIndexOf(".") + 1);
  const address = chat.url(`article?mark=${encodeURIComponent(one.id)}#${encodeURIComponent(one.id)}`);
  return html`<figure>
    <blockquote lang="en">“${one.quote}”</blockquote>
    <figcaption><span lang="en">${one.section}</span>, ${strings.sentence(number)}${start ? html` · ${start.article.date}` : nothing}<br>
      <a href=${address} target="_blank" rel="noopener">${strings.inArticle} <span class="sr">${strings.newTab}</span></a></figcaption>
  </figure>`;
}

function rating(chat: FootnoteChat, each: BotMessage): Part {
  const { strings } = chat;
  const button = (helpful: boolean, label: string, icon: TemplateResult): Part =>
    html`<button class="icon" aria-label=${label} title=${label} aria-pressed=${each.helpful === helpful} @click=${() => chat.rate(each, helpful)}>${icon}</button>`;
  return html`<div class="rate">${button(true, strings.helpful, icons.upIcon)}${button(false, strings.notHelpful, icons.downIcon)}</div>`;
}

function choices(chat: FootnoteChat): Part {
  if (!chat.choices.length) return nothing;
  return html`<div class="choices" role="group" aria-label=${chat.strings.suggestions}>
    ${chat.choices.map((choice) => html`<button class="choice" lang="en" dir="auto" @click=${(event: MouseEvent) => chat.choose(choice.send, event.detail === 0)}>${choice.title}</button>`)}
  </div>`;
}

function bottom(chat: FootnoteChat): Part {
  const { strings, start } = chat;
  const limit = start?.limit ?? 500;
  const over = chat.draft.trim().length > limit;
  const counted = chat.draft.length > limit * 0.8;
  return html`<div class="below"><div class="column">
    ${chat.link === "offline" ? html`<div class="notice"><span>${strings.offline} ${emergency(chat)}</span>
      <button class="link" @click=${chat.retry}>${strings.tryNow}</button></div>` : nothing}
    ${chat.notice ? html`<div class="notice"><span>${chat.notice.text}</span>
      ${chat.notice.action ? html`<button class="link" @click=${chat.notice.action.run}>${chat.notice.action.label}</button>` : nothing}
      ${chat.notice.cancel ? html`<button class="link" @click=${chat.notice.cancel}>${strings.cancel}</button>` : nothing}</div>` : nothing}
    <form @submit=${chat.submit}>
      <textarea rows="1" aria-label=${strings.label} placeholder=${strings.placeholder} enterkeyhint="send"
        autocomplete="off" aria-describedby="counter" .value=${chat.draft}
        @input=${chat.typed} @keydown=${chat.boxKey}></textarea>
      ${chat.speaking ? html`<button type="button" class="icon" aria-label=${strings.listen} aria-pressed=${chat.listening} @click=${chat.listen}>${icons.microphoneIcon}</button>` : nothing}
      <button class="send" aria-label=${strings.send} aria-disabled=${!chat.draft.trim() || chat.link !== "ready"}>${icons.sendIcon}</button>
    </form>
    <p id="counter" class="counter ${over ? "over" : ""}" ?hidden=${!counted}>
      ${counted ? strings.counter(chat.draft.trim().length, limit) : nothing}${over ? html`. ${strings.tooLong(limit)}` : nothing}</p>
    ${small(chat)}
  </div></div>`;
}

/** Below the box, or at the end of the conversation where the screen is low (styles.ts). */
function small(chat: FootnoteChat): Part {
  return html`<p class="small">${chat.strings.notDoctor} ${chat.link === "offline" ? nothing : emergency(chat)}</p>`;
}

function emergency(chat: FootnoteChat): Part {
  const line = chat.start?.emergency;
  return line && line.links.length <= 2 ? html`${chat.strings.inEmergency} <span lang="en">${inline(spans(line.text, line.links))}</span>` : nothing;
}
