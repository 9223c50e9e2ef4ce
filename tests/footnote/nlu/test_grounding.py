"""Decisions on hand-made hypotheses: an answer, an honest gap, or a question back."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from footnote.nlu.grounding import CLARIFY_INTENT, LEANING, Grounder, Hypotheses, Understanding
from tests.helpers.garden import garden

CELLS = (
    "ask_definition/fern",
    "ask_watering/fern",
    "ask_light/fern",
    "ask_watering/moss",
    "ask_light/orchid",
    "ask_light/plant",
)
GAPS = ("ask_cost", "not_covered")
FOLLOW_UPS = ("follow_up/light", "other_topic", "why", "choose_option")
OTHERS = ("greet", "distress", "personal_advice", "emergency", "crisis")
LABELS = (*CELLS, *GAPS, *FOLLOW_UPS, *OTHERS)
GROUNDER = Grounder(garden(), LABELS)


def likely(
    *topics: str, leans: bool = False, asks: bool = True, danger: float = 0.0, **named: float
) -> Hypotheses:
    """Give labels their probabilities; the rest is spread evenly over the others."""
    given = {label.replace("__", "/"): value for label, value in named.items()}
    assert set(given) <= set(LABELS)
    rest = (1 - sum(given.values())) / (len(LABELS) - len(given))
    probabilities = {label: given.get(label, rest) for label in LABELS}
    return Hypotheses(probabilities, topics, leans, asks, danger)


def decide(whole: Hypotheses, *parts: Hypotheses) -> Understanding:
    return GROUNDER.decide(whole, parts)


def test_a_likely_cell_is_answered() -> None:
    found = decide(likely("fern", ask_watering__fern=0.9))
    assert (found.kind, found.intent) == ("answer", "ask_watering")
    assert found.entries == ("fern/watering",)
    assert found.aspect == "watering"


def test_an_answer_names_its_topic_for_what_comes_next() -> None:
    assert "fern" in decide(likely(ask_watering__fern=0.9)).topics


def test_an_empty_cell_of_a_named_topic_is_not_a_neighbours_entry() -> None:
    found = decide(likely("orchid", ask_watering__fern=0.35, ask_watering__moss=0.3))
    assert found.kind == "not_covered"
    assert found.missing == (("orchid", "watering"),)
    assert found.entries == ()


def test_a_named_topic_gets_its_own_entry_for_what_was_asked() -> None:
    found = decide(likely("moss", ask_watering__fern=0.5, ask_watering__moss=0.3))
    assert found.entries == ("moss/watering",)


def test_an_aspect_that_the_article_never_treats_is_a_gap() -> None:
    found = decide(likely("fern", ask_cost=0.8))
    assert (found.kind, found.intent) == ("not_covered", "not_covered")
    assert found.missing == (("fern", "cost"),)


def test_a_gap_without_a_topic_names_the_aspect_alone() -> None:
    assert decide(likely(ask_cost=0.8)).missing == ((None, "cost"),)


def test_a_gap_of_no_known_aspect_is_other() -> None:
    assert decide(likely("moss", not_covered=0.8)).missing == (("moss", "other"),)


def test_an_uncovered_topic_is_not_answered_with_a_neighbour() -> None:
    found = decide(likely("cactus", ask_watering__fern=0.5))
    assert found.kind == "not_covered"
    assert found.missing == (("cactus", "watering"),)


def test_an_uncovered_topic_is_named_before_a_covered_one_in_a_gap() -> None:
    assert decide(likely("fern", "cactus", ask_cost=0.8)).missing == (("cactus", "cost"),)


def test_a_comparison_of_two_topics_tells_both() -> None:
    found = decide(likely("fern", "moss", ask_watering__fern=0.55, ask_watering__moss=0.4))
    assert found.kind == "answer"
    assert set(found.entries) == {"fern/watering", "moss/watering"}


def test_each_entry_is_told_once() -> None:
    found = decide(likely("fern", "moss", ask_watering__fern=0.5, ask_watering__moss=0.45))
    assert len(found.entries) == len(set(found.entries))


def test_two_questions_are_both_answered() -> None:
    whole = likely("fern", ask_watering__fern=0.5, ask_light__fern=0.4)
    first, second = likely("fern", ask_watering__fern=0.9), likely(ask_light__fern=0.9)
    found = decide(whole, first, second)
    assert found.entries == ("fern/watering", "fern/light")
    assert found.missing == ()


def test_of_two_questions_the_one_without_an_entry_is_named() -> None:
    whole = likely("fern", ask_watering__fern=0.6, ask_cost=0.3)
    first, second = likely("fern", ask_watering__fern=0.9), likely("fern", ask_cost=0.9)
    found = decide(whole, first, second)
    assert found.kind == "answer"
    assert found.entries == ("fern/watering",)
    assert found.missing == (("fern", "cost"),)


def test_two_questions_without_an_entry_are_one_honest_gap() -> None:
    whole = likely("fern", ask_cost=0.9)
    parts = likely("fern", ask_cost=0.9), likely("moss", ask_cost=0.9)
    found = decide(whole, *parts)
    assert found.kind == "not_covered"
    assert found.missing == (("fern", "cost"), ("moss", "cost"))


def test_a_part_that_asks_nothing_is_no_second_question() -> None:
    whole = likely("fern", ask_watering__fern=0.9)
    told = likely("fern", asks=False, ask_light__fern=0.9)
    assert decide(whole, told, likely(ask_watering__fern=0.9)).entries == ("fern/watering",)


def test_a_question_beside_a_greeting_is_answered() -> None:
    whole = likely("fern", greet=0.6, ask_watering__fern=0.2)
    parts = likely(asks=False, greet=0.9), likely("fern", ask_watering__fern=0.9)
    assert decide(whole, *parts).entries == ("fern/watering",)


@pytest.mark.parametrize("danger", ["emergency", "crisis"])
def test_danger_goes_before_a_likelier_question(danger: str) -> None:
    found = decide(likely("fern", danger=0.6, ask_watering__fern=0.5, **{danger: 0.45}))
    assert (found.kind, found.intent) == (danger, danger)


def test_a_label_of_danger_alone_is_none() -> None:
    found = decide(likely("fern", danger=0.3, ask_watering__fern=0.55, emergency=0.4))
    assert found.kind == "answer"


def test_a_cry_in_one_sentence_counts_where_the_whole_bears_it_out() -> None:
    cry = likely(danger=0.97, emergency=0.9)
    told = decide(likely("fern", danger=0.2, ask_watering__fern=0.6, emergency=0.3), cry)
    assert told.kind == "emergency"
    calm = decide(likely("fern", danger=0.02, ask_watering__fern=0.9), cry)
    assert calm.kind == "answer"


def test_nothing_likely_is_asked_back_with_at_most_three_entries() -> None:
    even = {label.replace("/", "__"): 0.11 for label in CELLS}
    found = decide(likely(**even))
    assert (found.kind, found.intent) == ("clarify", CLARIFY_INTENT)
    assert 0 < len(found.options) <= 3
    assert set(found.options) <= set(garden().entries)


@pytest.mark.parametrize("label", ["greet", "distress"])
def test_a_message_that_is_no_question_is_what_it_is(label: str) -> None:
    found = decide(likely(**{label: 0.9}))
    assert (found.kind, found.intent, found.entries) == (label, label, ())


def test_a_question_about_ones_own_case_brings_the_nearest_entries() -> None:
    found = decide(likely("fern", personal_advice=0.9, ask_watering__fern=0.05))
    assert found.kind == "personal_advice"
    assert found.options[0] == "fern/watering"


@pytest.mark.parametrize(
    ("label", "intent", "aspect"),
    [
        ("follow_up__light", "follow_up", "light"),
        ("other_topic", "other_topic", None),
        ("why", "why", None),
        ("choose_option", "choose_option", None),
    ],
)
def test_a_follow_up_is_left_open_with_its_meaning_alone(
    label: str, intent: str, aspect: str | None
) -> None:
    found = decide(likely(leans=True, **{label: 0.8}))
    assert (found.kind, found.intent, found.aspect) == ("follow_up", intent, aspect)
    assert found.standalone is not None
    assert found.standalone.kind in ("answer", "not_covered", "clarify")


def test_a_question_that_leans_on_the_topic_before_is_left_open() -> None:
    found = decide(likely(leans=True, ask_watering__fern=0.55, ask_watering__moss=0.03))
    assert (found.kind, found.intent, found.aspect) == ("follow_up", "follow_up", "watering")
    assert found.standalone is not None
    assert found.standalone.entries == ("fern/watering",)


def test_a_question_that_names_its_topic_is_not_left_open() -> None:
    found = decide(likely("fern", leans=True, ask_watering__fern=0.5))
    assert found.kind == "answer"


def test_an_understanding_is_plain_json() -> None:
    found = decide(likely(leans=True, follow_up__light=0.8)).as_dict()
    assert json.loads(json.dumps(found)).keys() == found.keys()


def test_no_label_beyond_the_knowledge_base_breaks_a_decision() -> None:
    grounder = Grounder(garden(), [*LABELS, "ask_light/rose"])
    whole = likely("fern", ask_watering__fern=0.9)
    probabilities = {**whole.probabilities, "ask_light/rose": 0.0}
    assert grounder.decide(Hypotheses(probabilities, ("fern",))).kind == "answer"


def test_a_message_that_names_no_topic_is_read_of_the_one_before() -> None:
    alone = likely(leans=True, other_topic=0.5)
    found = GROUNDER.decide(alone, (), likely("moss", ask_watering__moss=0.9), "moss")
    assert (found.kind, found.intent) == ("follow_up", "follow_up")
    assert found.in_context is not None
    assert found.in_context.entries == ("moss/watering",)


def test_an_elliptic_aspect_is_that_cell_of_the_topic_before() -> None:
    alone = likely(leans=True, follow_up__light=0.8)
    found = GROUNDER.decide(alone, (), likely("fern", follow_up__light=0.8), "fern")
    assert found.in_context is not None
    assert found.in_context.entries == ("fern/light",)


def test_a_question_plain_by_itself_stays_what_it_is_in_a_conversation() -> None:
    plain = likely(ask_watering__fern=0.95)
    found = GROUNDER.decide(plain, (), likely("moss", ask_watering__fern=0.5), "moss")
    assert (found.kind, found.entries) == ("answer", ("fern/watering",))


@pytest.mark.parametrize(
    ("text", "entry"), [("and that?", "fern/watering"), ("even in the shade?", "fern/light")]
)
def test_in_a_conversation_an_entry_gains_by_the_messages_own_words(text: str, entry: str) -> None:
    alone = replace(likely(leans=True, asks=False), text=text)
    after = likely("fern", ask_watering__fern=0.5, ask_light__fern=0.4)
    found = GROUNDER.decide(alone, (), after, "fern")
    assert found.in_context is not None
    assert found.in_context.entries[0] == entry


@pytest.mark.parametrize(
    ("alone", "after", "kind"), [(0.9, 0.6, "emergency"), (0.9, 0.05, "follow_up")]
)
def test_in_a_conversation_danger_is_read_in_it_too(alone: float, after: float, kind: str) -> None:
    cry = likely(danger=alone, emergency=0.5)
    with_topic = likely("fern", danger=after, ask_watering__fern=0.9)
    assert GROUNDER.decide(cry, (), with_topic, "fern").kind == kind
    # Nothing was spoken of: the message alone decides.
    assert GROUNDER.decide(cry).kind == "emergency"


def test_what_only_leans_is_what_the_conversation_makes_of_it() -> None:
    grounder = Grounder(garden(), [*LABELS, LEANING])

    def leaning(*topics: str, **named: float) -> Hypotheses:
        whole = likely(*topics, leans=True, **named)
        shared = {label: value / 5 for label, value in whole.probabilities.items()}
        return replace(whole, probabilities={**shared, LEANING: 0.8})

    found = grounder.decide(leaning(), (), leaning("fern", ask_light__fern=0.8), "fern")
    assert found.in_context is not None
    assert found.in_context.entries == ("fern/light",)
    alone = grounder.decide(leaning())
    assert (alone.kind, alone.intent, alone.aspect) == ("follow_up", "follow_up", None)


def test_cells_out_of_the_question_may_be_missing() -> None:
    def without(whole: Hypotheses, *cells: str) -> Hypotheses:
        left = {k: v for k, v in whole.probabilities.items() if k not in cells}
        return Hypotheses(left, whole.topics, whole.leans, whole.asks)

    whole = likely("fern", ask_watering__fern=0.9)
    found = decide(without(whole, "ask_light/fern", "ask_light/orchid"))
    assert (found.kind, found.entries) == ("answer", ("fern/watering",))
    # What one reading leaves out, the other may tell of.
    alone = without(likely(leans=True, follow_up__light=0.8), "ask_light/fern")
    after = without(likely("fern", follow_up__light=0.8), "ask_watering/moss")
    found = GROUNDER.decide(alone, (), after, "fern")
    assert found.in_context is not None
    assert found.in_context.entries == ("fern/light",)


def test_a_second_question_that_leans_on_the_first_is_asked_of_its_topic() -> None:
    labels = (*LABELS, "follow_up/watering", "ask_watering")

    def read(*topics: str, **named: float) -> Hypotheses:
        given = {label.replace("__", "/"): value for label, value in named.items()}
        return Hypotheses({**dict.fromkeys(labels, 0.0), **given}, topics, asks=True)

    whole = read("fern", ask_definition__fern=1.0)
    # Neither reading is sure alone; both mean the same of a fern.
    second = read(follow_up__watering=0.6, ask_watering=0.4)
    found = Grounder(garden(), labels).decide(whole, [whole, second])
    assert set(found.entries) == {"fern/definition", "fern/watering"}


@pytest.mark.parametrize("label", ["personal_advice", "ask_cost"])
def test_what_is_not_near_is_not_offered_beside_a_reply_that_is_no_answer(label: str) -> None:
    far = {cell.replace("/", "__"): 0.001 for cell in CELLS}
    assert decide(likely(**{label: 0.95}, **far)).options == ()
    near = {**far, "ask_light__plant": 0.02}
    assert decide(likely(**{label: 0.93}, **near)).options == ("plant/light",)
    assert (
        len(
            decide(
                likely(
                    "fern",
                    **{label: 0.95},
                    **far,
                )
            ).options
        )
        == 2
    )


def test_a_part_counts_without_the_form_of_a_question_where_it_is_plain() -> None:
    whole = likely("fern", ask_watering__fern=0.6)
    asked = likely(ask_watering__fern=0.9)
    plain, vague = (likely(asks=False, ask_light__fern=p) for p in (0.97, 0.9))
    assert decide(whole, asked, plain).entries == ("fern/watering", "fern/light")
    assert decide(whole, asked, vague).entries == ("fern/watering",)


def test_a_part_on_things_at_large_is_not_bound_to_the_messages_topic() -> None:
    whole = likely("fern", "plant", ask_watering__fern=0.6)
    parts = likely("fern", ask_watering__fern=0.9), likely("plant", ask_light__plant=0.9)
    assert decide(whole, *parts).entries == ("fern/watering", "plant/light")


def test_one_aspect_of_two_topics_is_told_of_each() -> None:
    whole = likely("fern", "moss", ask_watering__fern=0.6)
    found = decide(whole, likely("fern", ask_watering__fern=0.9), likely("moss", greet=0.5))
    assert found.entries == ("fern/watering", "moss/watering")


@pytest.mark.parametrize(("sure", "kind"), [(0.8, "greet"), (0.4, "follow_up")])
def test_a_greeting_is_one_in_any_conversation(sure: float, kind: str) -> None:
    after = likely("fern", ask_watering__fern=0.95)
    assert GROUNDER.decide(likely(greet=sure), (), after, "fern").kind == kind


def test_what_seems_a_plea_is_a_question_to_whoever_knows_what_was_told() -> None:
    after = likely("fern", ask_watering__fern=0.95)
    found = GROUNDER.decide(likely(distress=0.85), (), after, "fern")
    assert found.in_context is not None
    assert found.in_context.entries == ("fern/watering",)


def test_a_follow_up_that_names_another_topic_is_read_with_the_conversation() -> None:
    alone = likely("moss", leans=True, other_topic=0.6)
    found = GROUNDER.decide(alone, (), likely(ask_watering__moss=0.9), "fern")
    assert found.in_context is not None
    assert found.in_context.entries == ("moss/watering",)


@pytest.mark.parametrize(
    ("alone", "after", "told_again"), [(0.8, 0.5, True), (0.8, 0.7, False), (0.95, 0.7, True)]
)
def test_a_choice_stays_one_unless_the_conversation_is_plainer(
    alone: float, after: float, told_again: bool
) -> None:
    choice = likely(choose_option=alone)
    found = GROUNDER.decide(choice, (), likely(ask_watering__fern=after), "fern")
    assert (found.in_context is None) is told_again


def test_a_leaning_message_that_stays_one_is_no_error() -> None:
    grounder = Grounder(garden(), [*LABELS, LEANING])
    whole = likely(leans=True, why=0.1)
    shared = {label: value / 10 for label, value in whole.probabilities.items()}
    whole = replace(whole, probabilities={**shared, LEANING: 0.9})
    found = grounder.decide(whole, (), likely(other_topic=0.5, why=0.4), "fern")
    assert found.kind == "follow_up"


def test_several_questions_stay_several_in_a_conversation() -> None:
    whole = likely("moss", ask_watering__fern=0.6)
    parts = likely("fern", ask_watering__fern=0.9), likely("moss", ask_watering__moss=0.9)
    after = likely("fern", ask_watering__fern=0.9)
    found = GROUNDER.decide(whole, parts, after, "fern")
    assert set(found.entries) == {"fern/watering", "moss/watering"}


def test_a_question_beside_a_thank_you_stays_one_in_a_conversation() -> None:
    whole = likely(greet=0.55, ask_watering__fern=0.4)
    parts = likely(greet=0.95), likely("fern", ask_watering__fern=0.95)
    found = GROUNDER.decide(whole, parts, likely("fern", greet=0.9), "fern")
    assert (found.kind, found.entries) == ("answer", ("fern/watering",))


def test_a_cry_that_names_a_topic_is_no_less_one_in_a_conversation() -> None:
    cry = likely("moss", danger=0.7, crisis=0.6)
    calm = likely("fern", danger=0.1, ask_watering__moss=0.9)
    assert GROUNDER.decide(cry, (), calm, "fern").kind == "crisis"
