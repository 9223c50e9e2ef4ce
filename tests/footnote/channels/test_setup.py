"""A channel without its variables stays off, says so once, and disturbs nothing else."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
import yaml
from rasa.core.run import create_http_input_channels

from footnote import paths
from footnote.channels import setup
from footnote.channels.listing import listing, summary
from footnote.channels.setup import SETUPS
from footnote.settings import SettingsError
from tests.helpers.channel_server import ChannelServer
from tests.helpers.platforms import FIRST_CLASS, Platform, SlackPlatform

CREDENTIALS = paths.ROOT / "credentials.yml"


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for entry in SETUPS:
        for variable in (*entry.needs, *entry.may_have):
            monkeypatch.delenv(variable.name, raising=False)


@pytest.fixture
def credentials(tmp_path: Path) -> Path:
    """The project's messaging channels, with REST beside them."""
    path = tmp_path / "credentials.yml"
    names = ["footnote.channels.rest.RestInput", *(entry.input_class for entry in SETUPS)]
    path.write_text(yaml.safe_dump({name: {} for name in names}, sort_keys=False), encoding="utf-8")
    return path


def set_all(monkeypatch: pytest.MonkeyPatch, platform: Platform) -> None:
    for name, value in platform.environment().items():
        monkeypatch.setenv(name, value)


def test_every_channel_is_in_the_projects_credentials() -> None:
    named = yaml.safe_load(CREDENTIALS.read_text(encoding="utf-8"))
    assert {entry.input_class for entry in SETUPS} < set(named)
    ours = [named[entry.input_class] for entry in SETUPS]
    assert not any(ours), "secrets come from the environment"


def test_without_variables_rasa_starts_and_only_rest_listens(credentials: Path) -> None:
    channels = create_http_input_channels(None, str(credentials))
    assert len(channels) == 1 + len(SETUPS)
    with ChannelServer(channels) as server:
        assert server.get("/webhooks/rest/").status_code == 200
        for entry in SETUPS:
            assert server.get(f"/webhooks/{entry.channel}/").status_code == 404
            url = f"{server.url}{entry.path}"
            assert server._session.post(url, data=b"{}").status_code == 404


@pytest.mark.parametrize("kind", FIRST_CLASS, ids=lambda kind: kind.setup.channel)
def test_with_its_variables_a_channel_is_on(
    kind: type[Platform], credentials: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_all(monkeypatch, kind())
    channels = create_http_input_channels(None, str(credentials))
    on = [channel for channel in channels if type(channel).__name__ != "Off"]
    assert [channel.name() for channel in on] == ["rest", kind.setup.channel]


def test_a_half_set_channel_warns_once_and_names_what_is_missing(
    credentials: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-very-secret")
    with caplog.at_level(logging.WARNING):
        create_http_input_channels(None, str(credentials))
    (warning,) = [r.getMessage() for r in caplog.records if r.name.startswith("footnote")]
    assert warning.startswith("Slack is off: SLACK_SIGNING_SECRET is not set")
    assert "FOOTNOTE_ID_SECRET" in warning
    assert "very-secret" not in warning


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_BOT_TOKEN", "no token"),
        ("FOOTNOTE_PUBLIC_URL", "bot.example.org"),
        ("FOOTNOTE_PUBLIC_URL", "https://bot.example.org/?a=b"),
        ("FOOTNOTE_ID_SECRET", "short"),
    ],
)
def test_a_malformed_value_is_named_but_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    environment = {
        "TELEGRAM_BOT_TOKEN": "1:a",
        "FOOTNOTE_PUBLIC_URL": "https://bot.example.org/footnote",
        "FOOTNOTE_ID_SECRET": "x" * 32,
    }
    assert setup.TELEGRAM.problems(environment) == []
    (problem,) = setup.TELEGRAM.problems({**environment, name: value})
    assert problem.startswith(f"{name} does not have the right form")
    assert value not in problem.replace("as in https://bot.example.org", "")


def test_the_listing_says_what_is_on_where_and_what_is_missing() -> None:
    environment = {
        **SlackPlatform().environment(),
        "TELEGRAM_BOT_TOKEN": "1:a",
        "FOOTNOTE_PUBLIC_URL": "",
    }
    lines = listing(CREDENTIALS, environment)
    slack = next(line for line in lines if line.startswith("Slack"))
    assert slack.split()[1:] == ["on", "/webhooks/slack/webhook"]
    telegram = lines.index(next(line for line in lines if line.startswith("Telegram")))
    assert lines[telegram].split()[1] == "off"
    assert "FOOTNOTE_PUBLIC_URL is not set" in lines[telegram + 1]
    webex = lines.index(next(line for line in lines if line.startswith("Webex")))
    assert "needs WEBEX_BOT_TOKEN" in lines[webex + 1]
    assert not any("xoxb" in line for line in lines)


def test_the_start_says_it_in_one_line() -> None:
    assert summary(CREDENTIALS, {}) == "No messaging channel is set up (make channels)."
    environment = {**SlackPlatform().environment(), "WEBEX_BOT_TOKEN": "x"}
    assert summary(CREDENTIALS, environment) == (
        "Messaging channels on: Slack. Off, since something is missing: Webex (make channels)."
    )


@pytest.mark.parametrize("content", ["- a list", "{", None])
def test_credentials_that_cannot_be_read_are_a_clear_error(
    tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "credentials.yml"
    if content:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"credentials\.yml"):
        listing(path, {})
