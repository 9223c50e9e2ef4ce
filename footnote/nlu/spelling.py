"""Repair misspelt words with the vocabulary of the training questions and the terms.

A word is touched only when no list knows it, and only towards a word the subject uses,
so that ordinary English stays as it was typed. Distances are optimal string alignment
(a swap of neighbours counts as one edit), computed by rapidfuzz; between words equally near,
how often they are used and how fingers slip decide, as in a noisy channel (Kernighan, Church
and Gale 1990, "A Spelling Correction Program Based on a Noisy Channel Model").
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from footnote.nlu.keyboard import NEIGHBOURS

MIN_LENGTH = 4
"""Shorter words have too many neighbours to be repaired safely."""
COMMON = 8
"""A word this frequent in the training questions is one, whatever the word lists say."""

FIRST_LETTER = 3.0
"""How much a shared first letter counts, in the logarithm of a word's uses: it is seldom wrong."""
LIKELY_SLIP = 2.0
"""How much a swap, a letter left out or doubled, or a neighbouring key counts, in the same."""
MOST_MATCHES = 8
_SIBILANTS = ("s", "x", "z", "ch", "sh", "o")
"""Words with these ends take "es"."""

_NEGATIONS = ("un", "in", "im", "non", "ir", "dis")


class SpellingRepairer:
    """Maps unknown words to the nearest word that the subject uses.

    Args:
        english: words of the language, which are never touched (lower case).
        targets: the words that a repair may lead to, with how often they are used.
    """

    def __init__(self, english: frozenset[str], targets: dict[str, int]) -> None:
        self._english = english
        self.targets = targets
        self._choices = sorted(word for word in targets if len(word) >= MIN_LENGTH)

    @classmethod
    def train(
        cls, texts: Iterable[str], english: frozenset[str], terms: Iterable[str]
    ) -> SpellingRepairer:
        """Learn the subject's vocabulary.

        Args:
            texts: training questions; their misspellings are kept out by being rare.
            english: words of the language.
            terms: the knowledge base's terms, always right.
        """
        in_terms = {word for term in terms for word in words(term)}
        counts = Counter(word for text in texts for word in words(text))
        targets = {
            word: count
            for word, count in counts.items()
            if count >= COMMON or (count >= 2 and (word in english or word in in_terms))
        }
        for word in in_terms:
            targets.setdefault(word, 1)
        return cls(english, targets)

    def repair(self, word: str) -> str:
        """Return the word, or what was most likely meant where no list knows it."""
        lowered = word.lower()
        if len(word) < MIN_LENGTH or not lowered.isalpha() or self._is_known(lowered):
            return word
        allowed = 1 if len(word) < 7 else 2
        matches = process.extract(
            lowered,
            self._choices,
            scorer=OSA.distance,
            score_cutoff=allowed,
            limit=MOST_MATCHES,
        )
        # "untreatable" is not a slip of the pen for "treatable".
        matches = [m for m in matches if lowered not in {n + m[0] for n in _NEGATIONS}]
        if not matches:
            return word
        best = min(matches, key=lambda match: (match[1], -self._likelihood(match[0], lowered)))
        return str(best[0])

    def repair_all(self, tokens: Sequence[str]) -> list[str]:
        """Repair each token of a sentence."""
        return [self.repair(token) for token in tokens]

    def _likelihood(self, meant: str, typed: str) -> float:
        """Return how likely a word was meant, as a logarithm up to a constant."""
        uses = math.log(self.targets[meant])
        return uses + FIRST_LETTER * (meant[0] == typed[0]) + LIKELY_SLIP * is_slip(meant, typed)

    def _is_known(self, word: str) -> bool:
        return any(stem in self._english or stem in self.targets for stem in _stems(word))


def is_slip(meant: str, typed: str) -> bool:
    """Whether one word becomes the other by a swap, a letter lost or doubled, or a near key."""
    if len(typed) == len(meant):
        wrong = [at for at, letter in enumerate(meant) if letter != typed[at]]
        if len(wrong) == 1:
            return typed[wrong[0]] in NEIGHBOURS.get(meant[wrong[0]], "")
        swapped = [typed[at] for at in reversed(wrong)] == [meant[at] for at in wrong]
        return len(wrong) == 2 and wrong[1] - wrong[0] == 1 and swapped
    if len(typed) < len(meant):
        return any(meant[:at] + meant[at + 1 :] == typed for at in range(len(meant)))
    return any(
        typed[:at] + typed[at + 1 :] == meant
        for at in range(1, len(typed))
        if typed[at] == typed[at - 1]
    )


def _stems(word: str) -> list[str]:
    """Return a word and what it may be a form of; "tabletss" is no form of "tablets"."""
    stems = [word, word.removesuffix("ing")]
    if word.endswith("s") and not word.endswith("ss"):
        stems.append(word[:-1])
    if word.endswith("es") and word[:-2].endswith(_SIBILANTS):
        stems.append(word[:-2])
    return stems


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, digits and punctuation left out."""
    return re.findall(r"[^\W\d_]+", text.lower())
