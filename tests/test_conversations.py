"""What is typed and what must come back: each file of tests/conversations/ against a real bot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from footnote.replies import KINDS
from footnote.serving.client import Answer, Conversation
from footnote.serving.servers import Bot
from tests.conftest import StartBot

FOLDER = Path(__file__).parent / "conversations"
FILES = sorted(FOLDER.glob("*.yml"))
SHORT = 200


@dataclass(frozen=True)
class Turn:
    """One message and what is expected of its reply.

    Attributes:
        user: what is typed.
        kind: the kind of the reply.
        sources: ids of exactly the sentences cited, in any order; None expects nothing.
        includes_sources: ids of sentences cited, among others perhaps.
        text, not_text: what the text contains and does not, in capitals or not.
        options: the least number of options offered.
    """

    user: str
    kind: str
    sources: Sequence[str] | None = None
    includes_sources: Sequence[str] = ()
    text: Sequence[str] = ()
    not_text: Sequence[str] = ()
    options: int = 0

    def __post_init__(self) -> None:
        if not isinstance(self.user, str):
            raise ValueError(f"user is {self.user!r}; put it in quotes")
        if self.kind not in KINDS:
            raise ValueError(f"kind is {self.kind!r}; it must be one of {', '.join(KINDS)}")

    def complaints(self, answer: Answer) -> list[str]:
        """Return in what a reply differs from what is expected."""
        shown = " ".join(answer.text.lower().split())
        found = []
        if len(answer.payloads) != 1:
            found.append(f"{len(answer.payloads)} payloads instead of one")
        if answer.kind != self.kind:
            found.append(f"kind is {answer.kind}, not {self.kind}")
        if self.sources is not None and set(answer.sources) != set(self.sources):
            found.append(f"sources are {answer.sources}, not {list(self.sources)}")
        if missing := [each for each in self.includes_sources if each not in answer.sources]:
            found.append(f"sources are {answer.sources}, without {missing}")
        found += [f"text lacks {each!r}" for each in self.text if each.lower() not in shown]
        found += [f"text contains {each!r}" for each in self.not_text if each.lower() in shown]
        if len(answer.options) < self.options:
            found.append(f"{len(answer.options)} options, fewer than {self.options}")
        return found


def load(path: Path) -> tuple[list[Turn], dict[str, str]]:
    """Return a file's turns and the environment that its bot needs."""
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    unknown = set(data) - {"description", "environment", "turns"}
    assert not unknown, f"{path.name} has unknown keys: {sorted(unknown)}"
    return [Turn(**turn) for turn in data["turns"]], data.get("environment") or {}


def converse(url: str, turns: Sequence[Turn]) -> None:
    """Hold a conversation; fail at the first reply that is not as expected."""
    conversation = Conversation(url)
    for number, turn in enumerate(turns, start=1):
        answer = conversation.ask(turn.user)
        if complaints := turn.complaints(answer):
            said = [f"turn {number}: {_short(turn.user)!r}", *complaints]
            pytest.fail("\n  ".join([*said, f"reply: {_short(answer.text)!r}"]), pytrace=False)


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[:SHORT]} ..."


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_conversation(path: Path, bot: Bot, start_bot: StartBot, tmp_path: Path) -> None:
    turns, environment = load(path)
    if not environment:
        converse(bot.url, turns)
        return
    with start_bot(tmp_path, environment) as own:
        converse(own.url, turns)


@pytest.mark.parametrize(
    ("expected", "complaint"),
    [
        ({"kind": "clarify"}, "kind is answer, not clarify"),
        ({"sources": []}, "sources are ['chemotherapy.4'], not []"),
        (
            {"includes_sources": ["surgery.1"]},
            "sources are ['chemotherapy.4'], without ['surgery.1']",
        ),
        ({"text": ["hair"]}, "text lacks 'hair'"),
        ({"not_text": ["HEALTHY"]}, "text contains 'HEALTHY'"),
        ({"options": 1}, "0 options, fewer than 1"),
    ],
)
def test_a_reply_that_differs_is_complained_about(expected: dict[str, Any], complaint: str) -> None:
    payload = {"kind": "answer", "sources": [{"id": "chemotherapy.4"}], "options": []}
    answer = Answer([{"text": "It can affect healthy cells.", "custom": payload}])
    turn = Turn(**{"user": "does it?", "kind": "answer", **expected})
    assert turn.complaints(answer) == [complaint]


def test_two_payloads_in_one_reply_are_complained_about() -> None:
    message = {"text": "Hello.", "custom": {"kind": "social"}}
    assert Turn("hi", "social").complaints(Answer([message, message])) == [
        "2 payloads instead of one"
    ]


def test_a_reply_as_expected_is_not_complained_about() -> None:
    payload = {"kind": "answer", "sources": [{"id": "chemotherapy.4"}], "options": [{}]}
    answer = Answer([{"text": "It can affect\nhealthy cells.", "custom": payload}])
    turn = Turn("?", "answer", ["chemotherapy.4"], [], ["can affect healthy"], ["hair"], 1)
    assert turn.complaints(answer) == []


def test_a_kind_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="kind is 'anwser'"):
        Turn(user="?", kind="anwser")


def test_a_yes_that_yaml_reads_as_true_is_refused() -> None:
    with pytest.raises(ValueError, match="put it in quotes"):
        Turn(user=yaml.safe_load("yes"), kind="social")
