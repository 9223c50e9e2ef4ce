"""What a deployment decides for the web channel: credentials.yml and the secret."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from rasa.shared.exceptions import RasaException

from footnote import paths
from footnote.channels.setup import WEB_ORIGINS, WEB_SECRET
from footnote.settings import SettingsError

SECRET_VARIABLE = WEB_SECRET.name
SECRET_FILE = paths.STATE / "web-secret"
MIN_SECRET = 32
TRANSPORTS = ("websocket", "polling")

_ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?")
_COLOUR = re.compile(r"#[0-9a-f]{6}")


class WebConfigError(SettingsError, RasaException):
    """credentials.yml or the secret cannot be used; the message says what to change."""


@dataclass(frozen=True)
class WebConfig:
    """The web channel's entry in credentials.yml.

    Attributes:
        origins: other sites that may embed the widget, as `https://host[:port]`; those of
            FOOTNOTE_WEB_ORIGINS besides.
        transports: how browsers may connect; `[websocket]` alone works behind any balancer.
        title: the chat's name on its page.
        colour: its accent on its page, as `#rrggbb`.
        speech_input: whether people may choose to speak (browsers may send the sound away).
        session_days: how long a browser finds its conversation again.
        messages_per_minute: what one conversation may send, after a burst of ten.
        connections_per_address: open connections from one address.
    """

    origins: tuple[str, ...] = ()
    transports: tuple[str, ...] = TRANSPORTS
    title: str = "Footnote"
    colour: str | None = None
    speech_input: bool = False
    session_days: int = 30
    messages_per_minute: int = 20
    connections_per_address: int = 50

    @classmethod
    def of(
        cls, credentials: Mapping[str, Any] | None, environment: Mapping[str, str] | None = None
    ) -> WebConfig:
        """Check the channel's credentials.

        Args:
            credentials: the entry in credentials.yml.
            environment: where FOOTNOTE_WEB_ORIGINS may be (default: the process's).

        Raises:
            WebConfigError: a key is unknown or a value cannot be used.
        """
        env = os.environ if environment is None else environment
        given = dict(credentials or {})
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(given) - known):
            raise WebConfigError(
                f"credentials.yml, web channel: unknown key {unknown[0]!r}; "
                f"there are {', '.join(sorted(known))}"
            )
        # An image holds credentials.yml; the environment is what a deployment can change.
        more = [each.strip() for each in env.get(WEB_ORIGINS.name, "").split(",")]
        origins = _strings("origins", given.pop("origins", ())) + tuple(filter(None, more))
        transports = _strings("transports", given.pop("transports", TRANSPORTS))
        config = cls(origins=origins, transports=transports, **given)
        config._check()
        return config

    def _check(self) -> None:
        for origin in self.origins:
            if not _ORIGIN.fullmatch(origin):
                raise WebConfigError(
                    f"credentials.yml or {WEB_ORIGINS.name}, web channel: origin {origin!r} "
                    "cannot be used; write each site as https://host or https://host:port, in "
                    "lower case, without a path"
                )
        if not self.transports or set(self.transports) - set(TRANSPORTS):
            raise WebConfigError(
                "credentials.yml, web channel: transports must be some of " + ", ".join(TRANSPORTS)
            )
        if self.colour is not None and not _COLOUR.fullmatch(str(self.colour)):
            raise WebConfigError(
                f"credentials.yml, web channel: colour {self.colour!r} is not like '#1f5f5b'"
            )
        if not isinstance(self.title, str) or not self.title.strip():
            raise WebConfigError("credentials.yml, web channel: title must be a text")
        if not isinstance(self.speech_input, bool):
            raise WebConfigError("credentials.yml, web channel: speech_input is true or false")
        for name in ("session_days", "messages_per_minute", "connections_per_address"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= 10_000:
                raise WebConfigError(
                    f"credentials.yml, web channel: {name} is {value!r}; give 1 to 10000"
                )


def _strings(name: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise WebConfigError(f"credentials.yml, web channel: {name} must be a list of texts")


def secret(environment: Mapping[str, str] | None = None, file: Path = SECRET_FILE) -> str:
    """Return the key that session tokens are signed with.

    It comes from FOOTNOTE_WEB_SECRET. Where that is not set, one is made once and kept in
    `.footnote/` (out of git, readable by its owner only), which suits one server process.

    Raises:
        WebConfigError: the secret is too short, or none is set and none can be written.
    """
    env = os.environ if environment is None else environment
    given = env.get(SECRET_VARIABLE, "").strip()
    if given:
        if len(given) < MIN_SECRET:
            raise WebConfigError(
                f"{SECRET_VARIABLE} has fewer than {MIN_SECRET} characters; make one with: "
                "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
            )
        return given
    try:
        return _kept(file)
    except OSError as error:
        raise WebConfigError(
            f"{SECRET_VARIABLE} is not set and {file} cannot be used ({error.strerror}); set the "
            "variable to at least 32 random characters"
        ) from None


def _kept(file: Path) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        # Exclusive: of two processes that start at once, one writes and both read.
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(descriptor, "w", encoding="ascii") as target:
            target.write(secrets.token_urlsafe(32))
    kept = file.read_text(encoding="ascii").strip()
    if len(kept) < MIN_SECRET:
        raise WebConfigError(f"{file} does not hold a secret; delete it, and one is made anew")
    return kept
