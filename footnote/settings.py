"""What a deployment decides, read from the environment and checked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

DEFAULT_CARE_TEAM = "your care team"


class SettingsError(Exception):
    """An environment variable holds something that cannot be used."""


@dataclass(frozen=True)
class Settings:
    """The deployment's choices.

    Attributes:
        country: two-letter code whose numbers to call are given; None claims no country.
        care_team: how to name the people to ask, as inside a sentence.
        care_team_phone: their number, or None.
        reply_timeout: seconds after which a person is told that something failed.
    """

    country: str | None = None
    care_team: str = DEFAULT_CARE_TEAM
    care_team_phone: str | None = None
    reply_timeout: float = 5.0

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read FOOTNOTE_COUNTRY, _CARE_TEAM, _CARE_TEAM_PHONE and _REPLY_TIMEOUT.

        Raises:
            SettingsError: a value is malformed; the message names the variable.
        """
        env = os.environ if environment is None else environment
        country = env.get("FOOTNOTE_COUNTRY", "").strip().upper() or None
        if country and not (len(country) == 2 and country.isalpha()):
            raise SettingsError(
                f"FOOTNOTE_COUNTRY is {country!r}; give a two-letter country code such as GB"
            )
        timeout = env.get("FOOTNOTE_REPLY_TIMEOUT", "").strip() or "5"
        try:
            seconds = float(timeout)
        except ValueError:
            seconds = 0.0
        if not 0 < seconds <= 60:
            raise SettingsError(
                f"FOOTNOTE_REPLY_TIMEOUT is {timeout!r}; give seconds, more than 0 and at most 60"
            )
        return cls(
            country=country,
            care_team=env.get("FOOTNOTE_CARE_TEAM", "").strip() or DEFAULT_CARE_TEAM,
            care_team_phone=env.get("FOOTNOTE_CARE_TEAM_PHONE", "").strip() or None,
            reply_timeout=seconds,
        )

    @property
    def contact(self) -> str:
        """The care team, with its number where there is one."""
        if self.care_team_phone:
            return f"{self.care_team} ({self.care_team_phone})"
        return self.care_team
