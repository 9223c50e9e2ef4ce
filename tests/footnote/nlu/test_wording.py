"""Words that entries share with a message."""

from __future__ import annotations

import math

import pytest

from footnote.nlu import wording
from footnote.nlu.wording import Wording, words_of
from tests.helpers.garden import garden

WORDING = Wording(garden())
ENTRIES = len(garden().entries)


def test_an_entry_shares_the_words_of_its_answer_and_of_its_sentences() -> None:
    assert WORDING.shared("TWICE, you said?").keys() == {"fern/watering"}
    assert WORDING.shared("without flowers").keys() == {"fern/definition"}


def test_a_word_of_one_entry_weighs_more_than_one_of_two() -> None:
    assert WORDING.shared("twice") == pytest.approx({"fern/watering": math.log(ENTRIES)})
    half = math.log(ENTRIES / 2)
    assert WORDING.shared("shade") == pytest.approx({"fern/light": half, "plant/light": half})


def test_a_word_of_too_many_entries_points_at_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "MOST_USERS", 1)
    rare = Wording(garden())
    assert rare.shared("shade") == {}
    assert rare.shared("twice in the shade") == WORDING.shared("twice")


@pytest.mark.parametrize("text", ["", "?!", "and what about it", "quantum chromodynamics"])
def test_nothing_is_shared_where_no_word_carries_meaning_here(text: str) -> None:
    assert WORDING.shared(text) == {}


def test_words_are_told_without_those_that_every_text_holds() -> None:
    assert words_of("Is it the 2 mm needle?") == {"2", "mm", "needle"}
