"""An edit is timed until a reply has it, and a conversation that forgot is told of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks import edits
from footnote.knowledge import load_knowledge
from footnote.serving.client import Answer
from footnote.serving.environment import ServeError
from tests.helpers.folder import copy_of_knowledge


class Talk:
    """A conversation with a bot that reads the folder anew for each answer."""

    folder = Path()
    remembers = True

    def __init__(self, *_: Any, **__: Any) -> None:
        self.last = "nothing yet"

    def ask(self, message: str) -> Answer:
        if message != edits.AGAIN:
            entries = load_knowledge(self.folder).entries.values()
            self.last = next(e.answer for e in entries if e.question == message)
        elif not self.remembers:
            self.last = "I have not said anything yet."
        return Answer([{"text": self.last}])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = copy_of_knowledge(tmp_path)
    monkeypatch.setattr(Talk, "folder", copy)
    monkeypatch.setattr(edits, "Conversation", Talk)
    monkeypatch.setattr(edits, "RHYTHM", 0.0)
    return copy


def test_every_edit_is_timed_and_no_conversation_lost(folder: Path) -> None:
    found = edits.to_live("http://bot", folder, 3)
    assert len(found.seconds) == 3
    assert found.lost == 0


def test_a_conversation_that_forgot_is_counted(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Talk, "remembers", False)
    assert edits.to_live("http://bot", folder, 2).lost == 2


def test_an_edit_that_never_arrives_is_an_error(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edits, "PATIENCE", 0.01)
    monkeypatch.setattr(edits, "rewrite", lambda *_: None)
    with pytest.raises(ServeError, match="not given"):
        edits.to_live("http://bot", folder, 1)


def test_a_rewrite_changes_one_answer_alone(folder: Path) -> None:
    before = load_knowledge(folder).entries
    entry = list(before.values())[7]
    edits.rewrite(folder, entry, "Another answer.")
    after = load_knowledge(folder).entries
    assert [key for key in before if before[key] != after[key]] == [entry.id]
    assert after[entry.id].answer == "Another answer."
    assert not list(folder.rglob("*.new"))
