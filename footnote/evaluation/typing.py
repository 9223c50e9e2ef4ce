"""The same message as somebody in a hurry types it: with typos, bare, in capitals.

Pure functions. The one that draws lots takes a seed, and gives the same text for the same
message and seed on every machine.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from random import Random

from footnote.nlu.keyboard import NEIGHBOURS

MIN_LENGTH = 5
"""Words of fewer letters are left alone: a typo makes another word of too many of them."""
SEED = 0

_WORD = re.compile(r"[^\W\d_]+")


def swap(word: str, dice: Random) -> str:
    """Return the word with two neighbouring letters swapped that differ."""
    places = [i for i in range(len(word) - 1) if word[i].lower() != word[i + 1].lower()]
    if not places:
        return double(word, dice)
    at = dice.choice(places)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def drop(word: str, dice: Random) -> str:
    """Return the word without one of its letters."""
    at = dice.randrange(len(word))
    return word[:at] + word[at + 1 :]


def double(word: str, dice: Random) -> str:
    """Return the word with one of its letters twice."""
    at = dice.randrange(len(word))
    return word[: at + 1] + word[at:]


def slip(word: str, dice: Random) -> str:
    """Return the word with one letter replaced by one beside it on the keyboard."""
    places = [i for i, letter in enumerate(word) if letter.lower() in NEIGHBOURS]
    if not places:
        return double(word, dice)
    at = dice.choice(places)
    hit = dice.choice(NEIGHBOURS[word[at].lower()])
    return word[:at] + (hit.upper() if word[at].isupper() else hit) + word[at + 1 :]


SLIPS: tuple[Callable[[str, Random], str], ...] = (swap, drop, double, slip)


def with_typos(text: str, seed: int = SEED) -> str:
    """Return a message with one typo in each word of five letters or more."""
    dice = Random(f"{seed}\n{text}")

    def mistyped(found: re.Match[str]) -> str:
        word = found.group()
        return dice.choice(SLIPS)(word, dice) if len(word) >= MIN_LENGTH else word

    return _WORD.sub(mistyped, text)


def without_punctuation(text: str) -> str:
    """Return a message without punctuation; one of nothing else stays as it is.

    An apostrophe closes up ("dont"), a point or comma between digits stays, and anything else
    leaves a space.
    """
    apart = re.sub(r"(?<=\w)['’](?=\w)", "", text)
    kept = [
        letter if not _is_punctuation(letter) or _between_digits(apart, at) else " "
        for at, letter in enumerate(apart)
    ]
    return " ".join("".join(kept).split()) or text


def in_capitals(text: str) -> str:
    """Return a message in capitals throughout."""
    return text.upper()


def _is_punctuation(letter: str) -> bool:
    return unicodedata.category(letter).startswith("P")


def _between_digits(text: str, at: int) -> bool:
    return text[at] in ".," and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()


AS_TYPED = "as typed"
WAYS: dict[str, Callable[[str], str]] = {
    AS_TYPED: str,
    "typos": with_typos,
    "no punctuation": without_punctuation,
    "capitals": in_capitals,
}
"""Each way of typing a message, by its name."""
