"""Conversations that are open in a browser right now; nothing here outlives the process."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from rasa.core.channels.channel import UserMessage

from footnote.channels.web.safety import Safety

RECENT = 50
"""Message ids remembered of a conversation, so that one sent twice is taken once."""
ERASED_FOR = 60 * 60.0
"""Seconds in which the token of an erased conversation starts a new one."""

Handler = Callable[[UserMessage], Awaitable[Any]]


@dataclass
class Session:
    """A conversation that somebody has open.

    Attributes:
        id: the conversation's id in the tracker store.
        turn: held while a message is in work; messages are taken one after the other.
        waiting: messages in work or waiting for their turn.
        recent: ids of the messages taken last.
        erased: whether the person had the conversation deleted; nothing more is stored.
    """

    id: str
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    recent: deque[str] = field(default_factory=lambda: deque(maxlen=RECENT))
    erased: bool = False
    clients: int = 0
    _in_rasa: int = 0
    _idle: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def busy(self) -> bool:
        """Whether a reply is still to come."""
        return self.waiting > 0

    def handler(self, on_new_message: Handler, after: Callable[[], Awaitable[None]]) -> Handler:
        """Return Rasa's handler, watched: an erased conversation is not written to again.

        Args:
            on_new_message: Rasa's handler.
            after: called when a turn is over and stored.
        """

        async def watched(message: UserMessage) -> None:
            if self.erased:
                return
            self._in_rasa += 1
            self._idle.clear()
            try:
                await on_new_message(message)
            finally:
                self._in_rasa -= 1
                if not self._in_rasa:
                    self._idle.set()
            await after()

        return watched

    async def settled(self) -> None:
        """Return when no turn of the conversation is in Rasa's hands."""
        while self._in_rasa:
            await self._idle.wait()


@dataclass(frozen=True)
class Client:
    """One connected window."""

    session: Session
    address: str
    safety: Safety
    resumed: bool


class Sessions:
    """The open conversations by id, and the ids of those erased a short while ago."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._open: dict[str, Session] = {}
        self._erased: OrderedDict[str, float] = OrderedDict()
        self._clock = clock

    def join(self, session_id: str) -> Session:
        """Return the session of an id, with one more window."""
        session = self._open.setdefault(session_id, Session(session_id))
        session.clients += 1
        return session

    def leave(self, session: Session) -> None:
        """Take a window away; a session without one is forgotten when its work is done."""
        session.clients -= 1
        self.tidy(session)

    def tidy(self, session: Session) -> None:
        """Forget a session that nobody has open and nothing waits in."""
        if session.clients <= 0 and not session.busy:
            self._open.pop(session.id, None)

    def erase(self, session: Session) -> None:
        """Mark a session as erased."""
        session.erased = True
        self._erased[session.id] = self._clock()

    def is_erased(self, session_id: str) -> bool:
        """Whether a conversation was erased within the last hour."""
        while self._erased:
            oldest, at = next(iter(self._erased.items()))
            if self._clock() - at < ERASED_FOR:
                break
            del self._erased[oldest]
        return session_id in self._erased
