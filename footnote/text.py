"""Small pure functions on what people type."""

from __future__ import annotations

import re
import unicodedata

_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."})


def clean(text: str) -> str:
    """Return text with plain quotes, single spaces and no letter more than twice in a row."""
    text = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    text = re.sub(r"([A-Za-z])\1{2,}", r"\1\1", text)
    return re.sub(r"\s+", " ", text).strip()
