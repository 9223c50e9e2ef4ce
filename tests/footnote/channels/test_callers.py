"""Who is let in over HTTP, and that nobody reaches another caller's conversations."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from footnote.channels.callers import LOCAL, Callers, conversation, tokens
from footnote.channels.requests import BadRequest
from footnote.settings import SettingsError

HERE = {"host": "localhost:5005"}
PORTAL, APP = "p" * 32, "a" * 32
KNOWN = Callers({"portal": PORTAL, "app": APP})


def request(ip: str = "127.0.0.1", **headers: str) -> Any:
    return SimpleNamespace(ip=ip, headers={k.replace("_", "-"): v for k, v in headers.items()})


@pytest.mark.parametrize("host", ["localhost", "localhost:5005", "127.0.0.1:80", "[::1]:5005"])
def test_this_machine_is_let_in_where_there_are_no_tokens(host: str) -> None:
    assert Callers({}).of(request(host=host)) == LOCAL
    assert Callers({}).of(request(ip="::1", host=host)) == LOCAL


@pytest.mark.parametrize(
    "headers",
    [
        {"ip": "192.0.2.1", **HERE},
        {"ip": "", **HERE},
        {"x_forwarded_for": "192.0.2.1", **HERE},
        {"forwarded": "for=192.0.2.1", **HERE},
        {"via": "1.1 proxy", **HERE},
        {"origin": "https://evil.example", **HERE},
        {"host": "evil.example"},
        {"host": "localhost.evil.example"},
        {"host": "127.0.0.1.evil.example:5005"},
        {},
    ],
)
def test_others_are_not(headers: dict[str, str]) -> None:
    with pytest.raises(BadRequest) as refused:
        Callers({}).of(request(**headers))
    assert refused.value.status == 401


def test_a_token_tells_its_caller_from_anywhere() -> None:
    assert KNOWN.of(request(ip="192.0.2.1", authorization=f"Bearer {PORTAL}")) == "portal"
    assert KNOWN.of(request(ip="192.0.2.1", authorization=f"bearer  {APP}")) == "app"


@pytest.mark.parametrize(
    "given",
    ["", "Bearer", "Bearer ", f"Basic {PORTAL}", f"Bearer {PORTAL}x", PORTAL, "Bearer \ud83d"],
)
def test_with_tokens_this_machine_needs_one_too(given: str) -> None:
    with pytest.raises(BadRequest) as refused:
        KNOWN.of(request(host="localhost", authorization=given))
    assert refused.value.status == 401


def test_callers_and_channels_do_not_share_conversations() -> None:
    ids = {
        conversation(channel, caller, "me")
        for channel in ("rest", "callback")
        for caller in ("portal", "app", LOCAL)
    }
    assert len(ids) == 6


def test_tokens_are_read_and_checked() -> None:
    assert tokens(f"portal:{PORTAL}, app:{APP}") == {"portal": PORTAL, "app": APP}
    assert tokens("") == {}
    for wrong in ("portal", f"portal:{PORTAL},portal:{APP}", f"Portal:{PORTAL}", "portal:short"):
        with pytest.raises(SettingsError):
            tokens(wrong)
