"""A follow-up is resolved into a plan; nothing is said yet."""

from __future__ import annotations

import pytest
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.follow_up import ActionResolveFollowUp
from footnote.replies import bare_payload
from tests.helpers.tracking import bot, tracker, user

SLOTS = {
    "topic": "fern",
    "aspect": "watering",
    "told": ["fern/watering"],
}
OPTIONS = [{"entry": "fern/light"}, {"entry": "moss/watering"}]
BEFORE = [user("how to water it"), bot("So.", {**bare_payload("answer"), "options": OPTIONS})]


def plan(kind: str, entries=(), missing=(), options=()) -> dict[str, object]:
    return {"kind": kind, "entries": entries, "missing": missing, "options": options}


@pytest.mark.parametrize(
    ("intent", "text", "understanding", "expected"),
    [
        ("follow_up", "light?", {"aspect": "light"}, plan("answer", ("fern/light",))),
        ("other_topic", "moss?", {"topics": ["moss"]}, plan("answer", ("moss/watering",))),
        ("choose_option", "the first", {}, plan("answer", ("fern/light",))),
        ("tell_more", "more", {}, plan("answer", ("moss/watering",))),
        ("why", "why", {}, plan("answer", ("fern/light",))),
        (
            "follow_up",
            "cost?",
            {"aspect": "cost"},
            plan(
                "not_covered",
                missing=(("fern", "cost"),),
                options=("fern/definition", "fern/watering", "fern/light"),
            ),
        ),
    ],
)
def test_a_follow_up_becomes_a_plan(
    dispatcher: CollectingDispatcher,
    intent: str,
    text: str,
    understanding: dict,
    expected: dict[str, object],
) -> None:
    understood = {"kind": "follow_up", **understanding}
    asked = tracker(text, intent, understood, SLOTS, BEFORE)
    done = ActionResolveFollowUp().run(dispatcher, asked, {})
    assert done == [SlotSet("plan", expected), SlotSet("reply_kind", expected["kind"])]
    assert dispatcher.messages == []


def test_with_nothing_before_it_asks_back(dispatcher: CollectingDispatcher) -> None:
    asked = tracker("and that?", "follow_up", None, {})
    done = ActionResolveFollowUp().run(dispatcher, asked, {})
    assert done == [SlotSet("plan", plan("clarify")), SlotSet("reply_kind", "clarify")]


@pytest.mark.parametrize("ranking", [["thanks", "greet"], ["follow_up/light", "choose_option"]])
def test_the_intent_decided_on_counts_not_the_likeliest_label(
    dispatcher: CollectingDispatcher, ranking: list[str]
) -> None:
    """A "2" is a choice by rule, whatever the classifier makes of it."""
    understood = {"kind": "follow_up", "topics": []}
    asked = tracker("2", "choose_option", understood, SLOTS, BEFORE, ranking=ranking)
    done = ActionResolveFollowUp().run(dispatcher, asked, {})
    assert done[0]["value"] == plan("answer", ("moss/watering",))
