"""A message mistyped: always the same way, one slip a word, and nothing else changed."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from footnote.evaluation.typing import (
    NEIGHBOURS,
    SLIPS,
    WAYS,
    double,
    drop,
    in_capitals,
    slip,
    swap,
    with_typos,
    without_punctuation,
)

WORD = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=5, max_size=12)
MESSAGE = "Does watering help my ferns, and how often?"


@given(WORD, st.integers(0, 1000))
def test_each_slip_is_one_edit(word: str, seed: int) -> None:
    for make in SLIPS:
        assert OSA.distance(word, make(word, Random(seed))) == 1


@given(WORD, st.integers(0, 1000))
def test_a_slip_does_what_its_name_says(word: str, seed: int) -> None:
    assert sorted(swap(word, Random(seed))) == sorted(word) or len(set(word)) == 1
    assert len(drop(word, Random(seed))) == len(word) - 1
    assert set(double(word, Random(seed))) == set(word)
    hit = slip(word, Random(seed))
    [(was, became)] = [(a, b) for a, b in zip(word, hit, strict=True) if a != b]
    assert became in NEIGHBOURS[was]


@pytest.mark.parametrize(
    ("letter", "beside"), [("q", "wa"), ("g", "fhtyvb"), ("m", "njk"), ("p", "ol")]
)
def test_the_keys_beside_a_key_are_those_of_a_keyboard(letter: str, beside: str) -> None:
    assert set(NEIGHBOURS[letter]) == set(beside)


def test_beside_goes_both_ways() -> None:
    assert all(a in NEIGHBOURS[b] for a, others in NEIGHBOURS.items() for b in others)


def test_words_of_five_letters_or_more_have_a_typo_and_shorter_ones_none() -> None:
    before, after = MESSAGE.split(), with_typos(MESSAGE).split()
    assert len(before) == len(after)
    for one, other in zip(before, after, strict=True):
        letters = sum(char.isalpha() for char in one)
        assert OSA.distance(one, other) == (1 if letters >= 5 else 0)


def test_the_same_message_is_mistyped_the_same_way_until_the_seed_changes() -> None:
    assert with_typos(MESSAGE) == with_typos(MESSAGE)
    assert len({with_typos(MESSAGE, seed) for seed in range(20)}) > 10


def test_all_four_slips_happen() -> None:
    lengths = {len(with_typos("watering", seed)) for seed in range(50)}
    swapped = [
        word for s in range(50) if sorted(word := with_typos("watering", s)) == sorted("watering")
    ]
    assert lengths == {7, 8, 9}
    assert swapped


def test_a_capital_stays_one_where_a_finger_slips() -> None:
    slipped = {slip("FERNS", Random(seed)) for seed in range(20)}
    assert all(word.isupper() for word in slipped)


def test_letters_that_are_on_no_key_can_be_mistyped() -> None:
    assert with_typos("ааааа", 1) != "ааааа"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don't, please!", "Dont please"),
        ("it’s 38.5 - is that much?", "its 38.5 is that much"),
        ("stage-4 ferns... (old)", "stage 4 ferns old"),
        ("?!", "?!"),
        ("plain", "plain"),
    ],
)
def test_punctuation_is_left_out(text: str, expected: str) -> None:
    assert without_punctuation(text) == expected


def test_capitals_are_throughout() -> None:
    assert in_capitals("Is it ok?") == "IS IT OK?"


@given(st.text(max_size=60))
def test_no_message_is_too_odd_to_be_typed_otherwise(text: str) -> None:
    for way in WAYS.values():
        assert isinstance(way(text), str)
        assert bool(way(text)) == bool(text)
