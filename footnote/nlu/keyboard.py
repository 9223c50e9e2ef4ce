"""Which letters lie side by side on a QWERTY keyboard."""

from __future__ import annotations

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SHIFT = 0.5
"""Each row of keys lies about half a key to the right of the one above."""


def _neighbours() -> dict[str, str]:
    places = {
        letter: (column + _SHIFT * row, row)
        for row, letters in enumerate(_ROWS)
        for column, letter in enumerate(letters)
    }
    return {
        letter: "".join(
            other
            for other, (column, row) in places.items()
            if other != letter and abs(column - x) <= 1 and abs(row - y) <= 1
        )
        for letter, (x, y) in places.items()
    }


NEIGHBOURS = _neighbours()
"""The letters next to each letter."""
