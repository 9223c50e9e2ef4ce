"""Several servers of the bot on one PostgreSQL and one Redis, and people who talk through them."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

from footnote.channels.callers import LOCAL, conversation
from footnote.privacy.identity import stored_id
from footnote.serving.client import Answer, Conversation
from footnote.serving.servers import Bot, running
from footnote.serving.training import ensure_model
from tests.conftest import ID_SECRET, NEUTRAL
from tests.helpers.databases import Postgres, Redis, service

QUESTION = "What are the side effects of chemotherapy?"
CRY = "I can't breathe"


@dataclass
class Fleet:
    """Servers that share their stores; a test may kill and replace any of them."""

    postgres: Postgres
    redis: Redis
    folder: Path
    environment: dict[str, str]
    bots: list[Bot] = field(default_factory=list)

    def talk(self, server: int, sender: str | None = None) -> Conversation:
        """Return a conversation through one of the servers."""
        return Conversation(self.bots[server].url, sender or f"person-{uuid.uuid4().hex}")

    def ready(self, server: int) -> tuple[int, dict[str, str]]:
        """Return the status and the checks of a server's readiness."""
        answer = requests.get(f"{self.bots[server].url}/health/ready", timeout=10)
        return answer.status_code, answer.json()["checks"]

    def until_ready(self, server: int, within: float = 60.0) -> float:
        """Wait until a server is ready again; return the seconds."""
        began = time.monotonic()
        while time.monotonic() - began < within:
            try:
                if self.ready(server)[0] == 200:
                    return time.monotonic() - began
            except requests.RequestException:
                pass
            time.sleep(0.1)
        raise AssertionError(f"server {server} was not ready within {within} s")

    def stored(self, sender: str) -> list[str]:
        """Return the texts of a sender's messages in the order in which they were stored."""
        key = stored_id(conversation("rest", LOCAL, sender), ID_SECRET.encode())
        rows = self.postgres.rows(
            "select data::json ->> 'text' from events where type_name = 'user' "
            f"and sender_id = '{key}' order by id"
        )
        return [str(text) for (text,) in rows]

    @contextmanager
    def another(self) -> Iterator[Bot]:
        """Run one more server on the same stores for the length of a block."""
        log = self.folder / f"bot-{uuid.uuid4().hex}.log"
        with running(ensure_model(), log=log, extra=self.environment) as bot:
            yield bot

    def log(self, server: int) -> str:
        """Return what a server printed."""
        return (self.folder / f"bot-{server}.log").read_text(encoding="utf-8", errors="replace")


@contextmanager
def fleet(
    folder: Path,
    servers: int = 2,
    reply_timeout: float = 5.0,
    each: Sequence[dict[str, str]] = (),
    of_redis: dict[str, str] | None = None,
) -> Iterator[Fleet]:
    """Run servers on stores of their own for the length of a block.

    Args:
        folder: where their logs go.
        servers: how many.
        reply_timeout: seconds after which a person is told that something failed.
        each: environment variables of each server besides.
        of_redis: Redis' own.
    """
    with ExitStack() as stack:
        postgres = stack.enter_context(service(Postgres))
        redis = stack.enter_context(service(Redis, of_redis))
        environment = {
            **NEUTRAL,
            "FOOTNOTE_COUNTRY": "GB",
            "FOOTNOTE_DATABASE_URL": postgres.url,
            "FOOTNOTE_REDIS_URL": redis.url,
            "FOOTNOTE_REPLY_TIMEOUT": str(reply_timeout),
        }
        made = Fleet(postgres, redis, folder, environment)
        model = ensure_model()

        def start(number: int) -> Bot:
            log = folder / f"bot-{number}.log"
            own = each[number] if each else {}
            return stack.enter_context(running(model, log=log, extra={**environment, **own}))

        with ThreadPoolExecutor(servers) as pool:
            made.bots = list(pool.map(start, range(servers)))
        yield made


def kill(bot: Bot) -> None:
    """End a server and its actions at once, as a machine that fails."""
    for process in bot.processes:
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()


@dataclass
class Crowd:
    """People who go on asking, each in a conversation of their own, and what they saw."""

    kinds: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    acknowledged: dict[str, list[str]] = field(default_factory=dict)
    mixed: int = 0

    def wait(self, share: float) -> float:
        """Return the wait that a share of the messages stayed below, in seconds."""
        return sorted(self.waits)[min(len(self.waits) - 1, int(len(self.waits) * share))]


QUESTIONS = {
    QUESTION: "chemotherapy/side-effects",
    "How is chemotherapy given?": "chemotherapy/forms",
    "What is targeted therapy?": "targeted-therapy/definition",
    "What does it cost?": "",
}


@contextmanager
def crowd(urls: list[str], people: int, pause: float = 0.3) -> Iterator[Crowd]:
    """Let people talk for the length of a block; each message has a mark of its own.

    A person whose server is gone goes on with the next one, as a load balancer would do.
    """
    seen, ending, lock = Crowd(), threading.Event(), threading.Lock()

    def person(number: int) -> None:
        sender, server = f"person-{number}-{uuid.uuid4().hex}", number
        session, count = requests.Session(), 0
        while not ending.is_set():
            count += 1
            danger = count % 7 == 0
            text = f"{CRY} {number}/{count}" if danger else f"{QUESTION} {number}/{count}"
            began = time.monotonic()
            try:
                talk = Conversation(urls[server % len(urls)], sender, session)
                answer: Answer | None = talk.ask(text, timeout=20)
            except requests.RequestException:
                answer, server = None, server + 1
            with lock:
                kind = answer.kind if answer else "unreachable"
                seen.kinds[f"danger: {kind}" if danger else kind] += 1
                seen.waits.append(time.monotonic() - began)
                # A safety reply is given before its turn is stored; others are kept when given.
                if answer and not danger and kind not in ("error", "none"):
                    seen.acknowledged.setdefault(sender, []).append(text)
                    seen.mixed += answer.messages[0]["recipient_id"] != sender
            ending.wait(pause * (0.5 + random.random()))

    with ThreadPoolExecutor(people) as pool:
        for number in range(people):
            pool.submit(person, number)
        try:
            yield seen
        finally:
            ending.set()


def lost(fleet_: Fleet, seen: Crowd) -> list[str]:
    """Return which messages were answered but are not stored, or stand in another order."""
    missing = []
    for sender, texts in seen.acknowledged.items():
        kept = fleet_.stored(sender)
        missing += [f"not stored: {text}" for text in texts if text not in kept]
        positions = [kept.index(text) for text in texts if text in kept]
        if positions != sorted(positions):
            missing.append(f"out of order: {texts} {kept}")
    return missing
