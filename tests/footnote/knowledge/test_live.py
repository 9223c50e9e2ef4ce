"""An edited answer is given without a restart; a broken edit changes nothing."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

import pytest

from footnote.knowledge import live
from footnote.knowledge.live import LiveKnowledge
from tests.helpers.folder import article_folder, change, copy_of_knowledge

CELL = "chemotherapy/forms"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(live, "CHECK_EVERY", 0.0)
    return copy_of_knowledge(tmp_path)


def set_answer(folder: Path, text: str) -> None:
    def edit(data: list[dict[str, Any]]) -> None:
        next(one for one in data if one["aspect"] == "forms")["answer"] = text

    change(article_folder(folder) / "entries" / "chemotherapy.yml", edit)


def test_an_edit_is_seen(folder: Path) -> None:
    knowledge = LiveKnowledge(folder)
    before = knowledge.current().entries[CELL].answer
    set_answer(folder, "As pills.")
    assert before != "As pills."
    assert knowledge.current().entries[CELL].answer == "As pills."


def test_a_broken_edit_keeps_the_old_version_and_says_why(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    knowledge = LiveKnowledge(folder)
    before = knowledge.current()
    set_answer(folder, "")
    with caplog.at_level(logging.ERROR):
        assert knowledge.current() is before
    assert "chemotherapy.yml: forms > answer" in caplog.text


def test_a_repaired_edit_is_seen_after_a_broken_one(folder: Path) -> None:
    knowledge = LiveKnowledge(folder)
    set_answer(folder, "")
    knowledge.current()
    set_answer(folder, "As pills.")
    assert knowledge.current().entries[CELL].answer == "As pills."


def test_a_file_taken_away_keeps_the_old_version(folder: Path) -> None:
    knowledge = LiveKnowledge(folder)
    before = knowledge.current()
    (article_folder(folder) / "notes.yml").unlink()
    assert knowledge.current() is before


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_that_may_not_be_read_keeps_the_old_version(folder: Path) -> None:
    knowledge = LiveKnowledge(folder)
    before = knowledge.current()
    path = article_folder(folder) / "notes.yml"
    path.write_text("[]", encoding="utf-8")
    path.chmod(0)
    assert knowledge.current() is before


def test_files_are_not_looked_at_before_their_time(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "CHECK_EVERY", 3600.0)
    knowledge = LiveKnowledge(folder)
    before = knowledge.current()
    set_answer(folder, "As pills.")
    assert knowledge.current() is before
