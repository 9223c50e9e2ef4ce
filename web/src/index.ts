// Defines <footnote-chat>, and puts one on a page that includes this script with data attributes:
// <script src="https://bot.example/web/footnote.js" data-title="Ask us" data-colour="#23564f" defer></script>

import { FootnoteChat } from "./chat.ts";

const script = document.currentScript as HTMLScriptElement | null;
const server = script?.src ? new URL("../", script.src).href : "";

/** The attributes of the element, by what the script tag calls them. */
const NAMES: Record<string, string> = {
  server: "server",
  title: "heading",
  colour: "colour",
  lang: "lang",
  country: "country",
  mode: "mode",
};

function mount(): void {
  // An element that names no server talks to the one that the script came from.
  for (const each of document.querySelectorAll("footnote-chat:not([server])")) {
    each.setAttribute("server", server);
  }
  if (!customElements.get("footnote-chat")) customElements.define("footnote-chat", FootnoteChat);
  if (document.querySelector("footnote-chat") || !script || "manual" in script.dataset) return;
  const chat = document.createElement("footnote-chat");
  chat.setAttribute("server", server);
  for (const [name, attribute] of Object.entries(NAMES)) {
    const value = script.dataset[name];
    if (value) chat.setAttribute(attribute, value);
  }
  if (script.dataset.open === "true") chat.setAttribute("open", "");
  document.body.append(chat);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", mount);
else mount();
