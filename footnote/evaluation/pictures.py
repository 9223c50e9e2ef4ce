"""The evaluation's pictures as PNG files: confusion, reliability, a learning curve.

matplotlib comes with Rasa; it is imported when a picture is drawn, and needs no screen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from footnote.evaluation.reliability import Bin
from footnote.replies import KINDS

_DPI = 110
_DARK = 0.5
"""From this share of its row on, a cell is dark and its count is written in white."""


def confusion(counts: Mapping[tuple[str, str], int], file: Path) -> None:
    """Draw which kind of reply was given where which one was expected.

    Args:
        counts: by pair of expected and given kind.
        file: where the picture goes.
    """
    used = {kind for pair in counts for kind in pair}
    names = [kind for kind in (*KINDS, "none") if kind in used]
    with _figure(file, 1 + 0.75 * len(names), 1 + 0.6 * len(names)) as axes:
        for row, expected in enumerate(names):
            total = sum(counts.get((expected, given), 0) for given in names)
            for column, given in enumerate(names):
                count = counts.get((expected, given), 0)
                share = count / total if total else 0.0
                shade = "#1b6e3c" if row == column else "#b3261e"
                axes.fill_between(
                    (column - 0.5, column + 0.5), row - 0.5, row + 0.5, color=shade, alpha=share
                )
                if count:
                    colour = "white" if share >= _DARK else "black"
                    axes.text(column, row, str(count), ha="center", va="center", color=colour)
        ticks = range(len(names))
        axes.set_xticks(ticks, names, rotation=40, ha="right")
        axes.set_yticks(ticks, names)
        axes.set(xlabel="kind given", ylabel="kind expected")
        axes.set(xlim=(-0.5, len(names) - 0.5), ylim=(len(names) - 0.5, -0.5))
        axes.set_xticks([tick + 0.5 for tick in ticks], minor=True)
        axes.set_yticks([tick + 0.5 for tick in ticks], minor=True)
        axes.grid(which="minor", color="#dddddd")
        axes.tick_params(which="minor", length=0)


def reliability(curves: Mapping[str, Sequence[Bin]], file: Path) -> None:
    """Draw the share right over the confidence; a dot's area grows with how many it counts.

    Args:
        curves: the bins of each curve, by its name.
        file: where the picture goes.
    """
    with _figure(file, 6, 5) as axes:
        axes.plot((0, 1), (0, 1), "--", color="#888888", label="as sure as right")
        for name, found in curves.items():
            confidence = [each.confidence for each in found]
            right = [each.right for each in found]
            (line,) = axes.plot(confidence, right, label=name)
            total = sum(each.count for each in found)
            sizes = [12 + 300 * each.count / total for each in found]
            axes.scatter(confidence, right, sizes, color=line.get_color(), alpha=0.6)
        axes.set(xlabel="confidence", ylabel="share right", xlim=(-0.03, 1.03), ylim=(0, 1.03))
        axes.legend(loc="lower right")


def learning_curve(
    counts: Sequence[int], curves: Mapping[str, Sequence[float]], file: Path
) -> None:
    """Draw scores over the number of training questions.

    Args:
        counts: the numbers of training questions, ascending.
        curves: each score's shares, one for each number.
        file: where the picture goes.
    """
    with _figure(file, 7, 5) as axes:
        for name, shares in curves.items():
            axes.plot(counts, [share * 100 for share in shares], "o-", label=name)
        axes.set_xscale("log", base=2)
        axes.set_xticks(counts, [f"{count:,}" for count in counts])
        axes.set_xticks([], minor=True)
        axes.set(xlabel="training questions", ylabel="%", ylim=(0, 101))
        axes.grid(color="#eeeeee")
        axes.legend(loc="center right")


@contextmanager
def _figure(file: Path, width: float, height: float) -> Iterator[Any]:
    """Give axes to draw on, and write the picture when done."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(width, height))
    try:
        yield axes
        figure.tight_layout()
        file.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(file, dpi=_DPI)
    finally:
        pyplot.close(figure)
