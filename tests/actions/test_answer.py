"""Replies over the knowledge base: what is sent, and the exact list of events."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Action
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import ActionAnswer, ActionClarify, ActionNotCovered, ActionPersonalAdvice
from actions.base import RESOLVE, TOLD_KEPT
from tests.helpers.tracking import tracker, user

ANSWER = {"kind": "answer", "entries": ["fern/watering"]}


def events(topic: str | None, aspect: str | None, told: list[str]) -> list[EventType]:
    return [
        SlotSet("topic", topic),
        SlotSet("aspect", aspect),
        SlotSet("told", told),
        SlotSet("awaiting", None),
    ]


def payload(dispatcher: CollectingDispatcher) -> dict[str, Any]:
    (message,) = dispatcher.messages
    assert message["custom"] == {}
    return message["metadata"]["footnote"]


def offered(dispatcher: CollectingDispatcher) -> list[str]:
    return [option["entry"] for option in payload(dispatcher)["options"]]


def test_an_answer_is_sent_with_its_sources_and_remembered(
    dispatcher: CollectingDispatcher,
) -> None:
    done = ActionAnswer().run(dispatcher, tracker(understanding=ANSWER), {})
    assert done == events("fern", "watering", ["fern/watering"])
    assert offered(dispatcher) == ["moss/watering"]
    assert payload(dispatcher)["kind"] == "answer"
    assert [source["id"] for source in payload(dispatcher)["sources"]] == ["fern.2"]
    (message,) = dispatcher.messages
    assert message["text"].startswith("Twice a week.")
    assert message["buttons"] == [
        {"title": "How do I water moss?", "payload": "How do I water moss?"}
    ]


def test_an_answer_to_a_follow_up_is_the_resolved_one(dispatcher: CollectingDispatcher) -> None:
    plan = {"kind": "answer", "entries": ["moss/watering"]}
    asked = tracker(
        understanding={"kind": "follow_up"}, slots={"plan": plan}, latest_action=RESOLVE
    )
    done = ActionAnswer().run(dispatcher, asked, {})
    assert done == events("moss", "watering", ["moss/watering"])
    assert offered(dispatcher) == []


def test_a_plan_of_an_earlier_message_is_not_used(dispatcher: CollectingDispatcher) -> None:
    plan = {"kind": "answer", "entries": ["moss/watering"]}
    ActionAnswer().run(dispatcher, tracker(understanding=ANSWER, slots={"plan": plan}), {})
    assert payload(dispatcher)["entries"] == ["fern/watering"]


def test_what_is_told_again_is_told_last(dispatcher: CollectingDispatcher) -> None:
    slots = {"told": ["fern/watering", "moss/watering"], "topic": "moss", "aspect": "cost"}
    done = ActionAnswer().run(dispatcher, tracker(understanding=ANSWER, slots=slots), {})
    assert done == events("fern", "watering", ["moss/watering", "fern/watering"])
    assert offered(dispatcher) == []


def test_only_the_latest_entries_told_are_remembered(dispatcher: CollectingDispatcher) -> None:
    slots = {"told": [f"x/{number}" for number in range(TOLD_KEPT)]}
    done = ActionAnswer().run(dispatcher, tracker(understanding=ANSWER, slots=slots), {})
    told = done[2]["value"]
    assert told == [*slots["told"][1:], "fern/watering"]


def test_an_answer_with_a_part_missing_says_so(dispatcher: CollectingDispatcher) -> None:
    understanding = {**ANSWER, "missing": [["fern", "cost"]]}
    ActionAnswer().run(dispatcher, tracker(understanding=understanding), {})
    assert "does not say what ferns cost" in dispatcher.messages[0]["text"]
    assert payload(dispatcher)["kind"] == "answer"


def test_an_entry_taken_out_since_training_is_asked_back_for(
    dispatcher: CollectingDispatcher,
) -> None:
    understanding = {"kind": "answer", "entries": ["rose/light"], "options": ["rose/light"]}
    done = ActionAnswer().run(dispatcher, tracker(understanding=understanding), {})
    assert done == events(None, None, [])
    assert offered(dispatcher) == []
    assert payload(dispatcher)["kind"] == "clarify"


@pytest.mark.parametrize("danger", ["emergency", "crisis"])
def test_the_answer_after_a_danger_says_whom_to_call(
    dispatcher: CollectingDispatcher, danger: str
) -> None:
    asked = tracker(understanding=ANSWER, before=[user("help", danger)])
    ActionAnswer().run(dispatcher, asked, {})
    assert dispatcher.messages[0]["text"].endswith("please call 999 or 112 now.")


def test_a_gap_is_named_and_remembered_for_follow_ups(dispatcher: CollectingDispatcher) -> None:
    understanding = {
        "kind": "not_covered",
        "missing": [["fern", "cost"]],
        "options": ["fern/watering"],
    }
    done = ActionNotCovered().run(dispatcher, tracker(understanding=understanding), {})
    assert done == events("fern", "cost", [])
    assert offered(dispatcher) == ["fern/watering"]
    assert payload(dispatcher)["kind"] == "not_covered"
    assert payload(dispatcher)["sources"] == []
    assert "The gardener can tell you more." in dispatcher.messages[0]["text"]


def test_a_gap_calls_an_uncovered_topic_what_the_person_called_it(
    dispatcher: CollectingDispatcher,
) -> None:
    text = "do you know  saguaro’s price"
    entity = {"entity": "topic", "value": "cactus", "start": 12, "end": 19}
    understanding = {"kind": "not_covered", "missing": [["cactus", "cost"]]}
    asked = tracker(text, understanding=understanding, entities=[entity])
    ActionNotCovered().run(dispatcher, asked, {})
    assert "does not speak of saguaro." in dispatcher.messages[0]["text"]


def test_a_gap_without_a_name_keeps_the_topic_at_hand(dispatcher: CollectingDispatcher) -> None:
    asked = tracker(understanding={"kind": "not_covered"}, slots={"topic": "fern"})
    done = ActionNotCovered().run(dispatcher, asked, {})
    assert done == events("fern", "other", [])
    assert offered(dispatcher) == []


def test_asking_back_offers_at_most_three(dispatcher: CollectingDispatcher) -> None:
    options = ["fern/light", "moss/watering", "orchid/light", "fern/watering"]
    understanding = {"kind": "clarify", "options": options}
    done = ActionClarify().run(dispatcher, tracker(understanding=understanding), {})
    assert done == events(None, None, [])
    assert offered(dispatcher) == options[:3]
    assert len(dispatcher.messages[0]["buttons"]) == 3


def test_a_message_that_was_not_understood_at_all_is_asked_back(
    dispatcher: CollectingDispatcher,
) -> None:
    done = ActionClarify().run(dispatcher, tracker(understanding=None), {})
    assert done == events(None, None, [])
    assert offered(dispatcher) == []
    assert payload(dispatcher)["kind"] == "clarify"


@pytest.mark.parametrize(
    ("topics", "aspect", "entries", "told", "options"),
    [
        (["fern"], "light", ["fern/light"], ["fern/light"], ["moss/watering"]),
        (["fern"], "cost", [], [], ["fern/light", "moss/watering"]),
        (["moss"], "light", [], [], ["fern/light", "moss/watering"]),
        ([], "light", [], [], ["fern/light", "moss/watering"]),
    ],
)
def test_advice_is_declined_and_the_general_told_where_it_is_what_was_asked(
    dispatcher: CollectingDispatcher,
    topics: list[str],
    aspect: str,
    entries: list[str],
    told: list[str],
    options: list[str],
) -> None:
    understanding = {
        "kind": "personal_advice",
        "topics": topics,
        "aspect": aspect,
        "options": ["fern/light", "moss/watering"],
    }
    done = ActionPersonalAdvice().run(dispatcher, tracker(understanding=understanding), {})
    assert done == events(None, None, told)
    assert offered(dispatcher) == options
    assert payload(dispatcher)["kind"] == "personal_advice"
    assert payload(dispatcher)["entries"] == entries
    assert "ask the gardener" in dispatcher.messages[0]["text"]


@pytest.mark.parametrize(
    ("action", "name"),
    [
        (ActionAnswer(), "action_answer"),
        (ActionNotCovered(), "action_not_covered"),
        (ActionClarify(), "action_clarify"),
        (ActionPersonalAdvice(), "action_personal_advice"),
    ],
)
def test_the_names_are_those_of_the_domain(action: Action, name: str) -> None:
    assert action.name() == name
