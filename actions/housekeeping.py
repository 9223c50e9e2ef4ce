"""Repeat, start over, and delete what was said."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import AllSlotsReset, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import knowledge, last_reply, send
from footnote.replies import Reply

ERASE = "erase"
_PLAIN_YES = re.compile(
    r"(?:yes|yep|yeah|yup|ya|y|ok|okay|sure|correct|right|confirm|please do|do it|go ahead|"
    r"delete|erase|of course|definitely|absolutely|i do|i am)\b(?!.*\b(?:not|no|don'?t|wait)\b)"
)
"""What cannot be undone wants a plain yes; "hmm" or "I guess" is none."""


class ActionRepeat(Action):
    """Says the last reply again."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_repeat"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Send the last reply's text, sources and options as they were."""
        last = last_reply(tracker)
        if last is None:
            text = "I have not said anything yet. You can ask me about the article."
            return send(dispatcher, tracker, Reply("social", text))
        payload, known = last["payload"], knowledge()
        reply = Reply(
            "social",
            last["text"],
            # What was taken out of the knowledge base meanwhile is left out.
            entries=tuple(key for key in payload["entries"] if key in known.entries),
            sources=tuple(source["id"] for source in payload["sources"]),
            notes=tuple(note["id"] for note in payload["notes"] if note["id"] in known.notes),
            options=tuple(o["entry"] for o in payload["options"] if o["entry"] in known.entries),
        )
        return send(dispatcher, tracker, reply)


class ActionStartOver(Action):
    """Forgets what the conversation was about."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_start_over"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Reset all slots and greet anew."""
        dispatcher.utter_message(response="utter_start_over")
        return [AllSlotsReset()]


class ActionAskErase(Action):
    """Asks once whether the conversation shall really be deleted."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_ask_erase"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Ask, and wait for a yes in the very next message."""
        dispatcher.utter_message(response="utter_ask_erase")
        return [SlotSet("awaiting", ERASE)]


class ActionErase(Action):
    """Deletes the conversation once this turn is over; the tracker store does it."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_erase"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Grant the wish, if the message before was the one that asked for it."""
        users = [event for event in tracker.events if event.get("event") == "user"]
        before = (users[-2].get("parse_data") or {}) if len(users) > 1 else {}
        said = (tracker.latest_message.get("text") or "").strip().lower()
        asked = (before.get("intent") or {}).get("name") == "erase_data"
        if not (asked and _PLAIN_YES.match(said)):
            dispatcher.utter_message(response="utter_ask_erase_again")
            return [SlotSet("awaiting", None)]
        dispatcher.utter_message(response="utter_erased")
        return [SlotSet("awaiting", None), SlotSet("erase_requested", True)]


class ActionKeepData(Action):
    """Keeps the conversation after a no."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_keep_data"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Say so."""
        dispatcher.utter_message(response="utter_kept")
        return [SlotSet("awaiting", None)]
