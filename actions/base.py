"""What the actions share: the conversation so far, and how a reply is sent."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from footnote.conversation import Context, Plan
from footnote.knowledge import KnowledgeBase
from footnote.knowledge.live import LiveKnowledge
from footnote.replies import METADATA_KEY, Reply, buttons, payload
from footnote.safety import DANGERS
from footnote.safety.wording import SafetyWording
from footnote.settings import Settings
from footnote.text import clean

RESOLVE = "action_resolve_follow_up"
TOLD_KEPT = 20
"""How many entries told are remembered, so that they are not offered again."""


@lru_cache(maxsize=1)
def _live() -> LiveKnowledge:
    return LiveKnowledge()


def knowledge() -> KnowledgeBase:
    """Return the knowledge base as it is on disk now."""
    return _live().current()


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the deployment's choices."""
    return Settings.from_environment()


def wording() -> SafetyWording:
    """Return the deployment's words for danger, with the numbers as they are on disk now."""
    return SafetyWording.of(knowledge().helplines, settings())


def understanding(tracker: Tracker) -> dict[str, Any]:
    """Return what the pipeline understood of the latest message."""
    return tracker.latest_message.get("understanding") or {"kind": "clarify"}


def plan_of(tracker: Tracker) -> Plan:
    """Return what to reply: the resolved follow-up's plan, or the message's own."""
    if tracker.latest_action_name == RESOLVE and tracker.get_slot("plan"):
        return _usable(Plan.of(tracker.get_slot("plan")))
    return _usable(Plan.of(understanding(tracker)))


def _usable(plan: Plan) -> Plan:
    """Drop entries that were taken out of the knowledge base since the model was trained."""
    known = knowledge().entries
    return Plan(
        plan.kind,
        tuple(key for key in plan.entries if key in known),
        plan.missing,
        tuple(key for key in plan.options if key in known),
    )


def context_of(tracker: Tracker) -> Context:
    """Return what the conversation holds for its next message."""
    return Context(
        topic=tracker.get_slot("topic"),
        aspect=tracker.get_slot("aspect"),
        entries=tuple(tracker.get_slot("told") or ()),
        options=_offered(tracker),
    )


def last_reply(tracker: Tracker) -> dict[str, Any] | None:
    """Return the last reply's event with its payload under `payload`, or None."""
    for event in reversed(tracker.events):
        # Rasa keeps a response's own metadata one level down in the event's.
        metadata = (event.get("metadata") or {}).get("metadata") or {}
        if event.get("event") == "bot" and METADATA_KEY in metadata:
            return {**event, "payload": metadata[METADATA_KEY]}
    return None


def _offered(tracker: Tracker) -> tuple[str, ...]:
    """Return the entries that the last reply offered, fixed responses' included."""
    last = last_reply(tracker)
    return tuple(option["entry"] for option in last["payload"]["options"]) if last else ()


def names_of(tracker: Tracker) -> dict[str, str]:
    """Return how the latest message names each topic, by topic id."""
    text = clean(tracker.latest_message.get("text") or "")
    return {
        entity["value"]: text[entity["start"] : entity["end"]]
        for entity in tracker.latest_message.get("entities") or ()
        if entity.get("entity") == "topic" and "start" in entity
    }


def send(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    reply: Reply,
    topic: str | None = None,
    aspect: str | None = None,
) -> list[EventType]:
    """Send a reply with its buttons and payload, and remember it for the next message.

    Args:
        dispatcher: the action's dispatcher.
        tracker: the conversation.
        reply: what to say.
        topic, aspect: what was spoken of; None keeps what was there.

    Returns:
        The slots to set.
    """
    current = knowledge()
    text = reply.text
    if _follows_danger(tracker):
        text = f"{text}\n{wording().reminder}"
    dispatcher.utter_message(
        text=text,
        buttons=buttons(current, reply),
        metadata={METADATA_KEY: payload(current, reply)},
    )
    told = [key for key in tracker.get_slot("told") or () if key not in reply.entries]
    return [
        SlotSet("topic", topic or tracker.get_slot("topic")),
        SlotSet("aspect", aspect or tracker.get_slot("aspect")),
        SlotSet("told", [*told, *reply.entries][-TOLD_KEPT:]),
        SlotSet("awaiting", None),
    ]


def _follows_danger(tracker: Tracker) -> bool:
    users = [event for event in tracker.events if event.get("event") == "user"]
    if len(users) < 2:
        return False
    before, now = (
        ((event.get("parse_data") or {}).get("intent") or {}).get("name") for event in users[-2:]
    )
    return before in DANGERS and now not in DANGERS
