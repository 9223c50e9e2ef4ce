// Run by `node --test` (Node strips the types).

import assert from "node:assert/strict";
import { test } from "node:test";
import { accent, contrast } from "../src/colour.ts";
import {
  type BotMessage,
  choices,
  isUrgent,
  markLost,
  merge,
  type Message,
  type PersonMessage,
  put,
  unsent,
} from "../src/conversation.ts";
import { stringsFor } from "../src/strings.ts";
import { blocks, spans, transcript } from "../src/text.ts";

const person = (id: string, state?: PersonMessage["state"]): PersonMessage => ({
  id, from: "person", text: id, at: 0, state,
});
const bot = (id: string, more: Partial<BotMessage> = {}): BotMessage => ({
  id, from: "bot", text: id, at: 0, kind: "answer", sources: [], notes: [], choices: [], links: [],
  rateable: true, helpful: null, ...more,
});
const ids = (messages: Message[]): string[] => messages.map((each) => each.id);

test("a message with a known id takes that one's place", () => {
  const before = [person("a"), bot("a.r")];
  assert.deepEqual(ids(put(before, bot("a.r", { text: "new" }))), ["a", "a.r"]);
  assert.deepEqual(ids(put(before, person("b"))), ["a", "a.r", "b"]);
});

test("history and what the window has are put together in order, each once", () => {
  const stored = [person("a"), bot("a.r"), person("b"), bot("b.r")];
  assert.deepEqual(ids(merge([], stored)), ["a", "a.r", "b", "b.r"]);
  assert.deepEqual(ids(merge([person("a"), bot("a.r")], stored)), ["a", "a.r", "b", "b.r"]);
  const local = [person("a"), bot("a.r"), person("b"), bot("b.e"), person("c")];
  assert.deepEqual(ids(merge(local, stored)), ["a", "a.r", "b", "b.e", "c", "b.r"]);
  assert.deepEqual(ids(merge([person("x"), bot("x.r")], [])), ["x", "x.r"]);
});

test("messages that are on their way are sent again, and lost ones are told", () => {
  assert.deepEqual(ids(unsent([person("a"), person("b", "sending"), bot("b.r")])), ["b"]);
  const shown = [person("a", "taken"), person("b", "taken"), bot("b.r"), person("c", "taken")];
  const marked = markLost(shown, [person("c")]) as PersonMessage[];
  assert.deepEqual(marked.map((each) => each.state), ["failed", "taken", undefined, "taken"]);
});

test("only the last message offers choices", () => {
  const offered = [{ title: "More", send: "more" }];
  assert.deepEqual(choices([person("a"), bot("a.r", { choices: offered })]), offered);
  assert.deepEqual(choices([bot("a.r", { choices: offered }), person("b")]), []);
  assert.deepEqual(choices([]), []);
});

test("emergencies and crises are urgent", () => {
  assert.ok(isUrgent(bot("a", { kind: "emergency" })) && isUrgent(bot("a", { kind: "crisis" })));
  assert.ok(!isUrgent(bot("a")) && !isUrgent(person("a")));
});

test("text becomes paragraphs, lists and links, and nothing else", () => {
  const links = [{ text: "999", href: "tel:999", label: "" }];
  assert.deepEqual(blocks("One\n- a\n- b\n\nTwo", []), [
    { type: "paragraph", spans: ["One"] },
    { type: "list", items: [["a"], ["b"]] },
    { type: "paragraph", spans: ["Two"] },
  ]);
  assert.deepEqual(spans("Call 999 now, not 1999 or 999-1", links), ["Call ", links[0], " now, not 1999 or 999-1"]);
  assert.deepEqual(spans("<b>x</b>", links), ["<b>x</b>"]);
});

test("a link that is no number and no https address is no link", () => {
  for (const href of ["javascript:alert(1)", "data:text/html,x", "http://x.example", " tel:1"]) {
    assert.deepEqual(spans("x", [{ text: "x", href, label: "" }]), ["x"]);
  }
});

test("a transcript tells who said what and what it rests on", () => {
  const source = { id: "s.1", section: "Surgery", quote: "It is." };
  const said = [person("why"), bot("so", { sources: [source], notes: [{ text: "Old.", source: "X" }] })];
  assert.equal(transcript(said, "You", "Bot"), "You: why\n\nBot: so\n[Surgery] “It is.”\n[Editor’s note] Old. (X)");
});

test("any colour of a site gives readable text", () => {
  for (const colour of ["#ffd400", "#000000", "#ffffff", "#777777", "#23564f", "#ff00ff"]) {
    const made = accent(colour);
    assert.ok(made);
    const rgb = (text: string) => [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16)) as [number, number, number];
    assert.ok(contrast(rgb(made.lightText), [248, 244, 236]) >= 4.5, colour);
    assert.ok(contrast(rgb(made.darkText), [27, 26, 24]) >= 4.5, colour);
    assert.ok(contrast(rgb(made.fill), rgb(made.onFill)) >= 4.4, colour);
  }
  assert.equal(accent("red"), undefined);
});

test("an unknown language falls back to English", () => {
  assert.equal(stringsFor("es-MX").language, "es");
  assert.equal(stringsFor("xx").language, "en");
  assert.equal(stringsFor("constructor").language, "en");
});
