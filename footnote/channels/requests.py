"""Read what HTTP channels are sent, refusing what they cannot use in plain words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

MAX_BODY = 64 * 1024
MAX_SENDER = 255
WEB_PREFIX = "web-"
"""Conversations of the web chat, which only a signed token opens."""


class BadRequest(Exception):  # noqa: N818 (the name that HTTP gives it)
    """A request that cannot be used; `status` is the HTTP status to answer with."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True)
class Incoming:
    """A message as an HTTP channel received it."""

    sender: str
    text: str


def parse(body: bytes) -> Incoming:
    """Read `{"sender": "...", "message": "..."}`; other fields are ignored.

    Raises:
        BadRequest: the body is too large, no JSON object, or lacks a usable field.
    """
    if len(body) > MAX_BODY:
        raise BadRequest(f"the body is larger than {MAX_BODY} bytes", status=413)
    try:
        data: Any = json.loads(body.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise BadRequest("the body is not JSON in UTF-8") from None
    if not isinstance(data, dict):
        raise BadRequest('the body is not an object like {"sender": "...", "message": "..."}')
    sender, text = data.get("sender"), data.get("message")
    if not isinstance(sender, str) or not sender.strip():
        raise BadRequest('"sender" is missing: give each conversation an id of its own')
    if len(sender) > MAX_SENDER:
        raise BadRequest(f'"sender" is longer than {MAX_SENDER} characters')
    if sender.strip().lower().startswith(WEB_PREFIX):
        raise BadRequest(f'"sender" begins with {WEB_PREFIX}, which only the web chat may use')
    if not sender.isprintable():
        raise BadRequest('"sender" holds characters that cannot be stored')
    if not isinstance(text, str):
        raise BadRequest('"message" is missing or not a text')
    return Incoming(sender.strip(), text.encode("utf-8", "replace").decode("utf-8"))
