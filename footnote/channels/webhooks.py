"""Read what a platform posts: bounded, parsed, and taken apart without raising on odd shapes."""

from __future__ import annotations

import hmac
import json
from typing import Any
from urllib.parse import parse_qsl

from sanic.request import Request

from footnote.channels.requests import BadRequest

MAX_BODY = 256 * 1024
"""No platform posts more for a text message; more is refused before it is read."""
MAX_FIELDS = 200


class Refused(BadRequest):
    """A request that is not proven to come from the platform."""

    def __init__(self, reason: str, status: int = 401) -> None:
        super().__init__(reason, status)


def same(given: str, expected: str) -> bool:
    """Compare a secret in constant time; a header may hold anything."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())


async def read_body(request: Request) -> bytes:
    """Read a streamed request's body.

    Raises:
        BadRequest: it is larger than `MAX_BODY` (413).
    """
    body = bytearray()
    while True:
        chunk = await request.stream.read() if request.stream.request_body else None
        if chunk is None:
            return bytes(body)
        body += chunk
        if len(body) > MAX_BODY:
            raise BadRequest(f"the body is larger than {MAX_BODY} bytes", status=413)


def json_object(body: bytes | str) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        BadRequest: the body is something else.
    """
    try:
        data = json.loads(body if isinstance(body, str) else body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise BadRequest("the body is not JSON in UTF-8") from None
    if not isinstance(data, dict):
        raise BadRequest("the body is not a JSON object")
    return data


def form(body: bytes) -> dict[str, str]:
    """Read a form; of a field given twice the first counts.

    Raises:
        BadRequest: the body is no form in UTF-8, or has too many fields.
    """
    try:
        pairs = parse_qsl(
            body.decode("utf-8"), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict"
        )
    except ValueError:
        raise BadRequest("the body is not a form in UTF-8") from None
    return dict(reversed(pairs))


def dig(data: Any, *path: str | int) -> Any:
    """Return what lies at a path of keys and indices, or None where there is no such place."""
    for step in path:
        if isinstance(step, int):
            if not isinstance(data, list) or step >= len(data):
                return None
            data = data[step]
        else:
            if not isinstance(data, dict):
                return None
            data = data.get(step)
    return data


def text_at(data: Any, *path: str | int) -> str:
    """Return the text at a path, empty where there is none; ids given as numbers count."""
    found = dig(data, *path)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return storable(found) if isinstance(found, str) else ""


def list_at(data: Any, *path: str | int) -> list[Any]:
    """Return the list at a path, empty where there is none."""
    found = dig(data, *path)
    return found if isinstance(found, list) else []


def storable(text: str) -> str:
    """Return text without what a database or an encoder would choke on."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


def content_type(request: Request) -> str:
    """Return the media type alone, lower-cased, without `charset` and the like."""
    return (request.headers.get("content-type") or "").split(";")[0].strip().lower()


def require_type(request: Request, *allowed: str) -> None:
    """Refuse other media types.

    Raises:
        BadRequest: with status 415.
    """
    if content_type(request) not in allowed:
        raise BadRequest(f"the content type is not {' or '.join(allowed)}", status=415)
