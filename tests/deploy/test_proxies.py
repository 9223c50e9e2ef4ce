"""The proxies of deploy/ before two running servers: what they pass on, and what they do not."""

from __future__ import annotations

import asyncio
import http.client
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests

from tests.helpers.proxies import COMMANDS, proxied
from tests.helpers.web import Refused, WebBot, connect, web_bot

WINDOWS = 3


@dataclass
class Site:
    """A proxy, and the servers behind it."""

    port: int
    bots: tuple[WebBot, WebBot]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def status(self, path: str, method: str = "GET") -> int:
        """Ask for a path as it is written; requests would tidy it up."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path)
        return connection.getresponse().status


@pytest.fixture(scope="module", params=sorted(COMMANDS))
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp(request.param)
    credentials = {"connections_per_address": WINDOWS}
    # One database for both, as the servers behind a proxy have.
    with (
        web_bot(folder, credentials) as one,
        web_bot(folder, credentials) as other,
        proxied(request.param, folder, [one.port, other.port]) as port,
    ):
        yield Site(port, (one, other))


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/article", "/article?mark=chemotherapy.4", "/about", "/favicon.ico"),
        *("/web/footnote.js", "/web/licences.txt", "/web/page.css", "/web/icon.svg"),
        *("/webhooks/web", "/webhooks/rest/", "/web/socket/?EIO=4&transport=polling"),
    ],
)
def test_what_people_need_comes_through(site: Site, path: str) -> None:
    assert site.status(path) == 200


@pytest.mark.parametrize("path", ["/health/serving", "/metrics/"])
def test_what_must_stay_inside_is_there_to_be_kept_inside(site: Site, path: str) -> None:
    assert requests.get(site.bots[0].url + path, timeout=30).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        *("/health/live", "/health/serving", "/health/ready", "/metrics", "/metrics/"),
        *("/version", "/status", "/domain", "/conversations/x/tracker", "/model/parse"),
        *("/HEALTH/live", "//metrics/", "/./metrics/", "/web/../metrics/", "/web/%2e%2e/metrics/"),
        *("/article/../metrics/", "/webhooks/..%2fmetrics/", "/credentials.yml", "/.footnote/"),
    ],
)
def test_nothing_else_does(site: Site, path: str) -> None:
    assert site.status(path) in (400, 404)


def test_pages_keep_their_headers(site: Site) -> None:
    answer = requests.get(site.url, timeout=30)
    assert "require-trusted-types-for 'script'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Encoding"] == "gzip"
    # The privacy page says that there is none.
    assert "Set-Cookie" not in answer.headers
    known = {"If-None-Match": answer.headers["ETag"]}
    assert requests.get(site.url, headers=known, timeout=30).status_code == 304


def test_a_stranger_cannot_use_rest_through_the_proxy(site: Site) -> None:
    body = {"sender": "me", "message": "hello"}
    answer = requests.post(f"{site.url}/webhooks/rest/webhook", json=body, timeout=30)
    assert answer.status_code in (401, 403)


def test_long_polling_finds_its_server_again(site: Site) -> None:
    url = f"{site.url}/web/socket/?EIO=4&transport=polling"
    for _ in range(4):
        # Each time a new connection: neither a cookie nor keep-alive leads back.
        sid = _sid(url)
        # Socket.IO's "connect", and twice Engine.IO's "pong".
        for packet in ("40{}", "3", "3"):
            answer = requests.post(f"{url}&sid={sid}", data=packet, timeout=30)
            assert answer.status_code == 200
        requests.post(f"{url}&sid={sid}", data="1", timeout=30)  # Engine.IO's "close"


def _sid(url: str) -> str:
    text = requests.get(url, timeout=30).text
    return text.split('"sid":"')[1].split('"')[0]


def test_a_person_counts_by_the_address_that_the_proxy_saw(site: Site) -> None:
    through = WebBot(site.port, site.bots[0].folder, {}, {})

    async def story() -> None:
        windows = []
        with pytest.raises(Refused):
            for number in range(WINDOWS + 1):
                forged = f"198.51.100.{number}"
                windows.append(await connect(through, address=forged, origin=site.url))
        assert len(windows) == WINDOWS
        assert (await windows[0].reply("hello"))["text"] == "You said: hello"
        for window in windows:
            await window.close()

    asyncio.run(story())
