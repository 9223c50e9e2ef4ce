"""Follow-ups: what a message means in the light of what was said before."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest

from footnote.conversation import Context, Plan, resolve
from tests.helpers.garden import garden

KNOWLEDGE = garden()
FERN = Context("fern", "watering", ("fern/watering",), ("fern/light", "moss/watering"))
STANDALONE = {"kind": "answer", "entries": ["plant/light"]}


def plan(
    intent: str,
    context: Context = FERN,
    text: str = "",
    topics: tuple[str, ...] = (),
    aspect: str | None = None,
    **understanding: Any,
) -> Plan:
    understood = {"kind": "follow_up", "topics": topics, "aspect": aspect, **understanding}
    return resolve(KNOWLEDGE, intent, understood, context, text)


def answer(*entries: str) -> Plan:
    return Plan("answer", entries)


# follow_up: "and the light?" keeps the topic and changes the aspect


def test_a_follow_up_keeps_the_topic() -> None:
    assert plan("follow_up", aspect="light") == answer("fern/light")


def test_a_follow_up_with_a_topic_of_its_own_changes_to_it() -> None:
    assert plan("follow_up", topics=("moss",), aspect="watering") == answer("moss/watering")


def test_a_general_topic_beside_it_does_not_change_the_topic() -> None:
    assert plan("follow_up", topics=("plant",), aspect="light") == answer("fern/light")


def test_a_similar_aspect_answers_where_the_topic_has_none_of_its_own() -> None:
    context = Context("orchid", "light")
    assert plan("follow_up", context, aspect="care") == answer("orchid/light")


def test_an_empty_cell_is_not_covered_and_its_topics_entries_are_offered() -> None:
    expected = Plan(
        "not_covered",
        missing=(("fern", "cost"),),
        options=("fern/definition", "fern/watering", "fern/light"),
    )
    assert plan("follow_up", aspect="cost") == expected


def test_a_topic_that_the_article_never_treats_is_not_covered() -> None:
    expected = Plan("not_covered", missing=(("cactus", "watering"),))
    assert plan("follow_up", topics=("cactus", "fern"), aspect="watering") == expected


def test_an_uncovered_topic_without_an_aspect_is_not_covered_either() -> None:
    expected = Plan("not_covered", missing=(("cactus", "other"),))
    assert plan("follow_up", topics=("cactus",)) == expected


def test_a_follow_up_without_an_aspect_tells_what_the_topic_is() -> None:
    assert plan("follow_up", topics=("fern",)) == answer("fern/definition")


def test_a_question_on_a_detail_of_what_was_told_gets_it_again() -> None:
    assert plan("follow_up") == answer("fern/watering")


def test_a_detail_of_a_gap_is_no_answer() -> None:
    context = Context("fern", "cost", ("fern/definition",))
    assert plan("follow_up", context).kind == "clarify"


def test_what_a_topic_is_is_not_told_twice() -> None:
    context = Context("fern", None, ("fern/definition",))
    options = ("fern/definition", "fern/watering", "fern/light")
    assert plan("follow_up", context) == Plan("clarify", options=options)


def test_a_follow_up_to_nothing_means_what_it_says_alone() -> None:
    assert plan("follow_up", Context(), aspect="cost", standalone=STANDALONE) == answer(
        "plant/light"
    )


def test_a_follow_up_to_nothing_that_says_nothing_alone_asks_back() -> None:
    assert plan("follow_up", Context(), aspect="light") == Plan("clarify")


def test_a_follow_up_to_nothing_about_what_no_topic_has_is_not_covered() -> None:
    expected = Plan("not_covered", missing=((None, "cost"),))
    assert plan("follow_up", Context(), aspect="cost") == expected


def test_a_general_topic_counts_where_nothing_came_before_and_it_has_an_entry() -> None:
    assert plan("follow_up", Context(), topics=("plant",), aspect="light") == answer("plant/light")
    assert plan("follow_up", Context(), topics=("plant",), aspect="cost") == Plan(
        "not_covered", missing=((None, "cost"),)
    )


def test_a_topic_that_is_gone_from_the_knowledge_base_is_passed_over() -> None:
    assert plan("follow_up", topics=("rose",), aspect="light") == answer("fern/light")


# other_topic: "and moss?" keeps the aspect and changes the topic


def test_another_topic_keeps_the_aspect() -> None:
    assert plan("other_topic", topics=("moss",)) == answer("moss/watering")


def test_another_topic_without_an_entry_for_the_aspect_is_not_covered() -> None:
    expected = Plan("not_covered", missing=(("orchid", "watering"),), options=("orchid/light",))
    assert plan("other_topic", topics=("orchid",)) == expected


def test_another_topic_where_none_is_named_means_what_it_says_alone() -> None:
    assert plan("other_topic", standalone=STANDALONE) == answer("plant/light")
    assert plan("other_topic") == Plan("clarify")


def test_another_topic_with_nothing_asked_before_tells_what_it_is() -> None:
    assert plan("other_topic", Context(), topics=("fern",)) == answer("fern/definition")


# why


def test_why_looks_for_the_reason_of_the_topic_at_hand() -> None:
    assert plan("why") == answer("fern/light")


def test_why_is_answered_with_the_entry_that_gives_the_reason_of_the_last() -> None:
    knowledge = garden()
    told = knowledge.entries["fern/watering"].copy(update={"why": "plant/light"})
    knowledge.entries["fern/watering"] = told
    understood = {"kind": "follow_up", "topics": (), "aspect": None}
    assert resolve(knowledge, "why", understood, FERN, "why?") == answer("plant/light")


def test_why_without_a_reason_in_the_article_is_not_covered() -> None:
    context = Context("moss", "watering", ("moss/watering",))
    expected = Plan("not_covered", missing=(("moss", "why"),), options=("moss/watering",))
    assert plan("why", context) == expected


def test_why_about_nothing_asks_back() -> None:
    assert plan("why", Context()) == Plan("clarify")


# tell_more


def test_more_is_the_next_entry_that_was_not_told() -> None:
    assert plan("tell_more") == answer("moss/watering")


def test_more_stays_with_the_topic_when_the_entry_leads_nowhere_new() -> None:
    context = Context("fern", "watering", ("moss/watering", "fern/watering"))
    assert plan("tell_more", context) == answer("fern/definition")


def test_more_of_a_named_topic_is_what_it_is() -> None:
    assert plan("tell_more", topics=("fern",)) == answer("fern/definition")


def test_no_more_is_left_when_all_was_told() -> None:
    told = ("fern/definition", "fern/light", "moss/watering", "fern/watering")
    context = Context("fern", "watering", told, ("fern/light",))
    assert plan("tell_more", context) == Plan("clarify", options=("fern/light",))


def test_more_of_nothing_asks_back() -> None:
    assert plan("tell_more", Context()) == Plan("clarify")


def test_more_of_an_uncovered_topic_does_not_offer_something_of_it() -> None:
    assert plan("tell_more", topics=("cactus",)).kind in ("not_covered", "clarify")
    assert plan("tell_more", topics=("cactus",)).entries == ()


# choose_option


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", "fern/light"),
        ("the first one", "fern/light"),
        ("1st please", "fern/light"),
        ("2", "moss/watering"),
        ("the second one please", "moss/watering"),
        ("two", "moss/watering"),
        ("the latter", "moss/watering"),
        ("the last one", "moss/watering"),
        ("option b", "moss/watering"),
    ],
)
def test_an_option_is_chosen_by_its_place(text: str, expected: str) -> None:
    assert plan("choose_option", text=text) == answer(expected)


@pytest.mark.parametrize("text", ["3", "the third", "that", ""])
def test_a_choice_that_is_not_there_asks_back_with_the_same_options(text: str) -> None:
    assert plan("choose_option", text=text) == Plan("clarify", options=FERN.options)


def test_a_choice_where_nothing_was_offered_asks_back() -> None:
    assert plan("choose_option", Context(), "the first") == Plan("clarify")


def test_an_option_that_is_gone_from_the_knowledge_base_cannot_be_chosen() -> None:
    context = Context("fern", None, (), ("rose/light", "fern/light"))
    assert plan("choose_option", context, "2").entries != ("rose/light",)
    assert "rose/light" not in plan("choose_option", context, "9").options


def test_a_plan_survives_the_journey_through_a_slot() -> None:
    wanted = Plan("not_covered", (), (("fern", "cost"), (None, "other")), ("fern/light",))
    assert Plan.of(json.loads(json.dumps(asdict(wanted)))) == wanted
