"""What the widget is shown of a conversation: live replies and the stored history alike.

Pure functions. Each message has an id that is the same live and from the store, so that a
client can put both together and nothing is shown or read aloud twice: a person's message has
the id that the client gave it, its reply that id with `.r`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered

from footnote.channels.web.safety import Safety
from footnote.replies import METADATA_KEY

FEEDBACK_SLOT = "feedback"
"""Holds the last rating; each rating stays in the conversation as an event."""
RATED_KINDS = ("answer", "not_covered", "personal_advice")
MAX_HISTORY = 200

ASK_ERASE = "utter_ask_erase"
ERASED = "utter_erased"
_CONFIRM = [{"title": "Yes, delete it", "send": "yes"}, {"title": "No, keep it", "send": "no"}]


def reply_id(message_id: str) -> str:
    """Return the id of the reply to a message."""
    return f"{message_id}.r"


def from_person(message_id: str, text: str, at: float) -> dict[str, Any]:
    """Return a person's message as the widget reads it."""
    return {"id": message_id, "from": "person", "text": text, "at": at}


def from_bot(
    message_id: str,
    text: str,
    payload: Mapping[str, Any],
    safety: Safety,
    at: float,
    response: str | None = None,
) -> dict[str, Any]:
    """Return a reply as the widget reads it.

    Args:
        message_id: the reply's id.
        text: the reply's text for channels that show only text.
        payload: its payload (docs/payload.md).
        safety: the country's numbers.
        at: when, in seconds since 1970.
        response: the name of the fixed response, where it is one.
    """
    shown = safety.localised(without_apparatus(text, payload))
    return {
        "id": message_id,
        "from": "bot",
        "at": at,
        "kind": payload.get("kind", "social"),
        "text": shown,
        "sources": [
            {key: source[key] for key in ("id", "section", "quote")}
            for source in payload.get("sources") or ()
        ],
        "notes": [
            {"text": note["text"], "source": note["source"]} for note in payload.get("notes") or ()
        ],
        "choices": _choices(payload, response),
        "links": [link.as_dict() for link in safety.links(shown)],
        "rateable": payload.get("kind") in RATED_KINDS,
        "helpful": None,
    }


def without_apparatus(text: str, payload: Mapping[str, Any]) -> str:
    """Return a reply's text without the source and note lines that the widget shows itself."""
    notes = [note["text"] for note in payload.get("notes") or ()]
    kept = []
    for line in text.split("\n"):
        is_source = bool(payload.get("sources")) and line.startswith("Source: ")
        is_note = line.startswith("Editor's note: ") and any(note in line for note in notes)
        if not (is_source or is_note):
            kept.append(line)
    return "\n".join(kept).strip()


def history(events: Iterable[Event], safety: Safety) -> list[dict[str, Any]]:
    """Return the messages of a stored conversation, oldest first, the last 200 at most."""
    messages: list[dict[str, Any]] = []
    replies: dict[str, dict[str, Any]] = {}
    waiting: str | None = None
    for event in events:
        if isinstance(event, UserUttered):
            waiting = None
            if event.text and event.message_id and not event.text.startswith("/"):
                waiting = event.message_id
                messages.append(from_person(waiting, event.text, event.timestamp))
        elif isinstance(event, BotUttered) and waiting:
            payload = ((event.metadata or {}).get("metadata") or {}).get(METADATA_KEY)
            if payload:
                response = event.metadata.get("utter_action")
                key = reply_id(waiting)
                replies[key] = from_bot(
                    key, event.text or "", payload, safety, event.timestamp, response
                )
                messages.append(replies[key])
                waiting = None
        elif isinstance(event, SlotSet) and event.key == FEEDBACK_SLOT:
            rating = event.value if isinstance(event.value, dict) else {}
            if rating.get("reply") in replies:
                replies[rating["reply"]]["helpful"] = rating.get("helpful")
    return messages[-MAX_HISTORY:]


def _choices(payload: Mapping[str, Any], response: str | None) -> list[dict[str, str]]:
    if response == ASK_ERASE:
        return _CONFIRM
    return [
        {"title": option["title"], "send": option["payload"]}
        for option in payload.get("options") or ()
    ]
