"""Repeat, start over, erase: the exact events, and no erasing without a yes."""

from __future__ import annotations

import pytest
from rasa_sdk import Action
from rasa_sdk.events import AllSlotsReset, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.housekeeping import (
    ActionAskErase,
    ActionErase,
    ActionKeepData,
    ActionRepeat,
    ActionStartOver,
)
from footnote.replies import answer, bare_payload, payload
from tests.helpers.garden import garden
from tests.helpers.tracking import bot, tracker, user


@pytest.mark.parametrize(
    ("action", "response", "expected"),
    [
        (ActionStartOver(), "utter_start_over", [AllSlotsReset()]),
        (ActionAskErase(), "utter_ask_erase", [SlotSet("awaiting", "erase")]),
        (ActionKeepData(), "utter_kept", [SlotSet("awaiting", None)]),
    ],
)
def test_a_fixed_response_and_its_events(
    dispatcher: CollectingDispatcher, action: Action, response: str, expected: list[EventType]
) -> None:
    assert action.run(dispatcher, tracker(), {}) == expected
    assert [message["response"] for message in dispatcher.messages] == [response]


def test_a_yes_right_after_the_question_erases(dispatcher: CollectingDispatcher) -> None:
    asked = tracker("yes", "affirm", before=[user("delete my data", "erase_data")])
    done = ActionErase().run(dispatcher, asked, {})
    assert done == [SlotSet("awaiting", None), SlotSet("erase_requested", True)]
    assert dispatcher.messages[0]["response"] == "utter_erased"


@pytest.mark.parametrize(
    "before",
    [
        [],
        [user("hello")],
        [user("delete my data", "erase_data"), user("what is it", "ask_definition")],
        [{"event": "user", "text": "no parse data"}],
    ],
)
def test_a_yes_to_something_else_erases_nothing(
    dispatcher: CollectingDispatcher, before: list
) -> None:
    done = ActionErase().run(dispatcher, tracker("yes", "affirm", before=before), {})
    assert done == [SlotSet("awaiting", None)]
    assert dispatcher.messages[0]["response"] == "utter_ask_erase_again"


def test_the_last_reply_is_said_again_with_its_sources(dispatcher: CollectingDispatcher) -> None:
    knowledge = garden()
    reply = answer(knowledge, ["fern/watering"])
    told = payload(knowledge, reply)
    before = [user("how to water it"), bot(reply.text, told), bot("an aside")]
    slots = {"topic": "fern", "aspect": "watering", "told": ["fern/watering"]}
    done = ActionRepeat().run(
        dispatcher, tracker("again", "repeat", slots=slots, before=before), {}
    )
    assert done == [
        SlotSet("topic", "fern"),
        SlotSet("aspect", "watering"),
        SlotSet("told", ["fern/watering"]),
        SlotSet("awaiting", None),
    ]
    (message,) = dispatcher.messages
    assert message["text"] == reply.text
    assert message["metadata"]["footnote"] == {**told, "kind": "social"}


def test_with_nothing_said_yet_there_is_nothing_to_repeat(
    dispatcher: CollectingDispatcher,
) -> None:
    done = ActionRepeat().run(dispatcher, tracker("again", "repeat"), {})
    assert SlotSet("told", []) in done
    (message,) = dispatcher.messages
    assert "not said anything yet" in message["text"]
    assert message["metadata"]["footnote"] == bare_payload("social")


def test_repeating_a_reply_whose_entries_were_taken_out_since_still_replies(
    dispatcher: CollectingDispatcher,
) -> None:
    """An editor may take out an entry while the conversation goes on."""
    option = {"title": "t", "payload": "p", "entry": "rose/light", "sources": []}
    note = {"id": "gone", "text": "t", "source": "s"}
    told = {**bare_payload("answer"), "options": [option], "notes": [note]}
    before = [user("roses?"), bot("Roses like light.", told)]
    ActionRepeat().run(dispatcher, tracker("again", "repeat", before=before), {})
    (message,) = dispatcher.messages
    assert message["text"] == "Roses like light."
    assert message["metadata"]["footnote"]["options"] == []


@pytest.mark.parametrize(
    ("action", "name"),
    [
        (ActionRepeat(), "action_repeat"),
        (ActionStartOver(), "action_start_over"),
        (ActionAskErase(), "action_ask_erase"),
        (ActionErase(), "action_erase"),
        (ActionKeepData(), "action_keep_data"),
    ],
)
def test_the_names_are_those_of_the_domain(action: Action, name: str) -> None:
    assert action.name() == name
