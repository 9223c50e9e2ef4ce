"""credentials.yml and the secret: what can be used, and what is said of what cannot."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

from footnote.channels.web.config import WebConfig, WebConfigError, secret


def test_nothing_given_is_a_chat_for_this_site_alone() -> None:
    config = WebConfig.of(None)
    assert config.origins == ()
    assert config.speech_input is False
    assert WebConfig.of({}) == config


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"origin": []}, "unknown key 'origin'"),
        ({"origins": "https://a.example"}, "origins must be a list"),
        ({"origins": ["*"]}, "origin '[*]' cannot be used"),
        ({"origins": ["https://a.example/"]}, "without a path"),
        ({"origins": ["https://A.example"]}, "in lower case"),
        ({"origins": ["a.example"]}, "write each site as https://host"),
        ({"origins": [5]}, "origins must be a list"),
        ({"transports": []}, "transports must be some of"),
        ({"transports": ["pigeon"]}, "transports must be some of"),
        ({"colour": "green"}, "is not like '#1f5f5b'"),
        ({"colour": '#fff" onload="'}, "is not like"),
        ({"title": " "}, "title must be a text"),
        ({"speech_input": "yes"}, "speech_input is true or false"),
        ({"session_days": 0}, "session_days is 0"),
        ({"messages_per_minute": True}, "messages_per_minute is True"),
        ({"connections_per_address": "many"}, "connections_per_address is 'many'"),
    ],
)
def test_what_cannot_be_used_is_named(given: dict[str, Any], complaint: str) -> None:
    with pytest.raises(WebConfigError, match=complaint):
        WebConfig.of(given)


def test_origins_as_browsers_send_them_are_taken() -> None:
    origins = ["https://a.example", "http://127.0.0.1:8080", "http://[::1]:8080"]
    assert WebConfig.of({"origins": origins}).origins == tuple(origins)


def test_the_environment_may_name_sites_besides() -> None:
    env = {"FOOTNOTE_WEB_ORIGINS": " https://b.example,https://c.example:8443 "}
    given = WebConfig.of({"origins": ["https://a.example"]}, env)
    assert given.origins == ("https://a.example", "https://b.example", "https://c.example:8443")
    assert WebConfig.of({}, {"FOOTNOTE_WEB_ORIGINS": ""}).origins == ()
    with pytest.raises(WebConfigError, match="FOOTNOTE_WEB_ORIGINS"):
        WebConfig.of({}, {"FOOTNOTE_WEB_ORIGINS": "https://a.example/chat"})


def test_the_secret_comes_from_the_environment(tmp_path: Path) -> None:
    given = "x" * 32
    assert secret({"FOOTNOTE_WEB_SECRET": given}, tmp_path / "none") == given
    assert not (tmp_path / "none").exists()


def test_a_short_secret_is_refused_with_a_way_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(WebConfigError, match="secrets"):
        secret({"FOOTNOTE_WEB_SECRET": "x" * 31}, tmp_path / "none")


def test_without_one_it_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "state" / "web-secret"
    made = secret({}, file)
    assert len(made) >= 32
    assert secret({}, file) == made
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_broken_secret_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "web-secret").write_text("short", encoding="utf-8")
    with pytest.raises(WebConfigError, match="delete it"):
        secret({}, tmp_path / "web-secret")


def test_where_none_can_be_written_the_variable_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(WebConfigError, match="FOOTNOTE_WEB_SECRET is not set"):
        secret({}, tmp_path / "file" / "web-secret")
