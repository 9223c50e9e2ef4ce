"""One run of the bench: every bot is started, then they are asked in turns."""

from __future__ import annotations

import json
import platform
import statistics
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from benchmarks import bots, measure, recommended, report
from benchmarks.bots import Started
from footnote import paths
from footnote.serving.training import ensure_model

WARM_UP = 20


@dataclass(frozen=True)
class Size:
    """How much is measured.

    Attributes:
        rounds: times that every bot is asked, one bot after the other.
        messages: messages a round, from one client.
        clients, each: clients asking side by side in each round, and messages of each.
        turns: messages in one long conversation.
        many: messages over which memory must not grow (0: not measured).
        training: whether our model is trained from nothing.
    """

    rounds: int
    messages: int
    clients: int
    each: int
    turns: int
    many: int
    training: bool


QUICK = Size(rounds=3, messages=30, clients=32, each=2, turns=60, many=0, training=False)
FULL = Size(rounds=5, messages=100, clients=32, each=6, turns=300, many=20_000, training=True)


def bench(size: Size) -> int:
    """Measure, print the table, and write results/bench.json and results/bench.png."""
    begun = time.monotonic()
    figures: dict[str, dict[str, Any]] = {}
    notes: list[str] = []
    model = ensure_model()
    if size.training:
        figures["footnote"] = {"training": _train_from_nothing()}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, ExitStack() as stack:
        running = _start(stack, model, Path(folder), notes)
        for name, bot in running.items():
            figures.setdefault(name, {}).update(start=[bot.start])
            measure.replies(bot.url, bot.process_ids, WARM_UP)
        _rounds(running, size, figures)
        ours = running["footnote"]
        figures["footnote"]["turns"] = measure.turns(ours.url, size.turns)
        for name, bot in running.items():
            figures[name]["memory"] = [measure.memory(bot.process_ids)]
        if size.many:
            measure.rate(ours.url, 8, size.many // 8)
            figures["footnote"]["memory_later"] = [measure.memory(ours.process_ids)]
    kept = recommended.trained()
    if kept:
        figures["recommended"]["training"] = [kept[1].seconds]
    result = {
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {measure.cores()} cores, load {measure.load():.1f}",
        "mode": "full" if size is FULL else "quick",
        "seconds": round(time.monotonic() - begun),
        "notes": notes,
        "figures": figures,
    }
    print(report.table(result))
    paths.RESULTS.mkdir(exist_ok=True)
    (paths.RESULTS / "bench.json").write_text(json.dumps(result, indent=1), encoding="utf-8")
    report.plot(result, paths.RESULTS / "bench.png")
    print("\nWritten to results/bench.json and results/bench.png")
    return 0


def _train_from_nothing() -> list[float]:
    paths.VECTORS.unlink(missing_ok=True)
    begun = time.monotonic()
    ensure_model(force=True)
    return [time.monotonic() - begun]


def _start(stack: ExitStack, model: Path, scratch: Path, notes: list[str]) -> dict[str, Started]:
    """Start the bots one after the other, each alone while it starts."""
    running = {
        "footnote": stack.enter_context(bots.ours(model, scratch)),
        "floor": stack.enter_context(bots.floor(scratch)),
    }
    kept = recommended.trained()
    if kept is None:
        notes.append("The comparison bot is missing: make bench-baseline trains it, once.")
    else:
        folder, training = kept
        running["recommended"] = stack.enter_context(bots.compared(folder))
        if training.described:
            notes.append(f"The comparison bot was trained on {training.described}.")
    return running


def _rounds(running: dict[str, Started], size: Size, figures: dict[str, dict[str, Any]]) -> None:
    for number in range(size.rounds):
        # Another bot begins each time, so that none always follows the same neighbour.
        names = list(running)[number % len(running) :] + list(running)[: number % len(running)]
        for name in names:
            bot = running[name]
            asked = measure.replies(bot.url, bot.process_ids, size.messages)
            found = {
                "median": statistics.median(asked.seconds),
                "p95": statistics.quantiles(asked.seconds, n=20)[-1],
                "cpu": asked.cpu_seconds,
                "rate": measure.rate(bot.url, size.clients, size.each),
            }
            for key, value in found.items():
                figures[name].setdefault(key, []).append(value)
