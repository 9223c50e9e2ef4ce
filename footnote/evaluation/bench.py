"""Measure the bot over real HTTP beside the floor: a plain Rasa bot in the same run."""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import requests

from footnote import paths
from footnote.knowledge import load_knowledge
from footnote.serving.client import Conversation
from footnote.serving.environment import environment, free_port, rasa
from footnote.serving.servers import Bot, answers, running
from footnote.serving.training import ensure_model

SMALL_TALK = ("hello", "how much does it cost", "and the side effects?", "thanks a lot")
WARM_UP = 20
MESSAGES = 200
CLIENTS = 8
FLOOR = Path(__file__).parent / "floor"
"""The floor: keyword classifier, rules and one response, in Rasa's own parts only."""


@dataclass(frozen=True)
class Figures:
    """What was measured of one bot; times in seconds, memory in MB."""

    start: float
    median: float
    p95: float
    replies_per_second: float
    memory: float
    training: float


def bench() -> int:
    """Measure the bot and the floor, print the figures and write them as JSON."""
    started = time.monotonic()
    model = ensure_model(force=True)
    trained = time.monotonic() - started
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        ours = _measure_ours(model, scratch, trained)
        floor = _measure_floor(scratch)
    _show({"footnote": ours, "floor": floor})
    target = paths.RESULTS / "bench.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    content = json.dumps({"footnote": asdict(ours), "floor": asdict(floor)}, indent=1)
    target.write_text(content, encoding="utf-8")
    print(f"\nWritten to {target.relative_to(paths.ROOT)}")
    return 0


def _measure_ours(model: Path, scratch: Path, training: float) -> Figures:
    begun = time.monotonic()
    with running(model, database=str(scratch / "bench.db"), log=scratch / "log") as bot:
        Conversation(bot.url).ask("hello")
        start = time.monotonic() - begun
        return _measure(bot.url, [p.pid for p in bot.processes], start, training)


def _measure_floor(scratch: Path) -> Figures:
    folder = scratch / "floor"
    shutil.copytree(FLOOR, folder)
    begun = time.monotonic()
    command = rasa("train", "--quiet", "--fixed-model-name", "floor")
    subprocess.run(command, cwd=folder, env=environment(), check=True, capture_output=True)
    training = time.monotonic() - begun
    begun = time.monotonic()
    with _floor_running(folder) as bot:
        Conversation(bot.url).ask("hello")
        start = time.monotonic() - begun
        return _measure(bot.url, [bot.server.pid], start, training)


@contextmanager
def _floor_running(folder: Path) -> Iterator[Bot]:
    port = free_port()
    command = rasa("run", "--interface", "127.0.0.1", "--port", str(port))
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment(), stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{port}"
            deadline = time.monotonic() + 120
            while not answers(f"{url}/webhooks/rest/") and time.monotonic() < deadline:
                time.sleep(0.1)
            yield Bot(url, server, server)
        finally:
            server.terminate()
            server.wait(10)


def _measure(url: str, pids: list[int], start: float, training: float) -> Figures:
    session = requests.Session()
    asked = _questions()
    for number in range(WARM_UP):
        Conversation(url, session=session).ask(asked[number % len(asked)])
    times = []
    for number in range(MESSAGES):
        # Ten messages a conversation, as people have them.
        if number % 10 == 0:
            conversation = Conversation(url, session=session)
        begun = time.perf_counter()
        conversation.ask(asked[number % len(asked)])
        times.append(time.perf_counter() - begun)
    begun = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(lambda _: _talk(url, asked), range(CLIENTS)))
    rate = CLIENTS * len(asked) / (time.perf_counter() - begun)
    return Figures(
        start=start,
        median=statistics.median(times),
        p95=statistics.quantiles(times, n=20)[-1],
        replies_per_second=rate,
        memory=sum(_resident(pid) for pid in pids),
        training=training,
    )


def _questions() -> list[str]:
    """Return what people would ask: questions in their own words, and small talk."""
    entries = list(load_knowledge().entries.values())[:: len(SMALL_TALK) * 2]
    # Without its last sign a question is not matched to the letter, as an option would be.
    return [*(entry.question.rstrip("?") + ", please" for entry in entries), *SMALL_TALK]


def _talk(url: str, asked: list[str]) -> None:
    with requests.Session() as session:
        conversation = Conversation(url, session=session)
        for question in asked:
            conversation.ask(question)


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return float("nan")
    line = next(x for x in status.read_text().splitlines() if x.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def _show(figures: dict[str, Figures]) -> None:
    rows = (
        ("training from nothing", "training", 1.0, "s"),
        ("start to first reply", "start", 1.0, "s"),
        ("reply, median", "median", 1000.0, "ms"),
        ("reply, p95", "p95", 1000.0, "ms"),
        (f"replies a second, {CLIENTS} clients", "replies_per_second", 1.0, ""),
        ("resident memory, all processes", "memory", 1.0, "MB"),
    )
    print(f"\n{'':34}" + "".join(f"{name:>16}" for name in figures) + f"{'ratio':>10}")
    for title, field, factor, unit in rows:
        values = [getattr(figure, field) * factor for figure in figures.values()]
        cells = "".join(f"{value:>13.1f} {unit:2}" for value in values)
        print(f"{title:34}{cells}{values[0] / values[1]:>10.1f}")
