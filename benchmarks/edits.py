"""How long an edited answer takes to reach the people who ask."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from pathlib import Path

import requests
import yaml

from footnote.knowledge import Entry, load_knowledge
from footnote.serving.client import Conversation
from footnote.serving.environment import ServeError

PATIENCE = 20.0
RHYTHM = 1.0
"""Seconds between the bot's looks at its files; an editor's edit falls anywhere within."""
AGAIN = "please repeat that"


@dataclass(frozen=True)
class Edits:
    """Seconds from each edit to a reply with it, and after how many the conversation was lost."""

    seconds: list[float]
    lost: int


def to_live(url: str, folder: Path, count: int) -> Edits:
    """Edit an answer some times, at any moment of being asked, until the reply has it.

    The conversation that asks goes on: after each edit it still knows what was said in it.

    Args:
        url: a running bot's address.
        folder: its knowledge folder, a copy that may change.
        count: how many edits.

    Raises:
        ServeError: an edit did not arrive.
    """
    entry = next(iter(load_knowledge(folder).entries.values()))
    rng = random.Random(0)
    seconds, lost = [], 0
    with requests.Session() as session:
        talk = Conversation(url, session=session)
        for number in range(count):
            # Asked all the while: a bot that nobody asked for a second looks at once.
            edited = time.monotonic() + rng.uniform(0, RHYTHM)
            while talk.ask(entry.question) and time.monotonic() < edited:
                pass
            words = f"This is edit number {number}."
            rewrite(folder, entry, words)
            seconds.append(_until(talk, entry.question, words))
            lost += words not in talk.ask(AGAIN).text
    return Edits(seconds, lost)


def rewrite(folder: Path, entry: Entry, answer: str) -> None:
    """Give an entry another answer, as an editor saves a file: beside it, then in its place."""
    path = next(folder.glob(f"*/entries/{entry.topic}.yml"))
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    next(one for one in data if one["aspect"] == entry.aspect)["answer"] = answer
    beside = path.with_suffix(".new")
    beside.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    beside.replace(path)


def _until(talk: Conversation, question: str, words: str) -> float:
    begun = time.monotonic()
    while time.monotonic() - begun < PATIENCE:
        if words in talk.ask(question).text:
            return time.monotonic() - begun
    raise ServeError(f"An edited answer was not given within {PATIENCE:.0f} s.")
