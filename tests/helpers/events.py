"""Rasa's events of made-up conversations, as the tracker store gets them."""

from __future__ import annotations

from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker


def session() -> list[Event]:
    return [
        ActionExecuted("action_session_start"),
        SessionStarted(),
        ActionExecuted("action_listen"),
    ]


def exchange(text: str, topic: str | None = None) -> list[Event]:
    """Return the events of a question and its answer, which sets a topic (default: the text)."""
    return [
        UserUttered(text, {"name": "ask_cost", "confidence": 1.0}),
        SlotSet("topic", topic or text),
        ActionExecuted("action_answer"),
        BotUttered(f"You said: {text}"),
        ActionExecuted("action_listen"),
    ]


def typed(tracker: DialogueStateTracker | None) -> list[str]:
    """Return what the person typed in a conversation that is there."""
    assert tracker is not None
    return [event.text or "" for event in tracker.events if isinstance(event, UserUttered)]
