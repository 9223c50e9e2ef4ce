"""What the stand-ins share: a server in threads that records, holds back and fails."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from rasa.core.channels.channel import InputChannel

from footnote.channels.setup import Setup

ID_SECRET = "an id secret of tests, 32 characters or more"
PUBLIC_URL = "https://bot.example.org"
WAIT = 10.0


@dataclass(frozen=True)
class Call:
    """A request that a platform makes to the bot's webhook."""

    body: bytes
    headers: dict[str, str]
    query: str = ""

    def with_body(self, body: bytes) -> Call:
        """Return the call with another body under the same signature."""
        return replace(self, body=body)

    def with_headers(self, **headers: str) -> Call:
        """Return the call with other headers (`_` for `-`)."""
        changed = {key.replace("_", "-"): value for key, value in headers.items()}
        return replace(self, headers={**self.headers, **changed})

    def without(self, header: str) -> Call:
        """Return the call without a header."""
        return replace(self, headers={k: v for k, v in self.headers.items() if k != header})


@dataclass(frozen=True)
class Sent:
    """A message that the platform took from the bot."""

    to: str
    text: str
    options: list[str] = field(default_factory=list)
    raw: dict[str, Any] = field(default_factory=dict)


@dataclass
class Answer:
    """What the platform's API answers."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


class Server(ThreadingHTTPServer):
    """A server that says nothing when a caller hangs up, as a stopping bot does."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


class Platform:
    """A platform's API. As a context manager it listens on a free port of loopback.

    Attributes:
        sent: what it took, in order.
        calls: every API call, method and path, in order.
        faults: answers to give first, each once, instead of taking the message.
        delay: seconds before a message is answered.
        open: while it is not set, messages are held back.
    """

    setup: ClassVar[Setup]
    signature: ClassVar[str]
    """The header that proves a request."""
    limit: ClassVar[int]
    """Characters that a message may have."""
    has_buttons: ClassVar[bool] = True
    media_type: ClassVar[str] = "application/json"
    variables: ClassVar[dict[str, str]] = {}
    """The channel's own environment variables."""
    api_path: ClassVar[str] = ""
    """What the API's addresses begin with."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.calls: list[str] = []
        self.faults: list[Answer] = []
        self.delay = 0.0
        self.gone = False
        self.open = threading.Event()
        self.open.set()
        self._changed = threading.Condition()

    def __enter__(self) -> Platform:
        platform = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                self._answer()

            def do_POST(self) -> None:
                self._answer()

            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                platform._record(f"{self.command} {self.path.partition('?')[0]}")
                if platform.gone:
                    self.close_connection = True
                    return
                answer = platform._respond(self.command, self.path, dict(self.headers), body)
                sent = answer.body.encode() if isinstance(answer.body, str) else None
                content = json.dumps(answer.body).encode() if sent is None else sent
                self.send_response(answer.status)
                kind = "application/json" if sent is None else "text/html"
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                for key, value in answer.headers.items():
                    self.send_header(key, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_args: object) -> None:
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.open.set()
        self.close()

    def close(self) -> None:
        """Be gone: no new connections, and no answer on old ones."""
        self.gone = True
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(WAIT)

    @property
    def url(self) -> str:
        """Where the API listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def environment(self) -> dict[str, str]:
        """Return the variables that the channel needs."""
        shared = {"FOOTNOTE_ID_SECRET": ID_SECRET, "FOOTNOTE_PUBLIC_URL": PUBLIC_URL}
        return {**shared, **self.variables}

    def options(self) -> dict[str, str]:
        """Return what `credentials.yml` says, so that the channel calls this stand-in."""
        return {"api_url": self.url + self.api_path}

    def channel(self, pauses: tuple[float, ...] = (0.01, 0.01)) -> InputChannel:
        """Return the real channel, with the platform's client library pointed here."""
        module, _, name = self.setup.input_class.rpartition(".")
        channel_class = getattr(__import__(module, fromlist=[name]), name)
        return channel_class(self.setup.values(self.environment()), self.options(), pauses)

    def wait(self, messages: int, seconds: float = WAIT) -> list[Sent]:
        """Wait until so many messages were taken and return all that were."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while len(self.sent) < messages and time.monotonic() < deadline:
                self._changed.wait(deadline - time.monotonic())
        assert len(self.sent) >= messages, f"{len(self.sent)} of {messages} messages came"
        return list(self.sent)

    def wait_for_calls(self, calls: int, seconds: float = WAIT) -> None:
        """Wait until the API was called so often."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while len(self.calls) < calls and time.monotonic() < deadline:
                self._changed.wait(deadline - time.monotonic())
        assert len(self.calls) >= calls, f"{len(self.calls)} of {calls} calls came"

    def fail(self, status: int, times: int = 1, retry_after: float = 0.0) -> None:
        """Answer so often with an error, as the platform gives it."""
        self.faults += [self.fault(status, retry_after)] * times

    def _record(self, call: str) -> None:
        with self._changed:
            self.calls.append(call)
            self._changed.notify_all()

    def _respond(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        if self.is_message(path):
            self.open.wait(WAIT)
            time.sleep(self.delay)
            if self.faults:
                return self.faults.pop(0)
        with self._changed:
            answer = self.respond(method, path, headers, body)
            self._changed.notify_all()
        return answer

    # What each platform says of itself.

    def respond(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """Answer an API call; a message that is taken goes into `sent`."""
        raise NotImplementedError

    def is_message(self, path: str) -> bool:
        """Whether a call of the API sends a message."""
        return True

    def fault(self, status: int, retry_after: float) -> Answer:
        """Return the platform's error with a status."""
        raise NotImplementedError

    def question(self, text: str, event: str = "1", person: str = "11") -> Call:
        """Return the signed webhook call of a message; the same event twice is a repeat."""
        raise NotImplementedError

    def press(self, payload: str, event: str = "1", person: str = "11") -> Call:
        """Return the signed webhook call of a pressed button, or of its number where none is."""
        return self.question("2", event, person)

    def signed(self, body: bytes) -> Call:
        """Return a call with any body, signed as the platform signs."""
        raise NotImplementedError

    def unreadable(self) -> list[Call]:
        """Return what a person sends that is no text: photos, voice, stickers."""
        raise NotImplementedError

    def silent(self) -> list[Call]:
        """Return what needs no reply: joins, receipts, edits without text, our own echoes."""
        raise NotImplementedError

    def forged(self) -> list[Call]:
        """Return calls that are not proven to come from the platform."""
        call = self.question("what is it")
        return [
            call.without(self.signature),
            call.with_headers(**{self.signature.replace("-", "_"): ""}),
            call.with_headers(**{self.signature.replace("-", "_"): "0" * 64}),
            call.with_headers(**{self.signature.replace("-", "_"): "\u00e9"}),
            call.with_body(call.body.replace(b"what", b"whom")),
        ]
