"""Text is split where a person would, within what the platform takes; nothing is lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footnote.channels.layout import Option, length, numbered, short, split, tappable

CHOICES = (Option("How it works", "a"), Option("Side effects", "b"))


def test_a_short_text_is_one_part() -> None:
    assert split("One. Two.", 20) == ["One. Two."]


def test_a_blank_text_is_none() -> None:
    assert split(" \n", 20) == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One two. Three four. Five.", ["One two. Three four.", "Five."]),
        ("A first line\nand a second one", ["A first line", "and a second one"]),
        ("no sentence ends anywhere here", ["no sentence ends", "anywhere here"]),
        ("x" * 30, ["x" * 20, "x" * 10]),
        ("\U0001f600" * 12, ["\U0001f600" * 10, "\U0001f600" * 2]),
        ("It is 3.5 mg of it. Really so.", ["It is 3.5 mg of it.", "Really so."]),
    ],
)
def test_a_text_is_split_at_the_best_place_in_reach(text: str, parts: list[str]) -> None:
    assert split(text, 20) == parts


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab .!?\n\U0001f600&", max_size=300), st.integers(12, 60))
def test_nothing_is_lost_and_every_part_fits(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(0 < length(part) <= limit for part in parts)
    assert re.sub(r"\s", "", "".join(parts)) == re.sub(r"\s", "", text)


def test_a_platform_may_measure_otherwise() -> None:
    assert split("& & & &", 12, lambda text: len(text.replace("&", "&amp;"))) == ["& &", "& &"]


def test_options_become_a_numbered_list() -> None:
    assert numbered("Which?", CHOICES) == (
        "Which?\nReply with a number:\n1. How it works\n2. Side effects"
    )
    assert numbered("Which?", ()) == "Which?"


def test_a_title_is_cut_at_a_word() -> None:
    assert short("How it works", 20) == "How it works"
    assert short("2. Side effects of the treatment", 20) == "2. Side effects of…"
    assert short("x" * 30, 20) == "x" * 19 + "…"


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("Please call 999 or 112 now.", "Please call <999> or <112> now."),
        ("Samaritans on 116 123.", "Samaritans on <116123>."),
        ("Text SHOUT to 85258).", "Text SHOUT to <85258>)."),
        ("Call +44 20 7946 0000, please", "Call <+442079460000>, please"),
        ("It is 112 in the EU, 911 in the US.", "It is <112> in the EU, <911> in the US."),
        ("Open 24/7", "Open 24/7"),
        ("See example.org/988", "See example.org/988"),
        ("stage 4 of 5", "stage 4 of 5"),
    ],
)
def test_numbers_to_call_are_found(text: str, linked: str) -> None:
    assert tappable(text, lambda dial, _: f"<{dial}>") == linked
