"""What could identify a person is masked; what the bot or a doctor says in numbers stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.privacy.redaction import Redactor, redactor

REDACT = Redactor(["020 7946 0000", "+49 800 1110111"])


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("write to ann.smith+x@mail.example.org please", "write to [email] please"),
        ("ann@example.org,bob@example.org", "[email],[email]"),
        ("call 07700 900123 now", "call [number] now"),
        ("+44 (0)7700-900-123", "[number]"),
        ("(0171) 234 5678", "[number]"),
        ("my NHS number is 943 476 5919.", "my NHS number is [number]."),
        ("born 12/05/1961", "born [number]"),
        ("card 4111 1111 1111 1111", "card [number]"),
        ("id 1234567", "id [number]"),
        ("٠٧٧٠٠٩٠٠١٢٣", "[number]"),
    ],
)
def test_what_names_a_person_is_masked(text: str, kept: str) -> None:
    assert REDACT.text(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "call 999 or 112",
        "Samaritans: 116 123",
        "the nurses: 020 7946 0000",
        "(020) 79460000",
        "+49 800 111 0111",
        "I am 61 and take 2.5 mg, 3 times in 24 hours",
        "stage 4, HER2, since 2021",
        "from 2019 to 2021",
        "a 1,000,000 to one",
        "me @ home",
        "",
    ],
)
def test_what_names_nobody_stays(text: str) -> None:
    assert REDACT.text(text) == text


def test_the_deployments_own_numbers_stay() -> None:
    for country in ("116 123", "988", "13 11 14"):
        assert redactor().text(country) == country


def test_a_value_is_masked_throughout_but_for_the_ids_that_programs_make() -> None:
    value = {
        "text": "07700 900123",
        "parse": [{"value": "a@b.example"}],
        "message_id": "1234567890",
    }
    assert REDACT.value(value) == {
        "text": "[number]",
        "parse": [{"value": "[email]"}],
        "message_id": "1234567890",
    }


def test_what_the_bot_quotes_is_masked_and_its_own_numbers_are_not() -> None:
    pieces = REDACT.personal("I am 07700 900123, the nurse is 020 7946 0000")
    said = {"text": "You wrote 07700 900123. Call 020 7946 0000 or 0800 1234567."}
    assert REDACT.without(said, pieces) == {
        "text": "You wrote [number]. Call 020 7946 0000 or 0800 1234567."
    }


@given(st.text())
def test_any_text_is_masked_once_and_for_all(text: str) -> None:
    once = REDACT.text(text)
    assert REDACT.text(once) == once
    assert not REDACT.personal(once)


@given(st.text(alphabet="0123456789 -+()/.", max_size=2000))
def test_long_runs_of_digits_take_no_time(text: str) -> None:
    REDACT.text(text)
