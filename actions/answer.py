"""Replies that rest on the knowledge base: answers, gaps, questions back, advice declined."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.base import context_of, knowledge, names_of, plan_of, send, settings, understanding
from footnote import replies


class ActionAnswer(Action):
    """Tells what the article says, with its sentences."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_answer"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Send the answer; where the entry is gone by now, ask back."""
        plan = plan_of(tracker)
        if not plan.entries:
            return send(dispatcher, tracker, replies.clarify(knowledge(), plan.options))
        told = context_of(tracker).entries
        reply = replies.answer(knowledge(), plan.entries, plan.missing, told)
        topic, aspect = plan.entries[-1].split("/")
        return send(dispatcher, tracker, reply, topic, aspect)


class ActionNotCovered(Action):
    """Says that the article does not tell, naming what was asked."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_not_covered"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Send the reply."""
        plan = plan_of(tracker)
        missing = plan.missing or ((None, "other"),)
        reply = replies.not_covered(
            knowledge(), settings(), missing, names_of(tracker), plan.options
        )
        topic, aspect = missing[0]
        return send(dispatcher, tracker, reply, topic, aspect)


class ActionClarify(Action):
    """Asks back with at most three named options."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_clarify"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Send the question."""
        return send(dispatcher, tracker, replies.clarify(knowledge(), plan_of(tracker).options))


class ActionPersonalAdvice(Action):
    """Sends a question about one person's case to the care team."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_personal_advice"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Send the reply, with what the article says in general where the topic is plain."""
        options = plan_of(tracker).options
        understood = understanding(tracker)
        # Told at once only where it is what the person would decide on, not a neighbour of it.
        asked = {f"{topic}/{understood.get('aspect')}" for topic in understood.get("topics") or ()}
        general = next((key for key in options[:1] if key in asked), None)
        reply = replies.personal_advice(knowledge(), settings(), options, general)
        return send(dispatcher, tracker, reply)
