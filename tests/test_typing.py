"""Typing robustness: what an entry answers, it answers to somebody in a hurry as well."""

from __future__ import annotations

import pytest

from footnote.evaluation.run import ask, typed
from footnote.evaluation.scores import Question, answered
from footnote.evaluation.typing import WAYS
from footnote.knowledge import load_knowledge
from footnote.serving.servers import Bot

LEAST = {"typos": 0.9}
"""A typo can make another word of a word ("ovary", "vary"); otherwise nothing may be lost."""


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
def test_each_entrys_question_is_answered_however_it_is_typed(bot: Bot, way: str) -> None:
    questions = [
        Question(entry.id, entry.question, "answer", must=entry.sources)
        for entry in load_knowledge().entries.values()
    ]
    asked = typed(questions, WAYS[way])
    replies = ask(bot.url, asked)
    failed = [q.message for q, r in zip(asked, replies, strict=True) if not answered(q, r)]
    assert len(failed) <= (1 - LEAST.get(way, 1.0)) * len(asked), "\n".join(failed)
