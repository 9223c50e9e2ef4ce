"""A browser, and a scripted bot behind the real web channel, for all browser tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from footnote import paths
from footnote.serving.environment import free_port
from tests.helpers.hosts import serve_page
from tests.helpers.web import WebBot, web_bot

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
PATIENCE = 60_000
AXE = paths.ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"


# For a module, not the session: while Playwright runs, no other test can run an event loop.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        reason = "Chromium is missing; install it (Debian: apt-get install chromium)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium, args=FLAGS)


@pytest.fixture(scope="session")
def host_port() -> int:
    return free_port()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, host_port: int) -> Iterator[WebBot]:
    """The bot; the site at `host_port` may embed it."""
    credentials = {"origins": [f"http://127.0.0.1:{host_port}"], "speech_input": True}
    with web_bot(tmp_path_factory.mktemp("site"), credentials) as bot:
        yield bot


@pytest.fixture
def host(site: WebBot, host_port: int) -> Iterator[Callable[[str], str]]:
    """Serve a page of another origin and return its address."""
    with serve_page(host_port) as serve:
        yield serve


@dataclass
class Watch:
    """What a browser said and asked for during a test."""

    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def unexpected(self) -> list[str]:
        return [e for e in self.errors if not any(part in e for part in self.expected)]


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def new_context(browser: Browser, watch: Watch) -> Iterator[Callable[..., BrowserContext]]:
    """Make browser contexts; at the end no console error and no foreign request may be left."""
    made: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        context.on("page", lambda page: _listen(page, watch))
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()
    assert watch.unexpected() == []
    assert [
        url for url in watch.requests if not url.startswith(("http://127.0.0.1:", "data:"))
    ] == []


def _listen(page: Page, watch: Watch) -> None:
    page.on("pageerror", lambda error: watch.errors.append(str(error)))
    page.on(
        "console",
        lambda message: watch.errors.append(message.text) if message.type == "error" else None,
    )
    page.on("request", lambda request: watch.requests.append(request.url))
    page.on("websocket", lambda socket: watch.requests.append(socket.url.replace("ws:", "http:")))


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context().new_page()


@pytest.fixture(scope="session")
def axe() -> str:
    if not AXE.exists():
        reason = "axe-core is missing; run make setup-dev"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    return Path(AXE).read_text(encoding="utf-8")
