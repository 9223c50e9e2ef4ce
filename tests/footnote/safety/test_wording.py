"""Whom to call: a country's own numbers, and no number claimed for everywhere."""

from __future__ import annotations

import re

import pytest
from pydantic import ValidationError

from footnote.knowledge import load_knowledge
from footnote.knowledge.models import CrisisLine, EmergencyNumbers, GeneralLine, Helplines
from footnote.safety.wording import SafetyWording
from footnote.settings import Settings, SettingsError
from tests.helpers.garden import helplines

PROJECT = load_knowledge().helplines
NUMBER = re.compile(r"\d{3,}")


def wording(country: str | None, lines: Helplines | None = None) -> SafetyWording:
    return SafetyWording.of(lines or helplines(), Settings(country=country))


def test_a_countrys_own_numbers_are_given() -> None:
    words = wording("GB")
    assert words.emergency_line == "Please call 999 or 112 now."
    assert words.emergency_line in words.emergency
    assert "Samaritans on 116 123 (text SHOUT to 85258)." in words.crisis
    assert "please call 999 or 112 now." in words.crisis
    assert "please call 999 or 112 now." in words.reminder


def test_a_country_without_a_crisis_line_points_to_the_register_and_its_emergency_number() -> None:
    words = wording("XK")
    assert "findahelpline.com" in words.crisis
    assert "192" in words.crisis


def test_without_a_country_each_number_says_where_it_holds() -> None:
    words = wording(None, PROJECT)
    line = words.emergency_line
    assert NUMBER.findall(line)
    for number in NUMBER.findall(line):
        assert re.search(rf"{number} in (?:the )?[A-Z]", line)
    assert "your local emergency number" in line.lower()
    assert not re.search(r"everywhere|anywhere|worldwide|all countries", line.lower())


@pytest.mark.parametrize("text", ["emergency", "crisis"])
def test_without_a_country_the_replies_still_hold_a_number_and_the_caveat(text: str) -> None:
    reply = getattr(wording(None, PROJECT), text)
    assert NUMBER.search(reply)
    assert "local emergency number" in reply


@pytest.mark.parametrize("country", PROJECT.countries, ids=lambda country: country.country)
def test_every_country_of_the_project_has_its_numbers_in_both_replies(country) -> None:
    words = wording(country.country, PROJECT)
    for number in country.emergency.numbers:
        assert number in words.emergency
        assert number in words.crisis
    for number in country.crisis.numbers if country.crisis else ():
        assert number in words.crisis


def test_an_unknown_country_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(SettingsError) as raised:
        wording("ZZ")
    message = str(raised.value)
    assert "FOOTNOTE_COUNTRY is 'ZZ'" in message
    assert "GB, XK" in message
    assert "knowledge/helplines.yml" in message


@pytest.mark.parametrize(
    ("model", "data"),
    [
        (EmergencyNumbers, {"numbers": ["112"]}),
        (EmergencyNumbers, {"numbers": ["112"], "source": " "}),
        (CrisisLine, {"name": "A line", "numbers": ["1"]}),
        (GeneralLine, {"text": "Call."}),
        (GeneralLine, {"text": "Call.", "sources": []}),
    ],
)
def test_a_helpline_without_a_source_is_refused(model, data) -> None:
    with pytest.raises(ValidationError, match="source"):
        model(**data)


def test_a_line_without_numbers_is_refused() -> None:
    with pytest.raises(ValidationError, match="numbers"):
        EmergencyNumbers(numbers=[], source="A register")
