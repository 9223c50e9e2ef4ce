"""The bench's table says what was measured, and which goals were reached."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks import report


@pytest.fixture
def result() -> dict[str, Any]:
    return {
        "mode": "quick",
        "machine": "2 cores",
        "seconds": 60,
        "notes": ["The comparison bot was trained on every 10th question."],
        "figures": {
            "footnote": {
                "median": [0.010, 0.020, 0.012],
                "start": [8.0],
                "rate": [80.0],
                "turns": {"20": [0.010, 0.011, 0.012], "100": [0.5], "1000": [0.022] * 3},
                "edits": {"seconds": [0.4, 1.25, 0.2], "lost": 1},
                "first_load": {"page": 38_200, "widget": 30_100, "shown": 2, "sent": 5},
                "entries": {
                    size: {
                        "median": median,
                        "p95": [0.050],
                        "cpu": [0.015],
                        "start": [5.0],
                        "edit": [0.4, 1.1],
                        "memory": [450.0],
                        "right": [0.975],
                    }
                    for size, median in (
                        ("40", [0.020, 0.040, 0.020]),
                        ("4000", [0.026, 0.052, 0.040]),
                    )
                },
            },
            "floor": {"median": [0.008, 0.010, 0.008]},
            "recommended": {"median": [0.030, 0.040, 0.036], "start": [30.0], "rate": [10.0]},
        },
    }


def test_a_figure_is_the_median_of_the_rounds_with_its_spread(result: dict[str, Any]) -> None:
    row = next(line for line in report.table(result).splitlines() if line.startswith("reply, med"))
    assert "12.0 (10.0-20.0) ms" in row
    assert "8.0 (8.0-10.0) ms" in row


def test_what_was_not_measured_is_a_dash_or_left_out(result: dict[str, Any]) -> None:
    lines = report.table(result).splitlines()
    assert " -" in next(line for line in lines if line.startswith("start"))
    assert not any(line.startswith("resident") for line in lines)


def test_a_goal_is_held_against_the_ratio_of_each_round(result: dict[str, Any]) -> None:
    text = report.table(result)
    # 10/30, 20/40 and 12/36: the median is a third.
    assert "0.33 times, at most 0.25: missed" in text
    assert "1.50 times, at most 2.00: reached" in text
    assert "8.00 times, at least 4.00: reached" in text
    assert "0.27 times, at most 0.33: reached" in text


def test_a_bot_that_is_missing_leaves_its_goals_out(result: dict[str, Any]) -> None:
    del result["figures"]["recommended"]
    text = report.table(result)
    assert "comparison" not in text.split("Note:")[0]
    assert "beside the floor" in text


def test_notes_are_told(result: dict[str, Any]) -> None:
    text = report.table(result)
    assert "Note: The comparison bot was trained on every 10th question." in text


@pytest.mark.parametrize(
    ("title", "verdict"),
    [
        # Of each round 4,000 beside 40: 1.3, 1.3 and 2 times.
        ("reply with 4,000 entries, beside 40", "1.30 times, at most 1.50: reached"),
        ("reply at turn 1,000, beside turn 20", "2.00 times, at most 1.10: missed"),
        ("edited answer to live, slowest", "1.25 s, at most 2.00: reached"),
        ("conversations lost by an edit", "1.00 , at most 0.00: missed"),
        ("first load of the chat page and its files", "38.20 kB, at most 40.00: reached"),
        ("first load of the widget elsewhere", "30.10 kB, at most 40.00: reached"),
        ("round trips until one can type", "2.00 , at most 1.00: missed"),
        ("round trips until one can send", "5.00 , at most 1.00: missed"),
    ],
)
def test_goals_without_another_bot_have_a_verdict(
    result: dict[str, Any], title: str, verdict: str
) -> None:
    row = next(line for line in report.table(result).splitlines() if line.startswith(title))
    assert row.endswith(verdict)


def test_the_growth_with_the_entries_is_a_table_of_its_own(result: dict[str, Any]) -> None:
    row = next(
        line for line in report.table(result).splitlines() if line.startswith("       4,000")
    )
    for cell in (
        "40.0 (26.0-52.0) ms",
        "50.0 ms",
        "15.0 ms",
        "5.0 s",
        "0.8 (0.4-1.1) s",
        "450.0 MB",
        "97.5 %",
    ):
        assert cell in row


def test_a_quick_run_without_generated_bases_has_no_such_table(result: dict[str, Any]) -> None:
    del result["figures"]["footnote"]["entries"]
    text = report.table(result)
    assert "entries" not in text
    assert "reply at turn 1,000" in text


def test_the_plot_is_a_picture(result: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "bench.png"
    report.plot(result, file)
    assert file.read_bytes().startswith(b"\x89PNG")
