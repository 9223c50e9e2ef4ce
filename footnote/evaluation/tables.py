"""The scores as tables of text: for the terminal, and for the report's HTML (pure functions)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from footnote.evaluation.reliability import Bin
from footnote.evaluation.scores import ORDER, Scores, Share

LOWER_IS_BETTER = ("wrong answer", "false alarm", "clarify")


@dataclass(frozen=True)
class Table:
    """A table: its title, the names of its columns, its rows of texts, a name first in each."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def as_text(self) -> str:
        """Return the table for a terminal: names to the left, figures to the right."""
        lines = [self.head, *self.rows]
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.head))]
        shown = [f"\n{self.title}"]
        for name, *cells in lines:
            right = [f"{cell:>{width}}" for cell, width in zip(cells, widths[1:], strict=True)]
            shown.append("  ".join([f"  {name:{widths[0]}}", *right]).rstrip())
        return "\n".join(shown)


def percent(value: float | None) -> str:
    """Return a share as "91.7%", or a dash where there is none."""
    return "-" if value is None else f"{value:.1%}"


def of_scores(scores: Scores, title: str) -> Table:
    """Return each score with its counts."""
    rows = [(_named(name), *_cells(share)) for name, share in scores.shares.items()]
    return Table(title, ("score", "share", "count", "of"), tuple(rows))


def of_groups(scores: Scores) -> list[Table]:
    """Return what is right by kind, by voice where there are several, and by section."""
    return [
        Table(
            f"Right (in full, or in kind), by {group}",
            (group, "share", "count", "of"),
            tuple((name or "(none)", *_cells(share)) for name, share in shares.items()),
        )
        for group, shares in scores.groups.items()
    ]


def side_by_side(columns: Mapping[str, Scores], title: str, losses: bool = False) -> Table:
    """Return the scores of several runs over the same questions beside each other.

    Args:
        columns: the runs' scores by name.
        title: the table's.
        losses: also tell, in points, how much worse each run is than the first one; where it
            is better, the figure is negative.
    """
    names = list(columns)
    first = columns[names[0]]
    rows = []
    for score in ORDER:
        shares = [columns[name].shares.get(score) for name in names]
        if not any(shares):
            continue
        cells = [percent(share.value if share else None) for share in shares]
        if losses:
            lost = [_lost(score, first.shares.get(score), share) for share in shares[1:]]
            cells += ["-" if value is None else f"{value:+.1f}" for value in lost]
        rows.append((_named(score), *cells))
    head = ("score", *names, *(f"loss, {name}" for name in names[1:] if losses))
    return Table(title, head, tuple(rows))


def groups_beside(columns: Mapping[str, Scores], group: str) -> Table:
    """Return what is right in several runs over the same questions by kind, voice or section."""
    runs = [scores.groups.get(group, {}) for scores in columns.values()]
    rows = [
        (name or "(none)", *(percent(run[name].value) for run in runs), str(share.of))
        for name, share in runs[0].items()
    ]
    title = f"Right (in full, or in kind), by {group}"
    return Table(title, (group, *columns, "of"), tuple(rows))


def of_bins(found: Sequence[Bin], title: str) -> Table:
    """Return the bins of a reliability diagram."""
    rows = [
        (
            f"{each.low:.1f} to {each.high:.1f}",
            str(each.count),
            percent(each.confidence),
            percent(each.right),
        )
        for each in found
    ]
    return Table(title, ("confidence", "messages", "mean confidence", "right"), tuple(rows))


def failure_lines(failures: Sequence[dict[str, Any]], most: int) -> str:
    """Return the first failures as text: what was asked, what was wanted, what came."""
    if not failures:
        return ""
    lines = [f"\n{len(failures)} not right:"]
    for failure in failures[:most]:
        wanted, got = wanted_and_got(failure)
        before = " / ".join([*failure["context"], ""])
        lines.append(f"  {failure['id']} ({failure['fault']}): {before}{failure['message']}")
        lines += [f"      want {wanted}", f"      got  {got}"]
    return "\n".join(lines)


def wanted_and_got(failure: Mapping[str, Any]) -> tuple[str, str]:
    """Return a failure's right kind and sentences, and those that came."""
    wanted = " ".join([failure["kind"], *failure["must"]])
    return wanted, " ".join([failure["got"], *failure["sources"]])


def _named(score: str) -> str:
    return f"{score} (lower is better)" if score in LOWER_IS_BETTER else score


def _cells(share: Share) -> tuple[str, str, str]:
    return percent(share.value), str(share.right), str(share.of)


def _lost(score: str, before: Share | None, after: Share | None) -> float | None:
    """Return by how many points a score got worse, or None where it is over other questions."""
    if not before or not after or before.of != after.of:
        return None
    if before.value is None or after.value is None:
        return None
    gained = (after.value - before.value) * 100
    # Zero has no sign.
    return (gained if score in LOWER_IS_BETTER else -gained) + 0.0
