"""The words of English, from the tables that spaCy's lookups package brings."""

from __future__ import annotations

import gzip
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

CONTRACTED = frozenset(
    """
    couldn wouldn shouldn doesn hasn haven hadn weren wasn mustn needn couldnt wouldnt shouldnt
    doesnt hasnt havent hadnt werent wasnt arent theyre theyve youre youve theres whats
    """.split()
)
"""What is left of contractions between apostrophes, and how phones send them."""


@lru_cache(maxsize=1)
def english_words() -> frozenset[str]:
    """Return the words of English that spaCy's lookup tables list (about 90,000)."""
    import spacy_lookups_data
    from spacy.lang.en.stop_words import STOP_WORDS

    tables = Path(spacy_lookups_data.__file__).parent / "data"

    def read(name: str) -> dict[str, Any]:
        return json.loads(gzip.decompress((tables / name).read_bytes()))

    lookup = read("en_lemma_lookup.json.gz")
    index = read("en_lemma_index.json.gz")
    listed = [
        *STOP_WORDS,
        *CONTRACTED,
        *lookup,
        *lookup.values(),
        *(word for group in index.values() for word in group),
    ]
    return frozenset(word.lower() for word in listed)
