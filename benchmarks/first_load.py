"""What the web chat costs before a person can use it: bytes on the wire and round trips.

What the page does not hold but name, a browser fetches side by side; then the widget stands and
can be typed into. What is typed can be sent when the socket has been greeted. All trips are
counted from the first request, the page's own; those that set up a TCP connection are not.
"""

from __future__ import annotations

import asyncio
import gzip
import http.client
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_NAMED = re.compile(r'<(?:link|script)\b[^>]*\b(?:href|src)="([^"]+)"')
_FURTHER = re.compile(rb"@import|url\(")
BUNDLE = "web/footnote.js"
CONNECT = '40{"token":null,"country":""}'
START = '420["start",{}]'


@dataclass(frozen=True)
class FirstLoad:
    """What the first visit takes.

    Attributes:
        page: bytes of the chat page and of all that it names, heads of the replies included.
        widget: bytes of the bundle alone.
        shown: round trips until the widget can be typed into.
        sent: round trips until a message can be sent.
    """

    page: int
    widget: int
    shown: int
    sent: int


def first_load(url: str) -> FirstLoad:
    """Load the chat page of a running bot as a browser does that was never there."""
    html, size = _get(url, "/")
    sizes = {}
    named = dict.fromkeys(_NAMED.findall(html.decode("utf-8")))
    for name in (name for name in named if not name.startswith("data:")):
        body, sizes[name] = _get(url, f"/{name}")
        if name.endswith(".css") and _FURTHER.search(body):
            raise ValueError(f"{name} names further files, which are not counted")
    greeted, greeting = asyncio.run(_greet(url))
    shown = 1 + bool(sizes)
    widget = _get(url, f"/{BUNDLE}")[1]
    return FirstLoad(size + sum(sizes.values()) + greeting, widget, shown, shown + greeted)


def _get(url: str, path: str) -> tuple[bytes, int]:
    """Return a file, and the bytes that it took on the wire."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        response = connection.getresponse()
        body = response.read()
    finally:
        connection.close()
    if response.status != 200:
        raise ValueError(f"{path} answers {response.status}")
    heads = sum(len(name) + len(value) + len(": \r\n") for name, value in response.getheaders())
    packed = response.getheader("Content-Encoding") == "gzip"
    return gzip.decompress(body) if packed else body, heads + len(body)


async def _greet(url: str) -> tuple[int, int]:
    """Open the socket as the widget does; return the round trips and the bytes received."""
    from websockets.client import connect

    address = f"{url.replace('http', 'ws', 1)}/web/socket/?EIO=4&transport=websocket"
    received, trips = 0, 0
    async with connect(address, origin=url) as socket:  # type: ignore[arg-type]
        # The server speaks first; each of ours after it waits for its answer.
        for say, answer in ((None, "0"), (CONNECT, "40"), (START, "430")):
            if say:
                await socket.send(say)
            trips += 1
            heard = ""
            while not heard.startswith(answer):
                heard = str(await asyncio.wait_for(socket.recv(), 30))
                received += len(heard.encode("utf-8"))
    return trips, received
