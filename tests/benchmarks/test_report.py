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
                "turns": [0.01] * 40 + [0.02] * 20,
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


def test_notes_and_the_growth_with_turns_are_told(result: dict[str, Any]) -> None:
    text = report.table(result)
    assert "Note: The comparison bot was trained on every 10th question." in text
    assert "reply at turn 60, beside turn 20" in text
    assert "2.00 times" in text


def test_the_plot_is_a_picture(result: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "bench.png"
    report.plot(result, file)
    assert file.read_bytes().startswith(b"\x89PNG")
