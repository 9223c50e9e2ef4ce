"""Which entries speak with a message's own words.

"Arteries of what?" after an answer asks what the article says with that word. A classifier of
questions need not have seen it asked; the entry itself holds the word. Words that few entries
use weigh more: the inverse document frequency of Spärck Jones (1972).
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict

from spacy.lang.en.stop_words import STOP_WORDS

from footnote.knowledge import KnowledgeBase

MOST_USERS = 500
"""A word that more entries use points at none of them; each would have to be weighed for it."""
_WORD = re.compile(r"[a-z0-9]+")


class Wording:
    """The words of a knowledge base's answers and of the sentences they rest on."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        said = {
            entry.id: words_of(
                " ".join([entry.answer, *(knowledge.sentences[key].text for key in entry.sources)])
            )
            for entry in knowledge.entries.values()
        }
        uses = Counter(word for words in said.values() for word in words)
        self._weights = {
            word: math.log(len(said) / count) for word, count in uses.items() if count <= MOST_USERS
        }
        self._users: dict[str, list[str]] = defaultdict(list)
        for entry, words in said.items():
            for word in words & self._weights.keys():
                self._users[word].append(entry)

    def shared(self, text: str) -> dict[str, float]:
        """Return how much of a message's wording each entry shares, for those that share any.

        Args:
            text: a message.

        Returns:
            By entry id, the sum of its words' weights in nats: the logarithm of how few entries
            use the word.
        """
        found: dict[str, float] = defaultdict(float)
        # Sorted, so that sums are the same in every process.
        for word in sorted(words_of(text) & self._weights.keys()):
            for entry in self._users[word]:
                found[entry] += self._weights[word]
        return dict(found)


def words_of(text: str) -> set[str]:
    """Return the words of a text that carry meaning, each once, lower case."""
    return set(_WORD.findall(text.lower())) - STOP_WORDS
