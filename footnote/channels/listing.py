"""Say which channels are on, where they listen, and what is missing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from footnote import paths
from footnote.channels.setup import PUBLIC_URL, SETUPS
from footnote.settings import SettingsError

CREDENTIALS = paths.ROOT / "credentials.yml"
PLAIN = {
    "footnote.channels.rest.RestInput": ("REST", "/webhooks/rest/webhook"),
    "footnote.channels.callback.CallbackInput": ("Callback", "/webhooks/callback/webhook"),
    "footnote.channels.web.WebInput": ("Web chat", "/"),
}
"""Channels that need no variables."""
NO_CHANNELS = "footnote.operations."
"""What Rasa serves as a channel, but nobody talks with (health, metrics)."""


def listing(
    credentials: Path = CREDENTIALS, environment: Mapping[str, str] | None = None
) -> list[str]:
    """Return the lines of `footnote channels`.

    Raises:
        SettingsError: credentials.yml cannot be read.
    """
    env = os.environ if environment is None else environment
    named = _named(credentials)
    address = env.get(PUBLIC_URL.name, "").strip().rstrip("/")
    lines = [_line(title, "on", path) for key, (title, path) in PLAIN.items() if key in named]
    known = {setup.input_class for setup in SETUPS} | set(PLAIN)
    others = [key for key in named if key not in known and not key.startswith(NO_CHANNELS)]
    lines += [_line(key, "on", "as its own documentation says") for key in others]
    for setup in SETUPS:
        if setup.input_class not in named:
            lines.append(_line(setup.title, "off", f"not in {credentials.name}"))
        elif problems := setup.problems(env):
            lines.append(_line(setup.title, "off", setup.path))
            if setup.untouched(env):
                problems = ["needs " + ", ".join(v.name for v in setup.needs)]
            lines += [f"{'':<40}{problem}" for problem in problems]
        else:
            lines.append(_line(setup.title, "on", f"{address}{setup.path}"))
    return lines


def summary(credentials: Path = CREDENTIALS, environment: Mapping[str, str] | None = None) -> str:
    """Return one line on the messaging channels, for the start."""
    named = _named(credentials)
    ours = [setup for setup in SETUPS if setup.input_class in named]
    on = [setup.title for setup in ours if not setup.problems(environment)]
    begun = [
        setup.title
        for setup in ours
        if setup.problems(environment) and not setup.untouched(environment)
    ]
    said = []
    if on:
        said.append(f"Messaging channels on: {', '.join(on)}.")
    if begun:
        said.append(f"Off, since something is missing: {', '.join(begun)} (make channels).")
    return " ".join(said) or "No messaging channel is set up (make channels)."


def show() -> int:
    """Print the listing; return the exit code."""
    print("\n".join(listing()))
    return 0


def _line(title: str, state: str, rest: str) -> str:
    return f"{title:<34}{state:<6}{rest}"


def _named(credentials: Path) -> dict[str, Any]:
    try:
        data = yaml.safe_load(credentials.read_text(encoding="utf-8")) or {}
    except (OSError, yaml.YAMLError) as error:
        raise SettingsError(f"{credentials} cannot be read ({type(error).__name__})") from None
    if not isinstance(data, dict):
        raise SettingsError(f"{credentials} must name one channel a line, as in 'rest: {{}}'")
    return data
