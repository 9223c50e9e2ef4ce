"""Files and pages as HTTP wants them: an ETag, gzip made once, 304 and HEAD."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from sanic.request import Request
from sanic.response import HTTPResponse

METHODS = ("GET", "HEAD")


@dataclass(frozen=True)
class Body:
    """Something to serve, with its checksum and its compressed form."""

    data: bytes
    content_type: str
    etag: str = field(init=False)
    gzipped: bytes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "etag", f'"{hashlib.sha256(self.data).hexdigest()[:20]}"')
        object.__setattr__(self, "gzipped", gzip.compress(self.data, 9, mtime=0))

    @classmethod
    def of(cls, path: Path, content_type: str) -> Body:
        """Read a file."""
        return cls(path.read_bytes(), content_type)


def respond(
    request: Request, body: Body, headers: dict[str, str], status: int = 200
) -> HTTPResponse:
    """Return a body in the form that the request asks for."""
    headers = {
        "Cache-Control": "no-cache",
        "Vary": "Accept-Encoding",
        "ETag": body.etag,
        **headers,
    }
    known = request.headers.get("If-None-Match", "")
    if status == 200 and body.etag in (tag.strip().removeprefix("W/") for tag in known.split(",")):
        return HTTPResponse(status=304, headers=headers)
    data = body.data
    if accepts_gzip(request.headers.get("Accept-Encoding", "")):
        data = body.gzipped
        headers["Content-Encoding"] = "gzip"
    return HTTPResponse(data, status=status, headers=headers, content_type=body.content_type)


def accepts_gzip(header: str) -> bool:
    """Whether an Accept-Encoding header takes gzip."""
    for part in header.lower().split(","):
        name, _, quality = part.partition(";")
        if name.strip() in ("gzip", "*"):
            return quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
