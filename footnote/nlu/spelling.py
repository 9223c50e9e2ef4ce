"""Repair misspelt words with the vocabulary of the training questions and the terms.

A word is touched only when no list knows it, and only towards a word the subject uses,
so that ordinary English stays as it was typed. Distances are optimal string alignment
(a swap of neighbours counts as one edit), computed by rapidfuzz.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

MIN_LENGTH = 4
"""Shorter words have too many neighbours to be repaired safely."""
COMMON = 8
"""A word this frequent in the training questions is one, whatever the word lists say."""

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
            limit=5,
        )
        # "untreatable" is not a slip of the pen for "treatable".
        matches = [m for m in matches if lowered not in {n + m[0] for n in _NEGATIONS}]
        if not matches:
            return word
        # Nearest first; a shared first letter, then the commoner word, decide between equals.
        best = min(
            matches,
            key=lambda match: (match[1], match[0][0] != lowered[0], -self.targets[match[0]]),
        )
        return str(best[0])

    def repair_all(self, tokens: Sequence[str]) -> list[str]:
        """Repair each token of a sentence."""
        return [self.repair(token) for token in tokens]

    def _is_known(self, word: str) -> bool:
        stems = (word, word.removesuffix("s"), word.removesuffix("es"), word.removesuffix("ing"))
        return any(stem in self._english or stem in self.targets for stem in stems)


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, digits and punctuation left out."""
    return re.findall(r"[^\W\d_]+", text.lower())
