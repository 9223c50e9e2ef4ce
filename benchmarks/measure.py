"""Measure running bots over HTTP, from this process, and read what their processes used."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import requests

from footnote.knowledge import load_knowledge
from footnote.serving.client import Conversation

SMALL_TALK = ("how much does it cost", "and the side effects?")
TURNS = 10
"""Messages of one conversation, as people have them."""
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Replies:
    """Seconds of each reply as the client saw them, and of all cores for each reply."""

    seconds: list[float]
    cpu_seconds: float


def questions() -> list[str]:
    """Return what people would ask, each answered by a custom action."""
    entries = list(load_knowledge().entries.values())[::8]
    # Without its last sign a question is not matched to the letter, as an option would be.
    return [*(entry.question.rstrip("?") + ", please" for entry in entries), *SMALL_TALK]


def replies(url: str, process_ids: Sequence[int], count: int, asked: Sequence[str] = ()) -> Replies:
    """Ask one question after the other, ten to a conversation.

    Args:
        url: the bot's address.
        process_ids: of its processes.
        count: how many messages.
        asked: the questions, over and over (default: those on the project's knowledge base).
    """
    asked = asked or questions()
    seconds = []
    before = cpu(process_ids)
    with requests.Session() as session:
        for number in range(count):
            if number % TURNS == 0:
                conversation = Conversation(url, session=session)
            begun = time.perf_counter()
            conversation.ask(asked[number % len(asked)], timeout=60)
            seconds.append(time.perf_counter() - begun)
    return Replies(seconds, (cpu(process_ids) - before) / count)


def summary(seconds: Sequence[float]) -> dict[str, float]:
    """Return the median and the 95th percentile of some replies' seconds."""
    return {
        "median": statistics.median(seconds),
        "p95": statistics.quantiles(seconds, n=20)[-1],
    }


def turned(names: Sequence[str], number: int) -> list[str]:
    """Return names in the order of a round: another one begins each time.

    So none always follows the same neighbour.
    """
    begin = number % len(names)
    return [*names[begin:], *names[:begin]]


def rate(url: str, clients: int, each: int) -> float:
    """Return the replies a second that clients asking side by side get."""
    asked = questions()

    def talk(client: int) -> None:
        with requests.Session() as session:
            conversation = Conversation(url, session=session)
            for number in range(each):
                conversation.ask(asked[(client + number) % len(asked)], timeout=120)

    begun = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(talk, range(clients)))
    return clients * each / (time.perf_counter() - begun)


def cpu(process_ids: Sequence[int]) -> float:
    """Return the seconds of all cores that processes have used so far."""
    total = 0
    for process_id in process_ids:
        fields = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8").rpartition(")")[2]
        user, system = fields.split()[11:13]
        total += int(user) + int(system)
    return total / TICKS


def memory(process_ids: Sequence[int]) -> float:
    """Return the resident memory of processes, in MB."""
    total = 0
    for process_id in process_ids:
        status = Path(f"/proc/{process_id}/status").read_text(encoding="utf-8")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        total += int(line.split()[1])
    return total / 1024


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))


def load() -> float:
    """Return the machine's load of the last minute: what else ran beside the bench."""
    return os.getloadavg()[0]
