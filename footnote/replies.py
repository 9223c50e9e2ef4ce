"""Replies: what is said, and the payload that tells every consumer what it rests on.

Pure functions over the knowledge base; the reply contract is in docs/payload.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from footnote.knowledge import Entry, KnowledgeBase
from footnote.settings import Settings

PAYLOAD_VERSION = 1
METADATA_KEY = "footnote"
"""Where a response's metadata carries the payload."""
KINDS = (
    "answer",
    "not_covered",
    "clarify",
    "personal_advice",
    "emergency",
    "crisis",
    "distress",
    "out_of_scope",
    "social",
    "error",
)
MAX_OPTIONS = 3
AGAIN = "This is all that the article says on it:"
"""Before an answer that was told already."""
MAX_ENTRIES = 4
"""More answers than this in one reply help nobody; the rest is offered as options."""


@dataclass(frozen=True)
class Reply:
    """One reply to one user message.

    Attributes:
        kind: one of `KINDS`.
        text: what every channel can show, source line and notes included.
        entries: ids of the entries told.
        sources: ids of the sentences that the text rests on.
        notes: ids of the editor's notes shown.
        options: ids of the entries offered next.
    """

    kind: str
    text: str
    entries: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


def payload(knowledge: KnowledgeBase, reply: Reply) -> dict[str, Any]:
    """Return the reply's payload as the contract has it (JSON types only)."""
    return {
        "version": PAYLOAD_VERSION,
        "kind": reply.kind,
        "entries": list(reply.entries),
        "sources": [
            {"id": sentence.id, "section": sentence.section, "quote": sentence.text}
            for sentence in knowledge.quotes(reply.sources)
        ],
        "notes": [
            {
                "id": note.id,
                "text": note.text,
                "source": f"{note.source.organisation}: {note.source.title}",
            }
            for note in (knowledge.notes[key] for key in reply.notes)
        ],
        "options": [
            {
                "title": entry.title,
                "payload": entry.question,
                "entry": entry.id,
                "sources": list(entry.sources),
            }
            for entry in (knowledge.entries[key] for key in reply.options)
        ],
    }


def bare_payload(kind: str) -> dict[str, Any]:
    """Return the payload of a fixed reply that rests on no sentence."""
    return {
        "version": PAYLOAD_VERSION,
        "kind": kind,
        "entries": [],
        "sources": [],
        "notes": [],
        "options": [],
    }


def buttons(knowledge: KnowledgeBase, reply: Reply) -> list[dict[str, str]]:
    """Return the reply's options as Rasa buttons; each sends its entry's question."""
    return [
        {"title": knowledge.entries[key].title, "payload": knowledge.entries[key].question}
        for key in reply.options
    ]


def answer(
    knowledge: KnowledgeBase,
    entries: Sequence[str],
    missing: Sequence[tuple[str | None, str]] = (),
    told: Sequence[str] = (),
) -> Reply:
    """Answer from entries, and say which part of the message the article does not tell.

    Args:
        knowledge: where the entries are.
        entries: ids of the entries that answer, in the order they were asked for.
        missing: pairs of topic (or None) and aspect that were asked for as well.
        told: entries told before in this conversation; they are not offered again.
    """
    shown = [knowledge.entries[key] for key in dict.fromkeys(entries)][:MAX_ENTRIES]
    lines = [AGAIN] if {entry.id for entry in shown} <= set(told) else []
    lines += [entry.answer for entry in shown]
    lines += [does_not_say(knowledge, topic, aspect) for topic, aspect in missing]
    sources = _ordered(knowledge, shown)
    notes = tuple(dict.fromkeys(note for entry in shown for note in entry.notes))
    lines += note_lines(knowledge, notes)
    lines.append(source_line(knowledge, sources))
    ids = tuple(entry.id for entry in shown)
    return Reply("answer", "\n".join(lines), ids, sources, notes, _next(knowledge, shown, told))


def not_covered(
    knowledge: KnowledgeBase,
    settings: Settings,
    missing: Sequence[tuple[str | None, str]],
    names: dict[str, str] | None = None,
    options: Sequence[str] = (),
) -> Reply:
    """Say that the article does not tell, naming what was asked.

    Args:
        knowledge: the topics' and aspects' wording.
        settings: whom to ask instead.
        missing: pairs of topic (or None) and aspect.
        names: how the person named a topic, by topic id.
        options: entries nearby that the article does have.
    """
    said = [does_not_say(knowledge, topic, aspect, names) for topic, aspect in missing]
    text = f"{' '.join(dict.fromkeys(said))} {_sentence(settings.contact)} can tell you more."
    if options:
        text += " Near to this, the article does tell:"
    return Reply("not_covered", text, options=tuple(options)[:MAX_OPTIONS])


def clarify(knowledge: KnowledgeBase, options: Sequence[str]) -> Reply:
    """Ask back with at most three named options."""
    if not options:
        text = (
            "I am not sure what you mean. Could you say it in other words, and name the treatment "
            "you ask about?"
        )
        return Reply("clarify", text)
    text = "I am not sure what you mean. Is it one of these?"
    return Reply("clarify", text, options=tuple(options)[:MAX_OPTIONS])


def personal_advice(
    knowledge: KnowledgeBase, settings: Settings, options: Sequence[str], general: str | None
) -> Reply:
    """Send a question about one person's case to the care team, kindly.

    Args:
        knowledge: where the entries are.
        settings: who the care team is.
        options: entries that tell in general what the question is about.
        general: the entry to tell at once, where it clearly helps.
    """
    text = (
        "I wish I could help with that, but I am not a doctor and cannot judge one person's case. "
        f"Please ask {settings.contact}; they know the whole picture."
    )
    if general is None:
        return Reply("personal_advice", text, options=tuple(options)[:MAX_OPTIONS])
    entry = knowledge.entries[general]
    sources = _ordered(knowledge, [entry])
    lines = [text, f"In general, this is what the article says: {entry.answer}"]
    lines += note_lines(knowledge, entry.notes)
    lines.append(source_line(knowledge, sources))
    left = tuple(option for option in options if option != general)[:MAX_OPTIONS]
    return Reply(
        "personal_advice", "\n".join(lines), (entry.id,), sources, tuple(entry.notes), left
    )


def does_not_say(
    knowledge: KnowledgeBase,
    topic: str | None,
    aspect: str,
    names: dict[str, str] | None = None,
) -> str:
    """Return "The article does not say ..." for a cell that the grid lacks."""
    known = knowledge.topics.get(topic) if topic else None
    if known and known.uncovered:
        name = (names or {}).get(known.id, known.title)
        return f"The article does not speak of {name}."
    wording = knowledge.aspects.get(aspect, knowledge.aspects["other"])
    what = wording.missing.format(topic=known.title) if known else wording.missing_general
    return f"The article does not say {what}."


def source_line(knowledge: KnowledgeBase, sources: Sequence[str]) -> str:
    """Return "Source: Surgery, sentence 2." for channels that show only text."""
    by_section: dict[str, list[str]] = {}
    for sentence in knowledge.quotes(sources):
        by_section.setdefault(sentence.section, []).append(sentence.id.rpartition(".")[2])
    parts = [
        f"{section}, sentence{'s' if len(numbers) > 1 else ''} {' and '.join(numbers)}"
        if len(numbers) < 3
        else f"{section}, sentences {', '.join(numbers)}"
        for section, numbers in by_section.items()
    ]
    return f"Source: {'; '.join(parts)}."


def note_lines(knowledge: KnowledgeBase, notes: Sequence[str]) -> list[str]:
    """Return the editor's notes as lines that cannot be taken for the article's words."""
    found = [knowledge.notes[key] for key in notes]
    return [f"Editor's note: {note.text} ({note.source.organisation})" for note in found]


def _ordered(knowledge: KnowledgeBase, entries: Sequence[Entry]) -> tuple[str, ...]:
    ids = [source for entry in entries for source in entry.sources]
    return tuple(sentence.id for sentence in knowledge.quotes(ids))


def _next(knowledge: KnowledgeBase, shown: Sequence[Entry], told: Sequence[str]) -> tuple[str, ...]:
    known = {*told, *(entry.id for entry in shown)}
    following = [key for entry in shown for key in entry.next]
    fresh = [key for key in dict.fromkeys(following) if key not in known]
    return tuple(fresh)[:MAX_OPTIONS]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
