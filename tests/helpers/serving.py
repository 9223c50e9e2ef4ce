"""Real servers for tests, with a database and a log of their own."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from footnote.channels.callers import LOCAL, conversation
from footnote.privacy.identity import stored_id
from footnote.serving.client import Answer, Conversation
from footnote.serving.servers import Bot
from tests.conftest import ID_SECRET

COUNTRY = "GB"
EMERGENCY_LINE = "Please call 999 or 112 now."


@dataclass(frozen=True)
class Served:
    """A running bot with its files."""

    bot: Bot
    database: Path
    log: Path

    @property
    def webhook(self) -> str:
        """The REST channel's address."""
        return f"{self.bot.url}/webhooks/rest/webhook"

    def talk(self, sender: str | None = None) -> Conversation:
        """Return a conversation with the bot."""
        return Conversation(self.bot.url, sender)

    def post(self, body: Any) -> requests.Response:
        """Send a request's body as it is, or as JSON."""
        sent = {"data": body} if isinstance(body, bytes) else {"json": body}
        return requests.post(self.webhook, timeout=30, **sent)

    def ask_at_once(self, messages: list[str], sender: str | None = None) -> list[Answer]:
        """Send messages of one sender (or of one each) side by side."""
        with ThreadPoolExecutor(len(messages)) as pool:
            return list(pool.map(lambda text: self.talk(sender).ask(text, 60), messages))

    def stored(self) -> bytes:
        """Return all bytes of the database, its side files included."""
        files = sorted(self.database.parent.glob(f"{self.database.name}*"))
        return b"".join(path.read_bytes() for path in files)

    def knows(self, sender: str) -> bool:
        """Whether anything of a REST sender's conversation is in the database."""
        key = stored_id(conversation("rest", LOCAL, sender), ID_SECRET.encode())
        return key.encode() in self.stored()

    def logged(self) -> str:
        """Return what both processes printed so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")


@contextmanager
def serving(
    start_bot: Callable[..., AbstractContextManager[Bot]], folder: Path, reply_timeout: float = 20
) -> Iterator[Served]:
    """Run a bot of a country whose files are in a folder (`start_bot` of tests/conftest.py)."""
    environment = {
        "FOOTNOTE_COUNTRY": COUNTRY,
        "FOOTNOTE_REPLY_TIMEOUT": str(reply_timeout),
    }
    with start_bot(folder, environment) as bot:
        yield Served(bot, folder / "conversations.db", folder / "bot.log")


@contextmanager
def stopped(process_id: int) -> Iterator[None]:
    """Hold a process still for the length of a block."""
    os.kill(process_id, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process_id, signal.SIGCONT)
