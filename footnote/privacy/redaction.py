"""Take e-mail addresses, phone numbers and long numbers out of text before it is stored.

The conversation itself goes on with what was typed: only what is kept loses these. Public
numbers (emergency and crisis lines, the care team's) stay, wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache
from typing import Any

IDS = frozenset({"message_id", "model_id", "assistant_id"})
"""Keys whose values are made by programs, and may hold any digits."""
MASK_EMAIL, MASK_NUMBER = "[email]", "[number]"

_EMAIL = re.compile(r"[^\s@<>()\[\]\",;:]{1,64}@[^\s@<>()\[\]\",;:]{1,190}\.\w{2,}")
# Digits in any script, held together by what people put into phone numbers, dates of birth
# and card numbers; never across a line. Fewer than seven (doses, ages, years, 999) name nobody.
_NUMBER = re.compile(r"\+?\(?\d(?:[ \u00a0./()\u2010-\u2015-]{0,3}\d){6,40}")


class Redactor:
    """Masks what could identify a person.

    Args:
        public: numbers that stay as they are, in any notation.
    """

    def __init__(self, public: Iterable[str] = ()) -> None:
        self._public = frozenset(filter(None, map(_digits, public)))

    def text(self, text: str) -> str:
        """Return text with e-mail addresses and numbers of seven or more digits masked."""
        if "@" in text:
            text = _EMAIL.sub(MASK_EMAIL, text)
        return _NUMBER.sub(self._mask, text)

    def value(self, value: Any) -> Any:
        """Return a JSON value with every text in it masked; keys and numbers stay."""
        return _each_text(value, self.text)

    def personal(self, text: str) -> set[str]:
        """Return the pieces of a text that `text` would mask."""
        found = {match.group() for match in _EMAIL.finditer(text)}
        numbers = (match.group() for match in _NUMBER.finditer(_EMAIL.sub(" ", text)))
        return found | {number for number in numbers if self._mask_for(number) != number}

    def without(self, value: Any, pieces: Collection[str]) -> Any:
        """Return a JSON value in which each of the pieces is masked, and nothing else.

        What the bot says may quote what the person typed; its own numbers have to stay.
        """
        if not pieces:
            return value
        pattern = re.compile("|".join(map(re.escape, sorted(pieces, key=len, reverse=True))))
        return _each_text(value, lambda text: pattern.sub(lambda m: self.text(m.group()), text))

    def _mask(self, match: re.Match[str]) -> str:
        return self._mask_for(match.group())

    def _mask_for(self, number: str) -> str:
        return number if _digits(number) in self._public else MASK_NUMBER


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {k: v if k in IDS else _each_text(v, change) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_each_text(item, change) for item in value]
    return value


def _digits(text: str) -> str:
    """Return the digits alone, as 0 to 9, whatever script they are of."""
    return "".join(str(int(char)) for char in text if char.isdecimal())


@lru_cache(maxsize=1)
def redactor() -> Redactor:
    """Return the process's redactor, which knows the deployment's public numbers."""
    from footnote.knowledge import load_knowledge
    from footnote.settings import Settings

    lines = load_knowledge().helplines
    public = [Settings.from_environment().care_team_phone or ""]
    for country in lines.countries:
        public += country.emergency.numbers
        public += country.crisis.numbers if country.crisis else []
    return Redactor(public)
