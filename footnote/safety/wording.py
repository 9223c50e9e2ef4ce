"""The words of emergency and crisis replies, and whom to call where.

Numbers come from `knowledge/helplines.yml` only. Where the deployment names no country,
no number is claimed to work everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from footnote.knowledge.models import Country, Helplines
from footnote.settings import Settings, SettingsError


@dataclass(frozen=True)
class SafetyWording:
    """The fixed texts of a deployment.

    Attributes:
        emergency, crisis: the replies, each with a number to call.
        emergency_line, crisis_line: for replies that only add whom to call.
        reminder: added to the reply that follows an emergency or a crisis.
    """

    emergency: str
    crisis: str
    emergency_line: str
    crisis_line: str
    reminder: str

    @classmethod
    def of(cls, helplines: Helplines, settings: Settings) -> SafetyWording:
        """Return the wording for the deployment's country.

        Raises:
            SettingsError: the country is not in helplines.yml.
        """
        country = _country(helplines, settings.country)
        line = _emergency_line(helplines, country)
        return cls(
            emergency=(
                "This may be an emergency, and I am only a program. "
                f"{line} If you can, do not stay alone. If you are in treatment, say so "
                "when you call."
            ),
            crisis=(
                "I am very sorry that it is this hard. You deserve help from a person, now. "
                f"{_crisis_line(helplines, country)} If life is in danger, do not wait: "
                f"{_uncap(line)} If you can, tell somebody near you how bad it is."
            ),
            emergency_line=line,
            crisis_line=_crisis_line(helplines, country),
            reminder=f"If somebody is still in danger: {_uncap(line)}",
        )


def _country(helplines: Helplines, code: str | None) -> Country | None:
    if code is None:
        return None
    for country in helplines.countries:
        if country.country == code:
            return country
    known = ", ".join(country.country for country in helplines.countries)
    raise SettingsError(
        f"FOOTNOTE_COUNTRY is {code!r}, but knowledge/helplines.yml has only {known}. "
        "Add the country there with its numbers and their source, or leave the variable empty."
    )


def _emergency_line(helplines: Helplines, country: Country | None) -> str:
    if country is None:
        return helplines.general.emergency.text
    return f"Please call {_either(country.emergency.numbers)} now."


def _crisis_line(helplines: Helplines, country: Country | None) -> str:
    if country is None or country.crisis is None:
        return helplines.general.crisis.text
    line = country.crisis
    texting = f" ({_uncap(line.text.rstrip('.'))})" if line.text else ""
    return f"You can call {line.name} on {_either(line.numbers)}{texting}."


def _either(numbers: Sequence[str]) -> str:
    return " or ".join(numbers)


def _uncap(text: str) -> str:
    return text[:1].lower() + text[1:]
