"""What a label or an understanding would have somebody read, where nothing was said before."""

from __future__ import annotations

from typing import Any

import pytest

from footnote.evaluation.meaning import Replier, kinds, kinds_of_intents, understanding_of
from footnote.evaluation.scores import held
from footnote.replies import KINDS, bare_payload
from tests.helpers.garden import garden

KNOWLEDGE = garden()
REPLIER = Replier(KNOWLEDGE, {"emergency": "emergency", "crisis": "crisis", "greet": "social"})


@pytest.mark.parametrize(
    ("label", "kind", "sources"),
    [
        ("ask_watering/fern", "answer", ("fern.2",)),
        ("ask_light/plant", "answer", ("fern.3", "orchid.1")),
        ("ask_cost", "not_covered", ()),
        ("ask_watering/cactus", "not_covered", ()),
        ("not_covered", "not_covered", ()),
        ("nlu_fallback", "clarify", ()),
        # Nothing was said before that "and in which light?" could be about ...
        ("follow_up/light", "clarify", ()),
        ("tell_more", "clarify", ()),
        # ... but what no topic has an entry for is a gap whatever it is asked of.
        ("follow_up/cost", "not_covered", ()),
        ("emergency", "emergency", ()),
        ("crisis", "crisis", ()),
        ("greet", "social", ()),
        ("start_over", "social", ()),
    ],
)
def test_a_label_means_a_reply(label: str, kind: str, sources: tuple[str, ...]) -> None:
    given = REPLIER.reply(understanding_of(label, KNOWLEDGE), "a message")
    assert (given.kind, given.sources) == (kind, sources)
    assert held(given, KNOWLEDGE)


def test_an_understanding_with_several_entries_cites_them_all() -> None:
    understanding = {
        "kind": "answer",
        "intent": "ask_watering",
        "entries": ["fern/watering", "moss/watering"],
        "missing": [["orchid", "cost"]],
    }
    given = REPLIER.reply(understanding, "")
    assert given.sources == ("fern.2", "moss.1", "moss.2")
    assert "does not say what orchids cost" in given.text


def test_a_follow_up_with_nothing_before_it_means_what_it_says_alone() -> None:
    alone = {"kind": "answer", "entries": ["moss/watering"]}
    understanding = {"kind": "follow_up", "intent": "follow_up", "standalone": alone}
    assert REPLIER.reply(understanding, "").sources == ("moss.1", "moss.2")


def test_the_options_of_a_question_back_are_offered() -> None:
    understanding = {"kind": "clarify", "intent": "nlu_fallback", "options": ["fern/light"]}
    options = REPLIER.reply(understanding, "").payload["options"]
    assert [option["entry"] for option in options] == ["fern/light"]


def test_a_kind_is_read_from_the_rules_and_the_responses() -> None:
    said = [{"metadata": {"footnote": bare_payload("distress")}}]
    domain = {"responses": {"utter_sad": said}}
    steps: list[list[dict[str, Any]]] = [
        [{"intent": "sad"}, {"action": "utter_sad"}],
        [{"or": [{"intent": "a"}, {"intent": "b"}]}, {"action": "action_clarify"}],
        [{"intent": "again"}, {"action": "action_repeat"}],
    ]
    found = kinds_of_intents(domain, {"rules": [{"steps": each} for each in steps]})
    assert found == {"sad": "distress", "a": "clarify", "b": "clarify", "again": "social"}


def test_our_own_intents_have_kinds_that_there_are() -> None:
    found = kinds()
    assert set(found.values()) <= set(KINDS)
    assert found["personal_advice"] == "personal_advice"
    assert found["emergency"] == "emergency"
