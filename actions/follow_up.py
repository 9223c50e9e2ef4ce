"""Resolve a follow-up; the dialogue model then chooses the reply by its kind."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import RESOLVE, context_of, knowledge, understanding
from footnote.conversation import resolve


class ActionResolveFollowUp(Action):
    """Reads a message like "and the side effects?" in the light of the conversation."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return RESOLVE

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Set the plan and the kind of reply; say nothing."""
        plan = resolve(
            knowledge(),
            # Not the SDK's helper: it reads the classifier's ranking, not the decision.
            (tracker.latest_message.get("intent") or {}).get("name") or "",
            understanding(tracker),
            context_of(tracker),
            tracker.latest_message.get("text") or "",
        )
        return [SlotSet("plan", asdict(plan)), SlotSet("reply_kind", plan.kind)]
