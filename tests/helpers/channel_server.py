"""A server with the real channels and a stand-in for Rasa's part, for quick tests."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Sequence
from typing import Any

import requests
from rasa.core.channels import channel as rasa_channel
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Sanic
from sanic.touchup.service import TouchUp

from footnote.replies import METADATA_KEY, bare_payload
from footnote.serving.environment import free_port
from tests.helpers.platforms.base import Call, Platform

OPTIONS = [
    {"title": "How it works", "payload": "How does it work?"},
    {"title": "Side effects of the treatment", "payload": "Does it have side effects?"},
]
ANSWER = "It is a treatment. <b>Really</b> & truly.\nSource: Treatment, sentence 1."


class Agent:
    """Answers each message; records what came; holds back what it is told to."""

    def __init__(self) -> None:
        self.seen: list[UserMessage] = []
        self.text = ANSWER
        self.open = threading.Event()
        self.open.set()

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.seen]

    async def handle_message(self, message: UserMessage) -> None:
        self.seen.append(message)
        while not self.open.is_set():
            await asyncio.sleep(0.005)
        reply: dict[str, Any] = {
            "text": self.text,
            "buttons": OPTIONS,
            "metadata": {METADATA_KEY: bare_payload("answer")},
        }
        await message.output_channel.send_response(message.sender_id, reply)


class ChannelServer:
    """Serves channels under Rasa's own registration, in a thread, for a `with` block."""

    def __init__(self, channels: Sequence[InputChannel], agent: Any = None) -> None:
        self.agent = agent or Agent()
        self.url = f"http://127.0.0.1:{free_port()}"
        self.channels = list(channels)
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._session = requests.Session()

    def __enter__(self) -> ChannelServer:
        self._thread.start()
        assert self._ready.wait(20), "the server did not start"
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop as a SIGTERM does: the listeners first, then the server."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(30)
        self._session.close()

    def post(self, platform: type[Platform] | Platform | str, call: Call) -> requests.Response:
        """Post a call to a platform's webhook."""
        name = platform if isinstance(platform, str) else platform.setup.channel
        url = f"{self.url}/webhooks/{name}/webhook{'?' + call.query if call.query else ''}"
        headers = {key: value.encode("latin-1") for key, value in call.headers.items()}
        return self._session.post(url, data=call.body, headers=headers, timeout=20)

    def get(self, path: str) -> requests.Response:
        return self._session.get(f"{self.url}{path}", timeout=20)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stopping = asyncio.Event()
        app = Sanic(f"test_{uuid.uuid4().hex}", configure_logging=False)
        app.ctx.agent = self.agent
        rasa_channel.register(self.channels, app, "/webhooks/")
        server = await app.create_server(
            "127.0.0.1",
            int(self.url.rpartition(":")[2]),
            return_asyncio_server=True,
            access_log=False,
        )
        # At a start Sanic rewrites its methods for speed, which it cannot do twice in a process.
        if any(getattr(touched, "__touched__", False) for touched, _ in TouchUp._registry):
            TouchUp._registry.clear()
        await server.startup()
        TouchUp._registry.clear()
        await server.before_start()
        await server.after_start()
        await server.start_serving()
        self._ready.set()
        await self._stopping.wait()
        await server.before_stop()
        server.close()
        await server.wait_closed()
        for connection in server.connections:
            connection.close_if_idle()
        await server.after_stop()
