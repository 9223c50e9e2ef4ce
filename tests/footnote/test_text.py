"""What people type, made plain."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footnote.text import clean


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("what’s  this", "what's this"),
        ("“quoted” – or—not…", '"quoted" - or-not...'),
        ("  two\n\tlines ", "two lines"),
        ("sooooo baaaad", "soo baad"),
        ("100000", "100000"),
        ("ｆｕｌｌ width", "full width"),
        ("CAPS stay CAPS", "CAPS stay CAPS"),
        ("", ""),
    ],
)
def test_clean(typed: str, expected: str) -> None:
    assert clean(typed) == expected


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=100))
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)
