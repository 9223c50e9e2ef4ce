"""The callback channel posts the one message, and a refusal is logged without it."""

from __future__ import annotations

import asyncio
import http.server
import json
import threading
from collections.abc import Iterator

import pytest
from rasa.utils.endpoints import EndpointConfig

from footnote.channels.callback import CallbackOutput
from footnote.replies import METADATA_KEY, bare_payload
from footnote.serving.environment import free_port

RESPONSE = {"text": "my secret", "metadata": {METADATA_KEY: bare_payload("answer")}}


class Receiver(http.server.BaseHTTPRequestHandler):
    received: list[dict]
    status = 200

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).received.append(json.loads(body))
        self.send_response(self.status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[tuple[str, type[Receiver]]]:
    handler = type("Handler", (Receiver,), {"received": []})
    server = http.server.HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/reply", handler
    server.shutdown()
    server.server_close()
    thread.join(10)


def send(url: str) -> CallbackOutput:
    output = CallbackOutput(EndpointConfig(url))
    asyncio.run(output.send_response("me", RESPONSE))
    return output


def test_the_message_is_posted_with_its_payload(receiver) -> None:
    url, handler = receiver
    assert send(url).delivered
    assert handler.received == [
        {"recipient_id": "me", "text": "my secret", "custom": bare_payload("answer")}
    ]


@pytest.mark.parametrize("status", [404, 500])
def test_a_refusal_is_logged_without_the_text(
    receiver, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    url, handler = receiver
    handler.status = status
    send(url)
    assert "not delivered" in caplog.text
    assert "secret" not in caplog.text


def test_nobody_there_is_logged_without_the_text(caplog: pytest.LogCaptureFixture) -> None:
    send(f"http://127.0.0.1:{free_port()}/reply")
    assert "not delivered" in caplog.text
    assert "secret" not in caplog.text
