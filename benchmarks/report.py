"""Show what was measured: a table for people, a plot."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROWS = (
    ("training from nothing", "training", 1.0, "s"),
    ("start to first reply", "start", 1.0, "s"),
    ("reply, median", "median", 1000.0, "ms"),
    ("reply, p95", "p95", 1000.0, "ms"),
    ("reply, time of all cores", "cpu", 1000.0, "ms"),
    ("replies a second, 32 clients", "rate", 1.0, "/s"),
    ("resident memory, all processes", "memory", 1.0, "MB"),
    ("the same after 20,000 messages", "memory_later", 1.0, "MB"),
)
"""What is shown: its name, where it is found, a factor, a unit."""

GOALS = (
    ("reply, median, beside the comparison", "median", "recommended", 0.25, False),
    ("reply, p95, beside the comparison", "p95", "recommended", 0.25, False),
    ("reply, median, beside the floor", "median", "floor", 2.0, False),
    ("reply, p95, beside the floor", "p95", "floor", 2.0, False),
    ("replies a second, beside the comparison", "rate", "recommended", 4.0, True),
    ("training, beside the comparison", "training", "recommended", 0.1, False),
    ("start, beside the comparison", "start", "recommended", 1 / 3, False),
    ("memory, beside the comparison", "memory", "recommended", 0.5, False),
)
"""What is to be reached: a figure of ours over another bot's, and whether more is better."""

FEW, MANY = "40", "4000"
"""Sizes of the knowledge bases whose replies are compared."""


def table(result: dict[str, Any]) -> str:
    """Return the figures as text: the median of the rounds, their least and greatest, the goals."""
    figures = result["figures"]
    names = list(figures)
    lines = [f"\n{result['mode']} mode, {result['machine']}, {result['seconds']} s"]
    lines.append(f"{'':34}" + "".join(f"{name:>27}" for name in names))
    for title, key, factor, unit in ROWS:
        if any(key in figures[name] for name in names):
            cells = (_cell(figures[name].get(key), factor, unit) for name in names)
            lines.append(f"{title:34}" + "".join(f"{cell:>27}" for cell in cells))
    lines.append("")
    for title, key, other, goal, more in GOALS:
        ratio = _ratio(figures, key, other)
        if ratio is not None:
            reached = ratio >= goal if more else ratio <= goal
            words = "at least" if more else "at most"
            verdict = "reached" if reached else "missed"
            lines.append(f"{title:42}{ratio:8.2f} times, {words} {goal:.2f}: {verdict}")
    for title, value, unit, goal in _own(figures["footnote"]):
        verdict = "reached" if value <= goal else "missed"
        lines.append(f"{title:42}{value:8.2f} {unit}, at most {goal:.2f}: {verdict}")
    lines += _sizes(figures["footnote"].get("entries", {}))
    return "\n".join([*lines, *(f"Note: {note}" for note in result["notes"])])


def _own(ours: dict[str, Any]) -> Iterator[tuple[str, float, str, float]]:
    """Give what is to be reached without another bot: its name, our figure, its unit, the goal."""
    entries, turns = ours.get("entries", {}), ours.get("turns", {})
    if FEW in entries and MANY in entries:
        ratio = _over(entries[MANY]["median"], entries[FEW]["median"])
        yield f"reply with {int(MANY):,} entries, beside {FEW}", ratio, "times", 1.5
    if len(turns) > 1:
        first, *_, last = turns
        ratio = statistics.median(turns[last]) / statistics.median(turns[first])
        yield f"reply at turn {int(last):,}, beside turn {first}", ratio, "times", 1.1
    if "edits" in ours:
        yield "edited answer to live, slowest", max(ours["edits"]["seconds"]), "s", 2.0
        yield "conversations lost by an edit", ours["edits"]["lost"], "", 0
    if "first_load" in ours:
        load = ours["first_load"]
        yield "first load of the chat page and its files", load["page"] / 1000, "kB", 40.0
        yield "first load of the widget elsewhere", load["widget"] / 1000, "kB", 40.0
        yield "round trips until one can type", load["shown"], "", 1
        yield "round trips until one can send", load["sent"], "", 1


def _sizes(entries: dict[str, Any]) -> list[str]:
    """Return the growth with the entries as lines of a table."""
    if not entries:
        return []
    titles = (
        "reply, median",
        "reply, p95",
        "all cores",
        "start",
        "edited to live",
        "memory",
        "right",
    )
    lines = ["", f"{'entries':>12}" + "".join(f"{title:>25}" for title in titles)]
    for size, found in entries.items():
        cells = (
            _cell(found["median"], 1000.0, "ms"),
            _cell(found["p95"], 1000.0, "ms"),
            _cell(found["cpu"], 1000.0, "ms"),
            _cell(found["start"], 1.0, "s"),
            _cell(found["edit"], 1.0, "s"),
            _cell(found["memory"], 1.0, "MB"),
            _cell(found["right"], 100.0, "%"),
        )
        lines.append(f"{int(size):>12,}" + "".join(f"{cell:>25}" for cell in cells))
    return lines


def plot(result: dict[str, Any], file: Path) -> None:
    """Draw the replies' medians of each round, and replies late in long conversations."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figures = result["figures"]
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(10, 4))
    names = [name for name in figures if "median" in figures[name]]
    left.boxplot([[s * 1000 for s in figures[name]["median"]] for name in names], labels=names)
    left.set(ylabel="reply, ms (median of each round)", title="One client", ylim=(0, None))
    turns = figures["footnote"].get("turns", {})
    late = [[seconds * 1000 for seconds in each] for each in turns.values()]
    right.boxplot(late, labels=[f"{int(count):,}" for count in turns])
    right.set(xlabel="turns before", ylabel="reply, ms", title="Late in a conversation")
    right.set_ylim(0, None)
    figure.tight_layout()
    figure.savefig(file, dpi=120)
    pyplot.close(figure)


def _cell(values: Sequence[float] | None, factor: float, unit: str) -> str:
    if not values:
        return "-"
    shown = [value * factor for value in values]
    spread = f" ({min(shown):.1f}-{max(shown):.1f})" if len(shown) > 1 else ""
    return f"{statistics.median(shown):.1f}{spread} {unit}"


def _ratio(figures: dict[str, Any], key: str, other: str) -> float | None:
    """Return ours over another's, round by round where both have rounds, then their median."""
    mine, theirs = figures["footnote"].get(key), figures.get(other, {}).get(key)
    if not mine or not theirs:
        return None
    return _over(mine, theirs)


def _over(mine: Sequence[float], theirs: Sequence[float]) -> float:
    """Return the median of the rounds' ratios: what else ran slowed both alike."""
    return statistics.median(a / b for a, b in zip(mine, theirs, strict=False))
