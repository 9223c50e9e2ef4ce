"""What every messaging channel does alike.

A webhook is proven first, read second and answered third; only then does the work begin,
behind the answer: triage and the turn (gateway.py), then the platform's API (delivery.py).
A channel says how its platform signs, what it posts, and how its API takes a reply.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar
from weakref import WeakValueDictionary

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from footnote.channels.background import Seen, Turns
from footnote.channels.delivery import PAUSES, deliver
from footnote.channels.gateway import Handler, PayloadChannel, gateway
from footnote.channels.identity import conversation_id
from footnote.channels.layout import Option
from footnote.channels.requests import BadRequest
from footnote.channels.setup import ID_SECRET, Setup
from footnote.channels.webhooks import read_body
from footnote.safety import DANGERS, triage

logger = logging.getLogger(__name__)

Result = TypeVar("Result")
THREADS = 16
"""Calls at once of a platform's API where its client library is a blocking one."""


@dataclass(frozen=True)
class Incoming:
    """A message as a platform posted it.

    Attributes:
        event: the platform's id for it; the same id again is a duplicate. Empty where the
            platform gives none.
        person: ids of the person and of where they talk, as the platform names them.
        text: what they wrote; None for what cannot be read (a photo, a voice message).
        reply_to: where the reply goes, in the channel's own form.
    """

    event: str
    person: tuple[str, ...]
    text: str | None
    reply_to: Any


@dataclass(frozen=True)
class Received:
    """What a webhook held, and what to answer to the platform at once."""

    messages: Sequence[Incoming] = ()
    answer: HTTPResponse = field(default_factory=lambda: response.text(""))


@dataclass(frozen=True)
class Reply:
    """A reply, before it is laid out for a platform."""

    kind: str
    text: str
    options: tuple[Option, ...] = ()

    @property
    def of_danger(self) -> bool:
        """Whether the reply says whom to call now."""
        return self.kind in DANGERS


class HeldReply(PayloadChannel):
    """Holds a turn's reply until the turn is over, so that no API call holds its lock."""

    def __init__(self, channel: str) -> None:
        super().__init__()
        self._channel = channel
        self.reply: Reply | None = None

    def name(self) -> str:
        """Return the name that responses can be made specific to."""
        return self._channel

    async def deliver(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep the message."""
        options = tuple(Option(b["title"], b["payload"]) for b in message.get("buttons") or ())
        self.reply = Reply(message["custom"]["kind"], message["text"], options)

    def retract(self) -> None:
        """Take the reply back, so that another can be given for a turn that failed after it."""
        self.reply = None
        self.delivered = False


class Off(InputChannel):
    """Stands in for a channel whose variables are missing: no route, no connection."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup

    def name(self) -> str:
        """Return the channel's name."""
        return self._setup.channel

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return a blueprint without routes."""
        return Blueprint(f"footnote_{self._setup.channel}")


class MessagingInput(InputChannel):
    """Base of the messaging channels.

    Subclasses implement `prove`, `read`, `parts` and `send`.

    Args:
        values: the environment variables that `setup` names.
        options: what `credentials.yml` says beside them; `api_url` is the platform's API.
        pauses: seconds between tries to send a reply.
    """

    setup: ClassVar[Setup]
    api_url: ClassVar[str] = ""

    def __init__(
        self,
        values: dict[str, str],
        options: dict[str, Any] | None = None,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self.values = values
        self.options = options or {}
        self.api = str(self.options.get("api_url") or self.api_url).rstrip("/")
        self._pauses = pauses
        self._seen = Seen()
        self._turns = Turns()
        self._orders: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._threads: ThreadPoolExecutor | None = None
        self._starting: asyncio.Future[None] | None = None
        self.configure()

    @classmethod
    def name(cls) -> str:
        """Return Rasa's name of the channel."""
        return cls.setup.channel

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """Return the channel, or one that is off where a variable is missing."""
        problems = cls.setup.problems()
        if problems:
            if cls.setup.untouched():
                logger.debug("%s is off: it is not set up (make channels).", cls.setup.title)
            else:
                logger.warning("%s is off: %s.", cls.setup.title, "; ".join(problems))
            return Off(cls.setup)
        return cls(cls.setup.values(), credentials)

    # What a channel says of its platform.

    def configure(self) -> None:
        """Make what the channel needs of `values` and `options`; nothing that waits."""

    async def prove(self, request: Request, body: bytes) -> None:
        """Raise Refused unless the request is proven to come from the platform."""
        raise NotImplementedError

    def read(self, request: Request, body: bytes) -> Received:
        """Take a proven request apart; raise BadRequest where it cannot be read."""
        raise NotImplementedError

    def parts(self, reply: Reply) -> list[Any]:
        """Lay a reply out as one or more messages within the platform's limits."""
        raise NotImplementedError

    async def send(self, reply_to: Any, part: Any) -> None:
        """Send one message; raise TryLater or Undeliverable where that fails."""
        raise NotImplementedError

    def routes(self, webhook: Blueprint) -> None:
        """Add routes of the channel's own, such as a handshake."""

    async def started(self) -> None:
        """Do what the platform needs when the server has started; must not raise."""

    async def stopped(self) -> None:
        """Let go of connections."""

    # What all do alike.

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """Return the channel's routes."""
        webhook = Blueprint(f"footnote_{self.name()}")

        @webhook.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @webhook.route("/webhook", methods=["POST"], stream=True)
        async def receive(request: Request) -> HTTPResponse:
            try:
                body = await read_body(request)
                await self.prove(request, body)
                received = self.read(request, body)
                return await self.take(received, on_new_message)
            except BadRequest as error:
                return response.text(str(error), status=error.status)

        @webhook.listener("after_server_start")
        async def start(*_: Any) -> None:
            # Behind the start: a platform that is away must not keep the bot from serving.
            self._starting = asyncio.ensure_future(self.started())

        @webhook.listener("before_server_stop")
        async def stop(*_: Any) -> None:
            await self._turns.stop()
            if self._starting:
                self._starting.cancel()
            await self.stopped()
            if self._threads:
                self._threads.shutdown(wait=False, cancel_futures=True)

        self.routes(webhook)
        return webhook

    async def take(self, received: Received, on_new_message: Handler) -> HTTPResponse:
        """Begin the work on each message that is new, and answer the platform."""
        for message in received.messages:
            if self._is_repeat(message):
                continue
            # A cry for help is taken however much is in hand: not every platform sends again.
            full = self._turns.full and not (message.text and triage(message.text))
            if self._turns.stopping or full:
                raise BadRequest("too much in hand; please send again", status=503)
            self._remember(message)
            self._turns.start(self._turn(message, on_new_message))
        return received.answer

    async def reply_for(self, message: Incoming, on_new_message: Handler) -> Reply | None:
        """Return the reply to a message: triage, then Rasa's turn."""
        if message.text is None:
            return self._only_text()
        held = HeldReply(self.name())
        user_message = UserMessage(
            message.text, held, self._conversation(message), input_channel=self.name()
        )
        await gateway().handle(user_message, on_new_message)
        return held.reply

    async def in_thread(self, call: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:
        """Run a blocking client library's call off the event loop."""
        if self._threads is None:
            self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix=self.name())
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: call(*args, **kwargs))

    def _is_repeat(self, message: Incoming) -> bool:
        return bool(message.event) and message.event in self._seen

    def _remember(self, message: Incoming) -> None:
        if message.event:
            self._seen.add(message.event)

    def _conversation(self, message: Incoming) -> str:
        return conversation_id(self.name(), self.values[ID_SECRET.name], *message.person)

    async def _turn(self, message: Incoming, on_new_message: Handler) -> None:
        reply = await self.reply_for(message, on_new_message)
        if reply is None:
            return
        if reply.of_danger:
            # Not behind an earlier reply that its platform is slow to take.
            await self._send_all(message, reply)
            return
        conversation = self._conversation(message)
        order = self._orders.setdefault(conversation, asyncio.Lock())
        async with order:
            await self._send_all(message, reply)

    async def _send_all(self, message: Incoming, reply: Reply) -> None:
        for part in self.parts(reply):
            sent = await deliver(
                lambda part=part: self.send(message.reply_to, part),  # type: ignore[misc]
                self.setup.title,
                self._pauses,
            )
            if not sent:
                return

    def _only_text(self) -> Reply:
        line = gateway().emergency_line
        text = (
            "I am sorry, I can only read text. Could you write your question in a few words? "
            f"If it is an emergency: {line}"
        )
        return Reply("social", text)
