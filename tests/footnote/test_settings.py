"""What a deployment may set, and what is refused by name."""

from __future__ import annotations

import pytest

from footnote.settings import Settings, SettingsError


def test_nothing_set_claims_no_country_and_names_the_care_team() -> None:
    settings = Settings.from_environment({})
    assert settings == Settings(None, "your care team", None, 5.0)
    assert settings.contact == "your care team"


def test_all_that_is_set_is_taken() -> None:
    environment = {
        "FOOTNOTE_COUNTRY": " gb ",
        "FOOTNOTE_CARE_TEAM": "the ward",
        "FOOTNOTE_CARE_TEAM_PHONE": "555 0100",
        "FOOTNOTE_REPLY_TIMEOUT": "2.5",
    }
    settings = Settings.from_environment(environment)
    assert settings == Settings("GB", "the ward", "555 0100", 2.5)
    assert settings.contact == "the ward (555 0100)"


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_value_is_no_value(blank: str) -> None:
    names = ("COUNTRY", "CARE_TEAM", "CARE_TEAM_PHONE", "REPLY_TIMEOUT")
    environment = {f"FOOTNOTE_{name}": blank for name in names}
    assert Settings.from_environment(environment) == Settings()


def test_the_process_environment_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_COUNTRY", "IE")
    assert Settings.from_environment().country == "IE"


@pytest.mark.parametrize("country", ["GBR", "G", "12", "G1", "G-"])
def test_a_malformed_country_is_refused(country: str) -> None:
    with pytest.raises(SettingsError, match=f"FOOTNOTE_COUNTRY is '{country}'"):
        Settings.from_environment({"FOOTNOTE_COUNTRY": country})


@pytest.mark.parametrize("timeout", ["soon", "0", "-1", "61", "nan", "inf", "1s"])
def test_a_timeout_that_cannot_be_waited_is_refused(timeout: str) -> None:
    with pytest.raises(SettingsError, match=f"FOOTNOTE_REPLY_TIMEOUT is '{timeout}'"):
        Settings.from_environment({"FOOTNOTE_REPLY_TIMEOUT": timeout})
