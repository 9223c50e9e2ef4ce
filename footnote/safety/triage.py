"""Decide from the text alone whether somebody is in danger.

A pure function that every channel calls before a conversation's lock and the stores
are touched, so that nothing that hangs behind them can delay a cry for help. The rules
are data (`rules.yml`) that a clinician can read; the classifier adds to them later.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml

RULES = Path(__file__).parent / "rules.yml"
MAX_CHARACTERS = 10_000
"""Longer messages are read to here; channels refuse them anyway, after triage."""

Danger = Literal["emergency", "crisis"]
DANGERS: tuple[Danger, ...] = ("emergency", "crisis")


@dataclass(frozen=True)
class Triage:
    """What triage found: the kind of danger and the id of the rule that fired."""

    kind: Danger
    rule: str


@dataclass(frozen=True)
class _Rule:
    id: str
    kind: Danger
    any: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]

    def fires(self, sentence: str) -> bool:
        return any(pattern.search(sentence) for pattern in self.any) and not any(
            pattern.search(sentence) for pattern in self.unless
        )


def triage(text: str) -> Triage | None:
    """Return the danger that a message tells of, or None.

    Args:
        text: the message as typed, up to 10,000 characters of which are read.

    Returns:
        The first crisis found, else the first emergency, else None.
    """
    sentences = _sentences(text[:MAX_CHARACTERS])
    found: Triage | None = None
    for rule in _rules():
        if found and rule.kind == "emergency":
            continue
        if any(rule.fires(sentence) for sentence in sentences):
            if rule.kind == "crisis":
                return Triage(rule.kind, rule.id)
            found = Triage(rule.kind, rule.id)
    return found


def plain(text: str) -> str:
    """Return text in lower case without accents or apostrophes, letters repeated twice at most."""
    decomposed = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ı", "i"))
    # Marks of other scripts carry meaning; only the Latin ones are dropped.
    bare = "".join(
        char for char in decomposed if not "\u0300" <= char <= "\u036f" and char not in "'’‘`´"
    )
    lowered = unicodedata.normalize("NFC", bare).lower()
    return re.sub(r"([a-z])\1{2,}", r"\1\1", lowered)


def _sentences(text: str) -> list[str]:
    """Return a text's sentences in plain letters: a guard must excuse its own sentence only."""
    parts = re.split(r"[.!?;\n\r]+(?=\s|$)|\n+", plain(text))
    sentences = [re.sub(r"[^\w\s.,%-]+|\s+", " ", part).strip() for part in parts]
    return [sentence for sentence in sentences if sentence]


@lru_cache(maxsize=1)
def _rules() -> tuple[_Rule, ...]:
    data = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    words, guards = data["words"], data["guards"]

    def compiled(patterns: list[str]) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(_filled(pattern, words)) for pattern in patterns)

    def exceptions(rule: dict[str, Any]) -> list[str]:
        guarded = [pattern for name in rule.get("unless_guards", []) for pattern in guards[name]]
        return [*rule.get("unless", []), *guarded]

    return tuple(
        _Rule(rule["id"], rule["kind"], compiled(rule["any"]), compiled(exceptions(rule)))
        for rule in data["rules"]
    )


def _filled(pattern: str, words: dict[str, str]) -> str:
    for name, value in words.items():
        pattern = pattern.replace("{" + name + "}", value)
    return pattern
