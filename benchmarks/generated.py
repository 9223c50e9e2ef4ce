"""Knowledge bases of any size, made up: valid folders, of nobody's subject.

A topic has ten entries and ten names, so that there are as many terms as entries. The aspects
are those of the project that the article treats: the dialogue model knows an intent of each.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from footnote import paths
from footnote.knowledge import Aspect, load_knowledge

ASPECTS = 10
"""Entries of each topic."""
NAMES = 8
"""Words of each topic that nothing else has; two of them in a term of two words as well."""
_SYLLABLES = [first + second for first in "bdfgklmnprstvz" for second in "aeiou"]
_LENGTH = 4


@dataclass(frozen=True)
class Subject:
    """A made-up topic: its id, which is its name, and the words for it."""

    id: str
    terms: tuple[str, ...]
    misspellings: tuple[str, ...]


def write(folder: Path, entries: int) -> Path:
    """Write a knowledge base and return its folder.

    Args:
        folder: where to make it; it must not be there yet.
        entries: how many; a multiple of `ASPECTS`.
    """
    if entries < ASPECTS or entries % ASPECTS:
        raise ValueError(f"{entries} entries: give a multiple of {ASPECTS}")
    article = folder / "generated"
    (article / "entries").mkdir(parents=True)
    own = next(paths.KNOWLEDGE.glob("*/article.yml")).parent
    shutil.copy(paths.KNOWLEDGE / "helplines.yml", folder)
    shutil.copy(own / "aspects.yml", article)
    subjects, asked = list(_subjects(entries // ASPECTS)), aspects()
    _dump(article / "article.yml", _article(subjects, asked))
    _dump(article / "notes.yml", [])
    _dump(
        article / "topics.yml",
        [
            {
                "id": subject.id,
                "title": subject.id,
                "terms": subject.terms,
                "misspellings": subject.misspellings,
            }
            for subject in subjects
        ],
    )
    for subject in subjects:
        _dump(article / "entries" / f"{subject.id}.yml", _entries(subject, asked))
    return folder


def aspects() -> list[Aspect]:
    """Return the aspects that every generated topic has entries for."""
    known = load_knowledge()
    return [aspect for aspect in known.aspects.values() if known.tells(aspect.id)][:ASPECTS]


def question(aspect: Aspect, name: str) -> str:
    """Return how an entry asks for an aspect of what is called so."""
    return f"What about the {aspect.title} of {name}?"


def _subjects(count: int) -> Iterator[Subject]:
    rng = random.Random(0)
    numbers = rng.sample(range(len(_SYLLABLES) ** _LENGTH), count * NAMES)
    words = [_word(number) for number in numbers]
    for start in range(0, len(words), NAMES):
        own = words[start : start + NAMES]
        slips = (f"{own[0]}h", f"{own[1]}h")
        yield Subject(own[0], (*own[:6], f"{own[6]} plan", f"{own[7]} plan"), slips)


def _word(number: int) -> str:
    """Return the word that a number stands for, every number another one."""
    syllables = []
    for _ in range(_LENGTH):
        number, place = divmod(number, len(_SYLLABLES))
        syllables.append(_SYLLABLES[place])
    return "".join(syllables)


def _article(subjects: list[Subject], asked: list[Aspect]) -> dict[str, Any]:
    first = subjects[0].id
    return {
        "id": "generated",
        "title": "An article that nobody wrote",
        "date": "2020-01-01",
        "language": "en",
        "subject": "things that are not",
        "menu": [f"{first}/{aspect.id}" for aspect in asked[:3]],
        "sections": [
            {
                "id": subject.id,
                "title": subject.id.title(),
                "sentences": [_sentence(subject, aspect) for aspect in asked],
            }
            for subject in subjects
        ],
    }


def _sentence(subject: Subject, aspect: Aspect) -> str:
    return f"This is all that there is to say of {subject.id} on the point of {aspect.title}."


def _entries(subject: Subject, asked: list[Aspect]) -> list[dict[str, Any]]:
    ids = [f"{subject.id}/{aspect.id}" for aspect in asked]
    return [
        {
            "aspect": aspect.id,
            "title": f"{subject.id}, point {number}",
            "question": question(aspect, subject.id),
            "answer": _sentence(subject, aspect),
            "sources": [f"{subject.id}.{number}"],
            "next": [key for key in (*ids[number:], *ids)[:3] if key != ids[number - 1]],
        }
        for number, aspect in enumerate(asked, start=1)
    ]


def _dump(path: Path, data: Any) -> None:
    # JSON is YAML, too, and written much faster.
    path.write_text(json.dumps(data, indent=1), encoding="utf-8")
