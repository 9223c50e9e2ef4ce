"""The socket's events: start, history, message, rate (docs/web.md has the protocol).

A message is triaged before anything else is asked of it: before its length, its rate, the
conversation's lock and the stores. So a refused message still brings whom to call.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from rasa.core.channels.channel import UserMessage
from socketio import AsyncServer
from socketio.exceptions import ConnectionRefusedError as Refused

from footnote.channels.gateway import without_slashes
from footnote.channels.web.config import WebConfig
from footnote.channels.web.guard import EVENTS
from footnote.channels.web.limits import MAX_CHARACTERS, MAX_WAITING, Buckets
from footnote.channels.web.messages import from_person
from footnote.channels.web.output import WebOutput
from footnote.channels.web.safety import Countries
from footnote.channels.web.sessions import Client, Handler, Session, Sessions
from footnote.channels.web.store import Conversations
from footnote.channels.web.tokens import Tokens, new_session
from footnote.channels.work import Work
from footnote.safety import triage

logger = logging.getLogger(__name__)

CHANNEL = "web"
_ID = re.compile(r"[A-Za-z0-9_-]{8,40}")
_BURST = 10
_ADDRESS_BURST, _ADDRESS_RATE = 120, 4.0
_STARTS_BURST, _STARTS_RATE = 60, 1.0

REFUSALS = {
    "unreadable": "That could not be read. Please type your question and send it again.",
    "too-long": f"That is a long message. Please ask in up to {MAX_CHARACTERS} characters.",
    "too-fast": "That was a lot at once. Please wait a moment, then send it again.",
    "too-many": "Too many chats are open from this network. Please close one and try again.",
    "erased": "This conversation was deleted. Please reload the page to begin a new one.",
    "not-found": "This reply is no longer there, so the rating was not kept.",
    "stopping": "The chat is being restarted. Please send it again in a moment.",
    "no-history": "The earlier conversation cannot be shown right now.",
}


class Chat:
    """Handles the events of all windows.

    Args:
        sio: the Socket.IO server, whose rooms are the conversations.
        config: the deployment's choices.
        tokens: signs and reads session tokens.
        countries: whom to call, and the gateway to Rasa.
        conversations: what is stored.
        on_new_message: Rasa's handler.
        about: what a window is told of the bot at its start.
        address: gives the address that a connection came from.
    """

    def __init__(
        self,
        sio: AsyncServer,
        config: WebConfig,
        tokens: Tokens,
        countries: Countries,
        conversations: Conversations,
        on_new_message: Handler,
        about: Callable[[], dict[str, Any]],
        address: Callable[[dict[str, Any]], str],
    ) -> None:
        self._sio = sio
        self._config = config
        self._tokens = tokens
        self._countries = countries
        self._conversations = conversations
        self._on_new_message = on_new_message
        self._about = about
        self._address = address
        self._sessions = Sessions()
        self._clients: dict[str, Client] = {}
        self._per_address: Counter[str] = Counter()
        self._starts = Buckets(_STARTS_BURST, _STARTS_RATE)
        self._from_address = Buckets(_ADDRESS_BURST, _ADDRESS_RATE)
        self._from_session = Buckets(_BURST, config.messages_per_minute / 60)
        self._tasks: set[asyncio.Task[None]] = set()
        for event in ("connect", "disconnect", *EVENTS):
            sio.on(event, getattr(self, event))

    async def connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        """Let a window in: to its own conversation with a good token, else to a new one."""
        address = self._address(environ)
        crowded = self._per_address[address] >= self._config.connections_per_address
        if crowded or not self._starts.take(address):
            raise Refused(REFUSALS["too-many"], _refused("too-many"))
        auth = auth if isinstance(auth, dict) else {}
        known = self._tokens.session(auth.get("token"))
        if known and self._sessions.is_erased(known):
            known = None
        session = self._sessions.join(known or new_session())
        safety = self._countries.get(auth.get("country"))
        self._clients[sid] = Client(session, address, safety, resumed=known is not None)
        self._per_address[address] += 1
        await self._sio.enter_room(sid, session.id)

    async def disconnect(self, sid: str, *_: Any) -> None:
        """Forget a window; replies under way are stored and shown when it comes back."""
        client = self._clients.pop(sid, None)
        if client is None:
            return
        self._per_address[client.address] -= 1
        if self._per_address[client.address] <= 0:
            del self._per_address[client.address]
        self._sessions.leave(client.session)

    async def start(self, sid: str, *_: Any) -> dict[str, Any]:
        """Return a fresh token, whether the conversation goes on, and what the bot is."""
        client = self._clients.get(sid)
        if client is None:
            return _refused("unreadable")
        wording = client.safety.wording
        return {
            "ok": True,
            "token": self._tokens.issue(client.session.id),
            # Tells one conversation from another without giving the id away.
            "conversation": hashlib.sha256(client.session.id.encode()).hexdigest()[:16],
            "resumed": client.resumed,
            "busy": client.session.busy,
            "emergency": {
                "text": wording.emergency_line,
                "links": [link.as_dict() for link in client.safety.links(wording.emergency_line)],
            },
            "limit": MAX_CHARACTERS,
            "speech_input": self._config.speech_input,
            **self._about(),
        }

    async def history(self, sid: str, *_: Any) -> dict[str, Any]:
        """Return the conversation so far."""
        client = self._clients.get(sid)
        if client is None or client.session.erased:
            return _refused("erased")
        if not self._from_address.take(client.address):
            return _refused("too-fast")
        try:
            messages = await self._conversations.messages(client.session.id, client.safety)
        except Exception as error:
            # Whatever store is behind it: the chat must go on without its history.
            logger.error("A conversation could not be read: %s", type(error).__name__)
            return _refused("no-history")
        return {"ok": True, "messages": messages, "busy": client.session.busy}

    async def message(self, sid: str, *given: Any) -> dict[str, Any]:
        """Take a message, or say why not; its reply comes as `said`."""
        client = self._clients.get(sid)
        if client is None:
            return _refused("unreadable")
        data = given[0] if given and isinstance(given[0], dict) else {}
        text, message_id = _text(data.get("text")), data.get("id")
        if not text or not isinstance(message_id, str) or not _ID.fullmatch(message_id):
            return _refused("unreadable")
        session = client.session
        danger = triage(without_slashes(text)) is not None
        if message_id in session.recent:
            return {"ok": True, "again": True}
        refusal = self._refusal(client, text)
        if danger:
            session.recent.append(message_id)
            # What was refused is answered, but not stored: a flood of it must not fill the disk.
            self._behind(self._reply(client, message_id, text, stored=refusal is None))
            return {"ok": True}
        if client.safety.gateway.work.stopping:
            return _refused("stopping")
        if refusal:
            return refusal
        if data.get("again") is True and await self._is_stored(client, message_id):
            return {"ok": True, "again": True}
        session.recent.append(message_id)
        self._behind(self._take(client, message_id, text))
        return {"ok": True}

    async def rate(self, sid: str, *given: Any) -> dict[str, Any]:
        """Record what a person thinks of a reply."""
        client = self._clients.get(sid)
        data = given[0] if given and isinstance(given[0], dict) else {}
        reply, helpful = data.get("reply"), data.get("helpful")
        usable = helpful is None or isinstance(helpful, bool)
        if client is None or not isinstance(reply, str) or len(reply) > 50 or not usable:
            return _refused("unreadable")
        if client.session.erased:
            return _refused("erased")
        if not self._from_session.take(("rate", client.session.id)):
            return _refused("too-fast")
        try:
            done = await self._conversations.rate(client.session.id, reply, helpful, client.safety)
        except Exception as error:
            logger.error("A rating was not stored: %s", type(error).__name__)
            done = False
        if not done:
            return _refused("not-found")
        await self._emit(client.session, "rated", {"reply": reply, "helpful": helpful})
        return {"ok": True}

    def _refusal(self, client: Client, text: str) -> dict[str, Any] | None:
        session = client.session
        if session.erased:
            return _refused("erased")
        if len(text) > MAX_CHARACTERS:
            return _refused("too-long")
        for buckets, key in (
            (self._from_address, client.address),
            (self._from_session, session.id),
        ):
            if not buckets.take(key):
                return {**_refused("too-fast"), "wait": buckets.wait(key)}
        if session.waiting >= MAX_WAITING:
            return _refused("too-fast")
        return None

    async def _is_stored(self, client: Client, message_id: str) -> bool:
        """Whether a message that a client sends again was taken before a restart."""
        try:
            known = await self._conversations.messages(client.session.id, client.safety)
        except Exception:
            return False
        return any(message["id"] == message_id for message in known)

    async def _take(self, client: Client, message_id: str, text: str) -> None:
        """Show a message in every window and reply to it when its turn has come."""
        session = client.session
        session.waiting += 1
        try:
            await self._emit(session, "said", from_person(message_id, text, time.time()))
            await self._emit(session, "typing", {"on": True})
            with client.safety.gateway.work.held():
                async with session.turn:
                    if not session.erased:
                        await self._ask(client, message_id, text, self._on_new_message)
        finally:
            session.waiting -= 1
            if not session.busy:
                await self._emit(session, "typing", {"on": False})
            self._sessions.tidy(session)

    async def _reply(self, client: Client, message_id: str, text: str, stored: bool) -> None:
        """Reply to a message that tells of danger, past everything that waits."""
        await self._emit(client.session, "said", from_person(message_id, text, time.time()))
        await self._ask(client, message_id, text, self._on_new_message if stored else _nothing)

    async def _ask(self, client: Client, message_id: str, text: str, handler: Handler) -> None:
        session = client.session

        async def say(message: dict[str, Any]) -> None:
            await self._emit(session, "said", message)

        output = WebOutput(message_id, client.safety, say)

        async def after() -> None:
            if output.erased and not session.erased:
                self._sessions.erase(session)
                self._behind(self._erase(session, client.safety.gateway.work))

        message = UserMessage(
            text, output, session.id, input_channel=CHANNEL, message_id=message_id
        )
        await client.safety.gateway.handle(message, session.handler(handler, after))

    async def _erase(self, session: Session, work: Work) -> None:
        """Have every window forget the conversation once nothing writes to it any more."""
        with work.held():
            await session.settled()
            try:
                await self._conversations.sweep(session.id)
            except Exception as error:
                logger.error("An erased conversation was not swept: %s", type(error).__name__)
            await self._emit(session, "erased", {})

    async def _emit(self, session: Session, event: str, data: dict[str, Any]) -> None:
        await self._sio.emit(event, data, room=session.id)

    def _behind(self, work: Any) -> None:
        """Run work behind the acknowledgement and hold on to it until it ends."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            logger.error("A web message failed: %s", type(task.exception()).__name__)


async def _nothing(_message: UserMessage) -> None:
    return None


def _refused(code: str) -> dict[str, Any]:
    return {"ok": False, "code": code, "text": REFUSALS[code]}


def _text(given: object) -> str:
    """Return what can be stored of a message: no half characters, no NUL."""
    if not isinstance(given, str):
        return ""
    return given.encode("utf-8", "replace").decode("utf-8").replace("\x00", "").strip()
