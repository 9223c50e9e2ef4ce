"""Training messages that follow an answer: `cryosurgery/equipment: how cold does it get`.

What stands before the colon is the entry that the bot told just before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from footnote.knowledge import KnowledgeBase

_PREFIX = re.compile(r"(?P<topic>[a-z0-9-]+)/(?P<aspect>[a-z0-9-]+): ")


@dataclass(frozen=True)
class Followed:
    """A message, and the topic and the aspect told before it (none for a first message)."""

    message: str
    told: tuple[str, ...] = ()


def split(example: str) -> Followed:
    """Return a training example's message and what was told before it."""
    found = _PREFIX.match(example)
    if found is None:
        return Followed(example)
    return Followed(example[found.end() :], (found["topic"], found["aspect"]))


def in_context(knowledge: KnowledgeBase, topic: str, message: str) -> str:
    """Return a message as if its author had named the topic spoken of."""
    known = knowledge.topics.get(topic)
    return f"{known.title if known else topic.replace('-', ' ')}: {message}"


def as_read(knowledge: KnowledgeBase, example: str) -> str:
    """Return a training example as the classifier of all messages reads it."""
    found = split(example)
    return in_context(knowledge, found.told[0], found.message) if found.told else found.message
