"""Misspelt words of the subject are repaired; ordinary English stays as it was typed."""

from __future__ import annotations

import pytest

from footnote.english import english_words
from footnote.nlu.spelling import SpellingRepairer, is_slip, words

TEXTS = [
    "what is the treatment for stage four",
    "is it treatable",
    "treatment with radiation",
    "chemotherapy side effects",
    "chemotherapy and radiation treatment",
] * 10
TERMS = ["chemotherapy", "trastuzumab", "letrozole", "hormone therapy", "hysterectomy"]


@pytest.fixture(scope="module")
def repairer() -> SpellingRepairer:
    return SpellingRepairer.train(TEXTS, english_words(), TERMS)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tretment", "treatment"),
        ("treatmnet", "treatment"),
        ("Treatement", "treatment"),
        ("radation", "radiation"),
        ("chemotheraphy", "chemotherapy"),
        ("chemoterapy", "chemotherapy"),
        ("trastuzumb", "trastuzumab"),
        ("letrozolle", "letrozole"),
        ("efects", "effects"),
        ("histerectomy", "hysterectomy"),
    ],
)
def test_a_misspelt_word_is_repaired(repairer: SpellingRepairer, typed: str, meant: str) -> None:
    assert repairer.repair(typed) == meant


@pytest.mark.parametrize(
    "word",
    [
        "untreatable", "horses", "affect", "affects", "doesnt", "couldnt", "youre", "weather",
        "mother", "Breathing", "threat", "treat", "fours",
        "tx", "rads", "xxxxx", "covid19", "2mm", "?", "", "🙂🙂🙂🙂🙂", "лечение",
    ],
)  # fmt: skip
def test_an_ordinary_word_stays_as_it_was_typed(repairer: SpellingRepairer, word: str) -> None:
    assert repairer.repair(word) == word


@pytest.mark.parametrize("negated", ["untreatable", "nontreatable", "intreatable"])
def test_a_negation_is_not_a_slip_of_the_pen(repairer: SpellingRepairer, negated: str) -> None:
    assert repairer.repair(negated) != "treatable"


def test_a_sentence_is_repaired_word_by_word(repairer: SpellingRepairer) -> None:
    typed = ["What", "tretment", "is", "there", "?"]
    assert repairer.repair_all(typed) == ["What", "treatment", "is", "there", "?"]


def test_a_repair_leads_to_a_word_that_stays(repairer: SpellingRepairer) -> None:
    assert all(repairer.repair(target) == target for target in repairer.targets)


def test_rare_misspellings_in_the_questions_are_no_targets() -> None:
    repairer = SpellingRepairer.train([*TEXTS, "tretment"], english_words(), TERMS)
    assert repairer.repair("tretment") == "treatment"


@pytest.mark.parametrize(
    ("text", "found"),
    [("Stage 4, please!", ["stage", "please"]), ("x-ray", ["x", "ray"]), ("naïve", ["naïve"])],
)
def test_words(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_the_word_lists_hold_everyday_words_in_lower_case() -> None:
    listed = english_words()
    assert {"mother", "therefore", "doesnt", "went"} <= listed
    assert all(word == word.lower() for word in listed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("reast", "breast"),  # "rest" is as near and shares the first letter, but is seldom asked
        ("scqnner", "scanner"),  # q lies beside a; no key beside it makes "scanned"
        ("tabletss", "tablets"),  # no plural of "tablets"
    ],
)
def test_uses_and_keys_decide_between_words_equally_near(typed: str, meant: str) -> None:
    texts = ["breast cancer"] * 3000 + ["take a rest", "the scanner", "scanned", "tablets"] * 10
    assert SpellingRepairer.train(texts, english_words(), ()).repair(typed) == meant


@pytest.mark.parametrize(
    ("typed", "slip"),
    [
        ("braest", True),
        ("reast", True),
        ("breasst", True),
        ("bresst", True),
        ("brepst", False),
        ("breasqt", False),
        ("brsaet", False),
        ("beeaat", False),
    ],
)
def test_a_slip_of_the_finger_is_one_edit_of_its_kind(typed: str, slip: bool) -> None:
    assert is_slip("breast", typed) is slip
