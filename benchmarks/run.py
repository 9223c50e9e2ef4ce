"""One run of the bench: every bot is started, then they are asked in turns."""

from __future__ import annotations

import json
import platform
import shutil
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from benchmarks import bots, edits, first_load, growth, measure, recommended, report
from benchmarks.bots import Started
from footnote import paths
from footnote.serving.training import ensure_model

WARM_UP = 20
LATE = 30
"""Messages asked late in each long conversation."""


@dataclass(frozen=True)
class Size:
    """How much is measured.

    Attributes:
        rounds: times that every bot is asked, one bot after the other.
        messages: messages a round, from one client.
        clients, each: clients asking side by side in each round, and messages of each.
        turns: how long the conversations are in which replies are measured.
        edits: times that an answer is edited.
        entries: how large the generated knowledge bases are (none: not measured).
        many: messages over which memory must not grow (0: not measured).
        training: whether our model is trained from nothing.
    """

    rounds: int
    messages: int
    clients: int
    each: int
    turns: tuple[int, ...]
    edits: int
    entries: tuple[int, ...]
    many: int
    training: bool


QUICK = Size(
    rounds=3,
    messages=30,
    clients=32,
    each=2,
    turns=(20, 1_000),
    edits=2,
    entries=(),
    many=0,
    training=False,
)
FULL = Size(
    rounds=5,
    messages=100,
    clients=32,
    each=4,
    turns=(20, 100, 1_000, 10_000),
    edits=10,
    entries=(40, 400, 4_000, 20_000),
    many=20_000,
    training=True,
)


def bench(size: Size) -> int:
    """Measure, print the table, and write results/bench.json and results/bench.png."""
    begun = time.monotonic()
    figures: dict[str, dict[str, Any]] = {}
    notes: list[str] = []
    model = ensure_model()
    if size.training:
        figures["footnote"] = {"training": _train_from_nothing()}
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        _beside_others(size, model, folder, figures, notes)
        if size.entries:
            # Alone: together with the others they would not fit into small machines.
            found = growth.with_entries(model, size.entries, size.rounds, folder)
            figures["footnote"]["entries"] = found
    kept = recommended.trained()
    if kept and not kept[1].described:
        # A part of it took a part of the time, and says nothing of the whole.
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


def _beside_others(
    size: Size,
    model: Path,
    folder: Path,
    figures: dict[str, dict[str, Any]],
    notes: list[str],
) -> None:
    """Ask all bots in turns, then ours alone; add to the figures and notes."""
    # A copy, so that its answers can be edited.
    knowledge = Path(shutil.copytree(paths.KNOWLEDGE, folder / "knowledge"))
    with ExitStack() as stack:
        running = _start(stack, model, folder, knowledge, notes)
        for name, bot in running.items():
            figures.setdefault(name, {}).update(start=[bot.start])
            measure.replies(bot.url, bot.process_ids, WARM_UP)
        _rounds(running, size, figures)
        ours, mine = running["footnote"], figures["footnote"]
        mine["first_load"] = asdict(first_load.first_load(ours.url))
        database = folder / bots.DATABASE
        mine["turns"] = growth.with_turns(ours.url, database, size.turns, LATE)
        mine["edits"] = asdict(edits.to_live(ours.url, knowledge, size.edits))
        for name, bot in running.items():
            figures[name]["memory"] = [measure.memory(bot.process_ids)]
        if size.many:
            measure.rate(ours.url, 8, size.many // 8)
            mine["memory_later"] = [measure.memory(ours.process_ids)]


def _train_from_nothing() -> list[float]:
    for kept in (paths.VECTORS, paths.FOLLOW_UP_VECTORS):
        kept.unlink(missing_ok=True)
    begun = time.monotonic()
    ensure_model(force=True)
    return [time.monotonic() - begun]


def _start(
    stack: ExitStack, model: Path, scratch: Path, knowledge: Path, notes: list[str]
) -> dict[str, Started]:
    """Start the bots one after the other, each alone while it starts."""
    running = {
        "footnote": stack.enter_context(bots.ours(model, scratch, knowledge)),
        "floor": stack.enter_context(bots.floor(scratch)),
    }
    kept = recommended.trained()
    if kept is None:
        notes.append("The comparison bot is missing: make bench-baseline trains it, once.")
    else:
        folder, training = kept
        running["recommended"] = stack.enter_context(bots.compared(folder))
        if training.described:
            took = f"{training.seconds:.0f} s"
            notes.append(f"The comparison bot was trained on {training.described}; it took {took}.")
    return running


def _rounds(running: dict[str, Started], size: Size, figures: dict[str, dict[str, Any]]) -> None:
    for number in range(size.rounds):
        for name in measure.turned(list(running), number):
            bot = running[name]
            asked = measure.replies(bot.url, bot.process_ids, size.messages)
            found = {
                **measure.summary(asked.seconds),
                "cpu": asked.cpu_seconds,
                "rate": measure.rate(bot.url, size.clients, size.each),
            }
            for key, value in found.items():
                figures[name].setdefault(key, []).append(value)
