"""A bot with every channel that needs no platform, `callback` included."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import yaml

from footnote import paths
from footnote.serving.servers import Bot, running
from footnote.serving.training import ensure_model
from tests.conftest import NEUTRAL

DESCRIPTION = paths.ROOT / "docs" / "api" / "openapi.yaml"
CALLBACK = "footnote.channels.callback.CallbackInput"


class Taker(BaseHTTPRequestHandler):
    """Takes what the callback channel posts."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture(scope="session")
def description() -> dict[str, Any]:
    return yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def api_bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    folder = tmp_path_factory.mktemp("api")
    taker = ThreadingHTTPServer(("127.0.0.1", 0), Taker)
    threading.Thread(target=taker.serve_forever, daemon=True).start()
    channels = yaml.safe_load((paths.ROOT / "credentials.yml").read_text(encoding="utf-8"))
    channels[CALLBACK] = {"url": f"http://127.0.0.1:{taker.server_port}/"}
    credentials = folder / "credentials.yml"
    credentials.write_text(yaml.safe_dump(channels), encoding="utf-8")
    try:
        with running(
            ensure_model(),
            database=str(folder / "conversations.db"),
            credentials=credentials,
            log=folder / "bot.log",
            extra=NEUTRAL,
        ) as bot:
            yield bot
    finally:
        taker.shutdown()
        taker.server_close()
