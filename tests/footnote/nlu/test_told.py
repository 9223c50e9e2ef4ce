"""Training messages that follow an answer."""

from __future__ import annotations

import pytest

from footnote.nlu.told import Followed, as_read, in_context, split
from tests.helpers.garden import garden


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        ("fern/light: even at noon?", Followed("even at noon?", ("fern", "light"))),
        ("fern/how-it-works: why: and how?", Followed("why: and how?", ("fern", "how-it-works"))),
        ("two things: light, and water", Followed("two things: light, and water")),
        ("moss and/or ferns: which?", Followed("moss and/or ferns: which?")),
        ("", Followed("")),
    ],
)
def test_what_was_told_stands_in_front(example: str, expected: Followed) -> None:
    assert split(example) == expected


def test_a_message_after_an_answer_is_read_with_its_topic_in_front() -> None:
    title = garden().topics["fern"].title
    assert as_read(garden(), "fern/light: even at noon?") == f"{title}: even at noon?"
    assert as_read(garden(), "even at noon?") == "even at noon?"


def test_a_topic_that_is_gone_from_the_knowledge_base_still_reads_as_words() -> None:
    assert in_context(garden(), "water-lily", "how deep?") == "water lily: how deep?"
