"""Hand-made trackers for actions."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker


def user(text: str, intent: str = "greet") -> dict[str, Any]:
    """Return the event of a user message."""
    return {"event": "user", "text": text, "parse_data": {"intent": {"name": intent}}}


def bot(text: str, payload: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the event of a bot message, with its payload where Rasa keeps it."""
    metadata = {"metadata": {"footnote": payload}} if payload else {}
    return {"event": "bot", "text": text, "metadata": metadata}


def tracker(
    text: str = "a message",
    intent: str = "greet",
    understanding: dict[str, Any] | None = None,
    slots: dict[str, Any] | None = None,
    before: list[dict[str, Any]] | None = None,
    entities: list[dict[str, Any]] | None = None,
    latest_action: str = "action_listen",
    ranking: list[str] | None = None,
) -> Tracker:
    """Return a tracker whose latest message is the given one."""
    message = {
        "text": text,
        "intent": {"name": intent, "confidence": 1.0},
        "intent_ranking": [{"name": name, "confidence": 0.1} for name in ranking or [intent]],
        "entities": entities or [],
        "understanding": understanding,
    }
    events = [*(before or []), user(text, intent)]
    return Tracker("someone", slots or {}, message, events, False, None, {}, latest_action)
