"""How a reply is laid out where there is only text: split, numbered, with numbers to tap.

Pure functions; lengths are in UTF-16 units, as the stricter platforms count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_SENTENCE_END = re.compile(r"(?<=[.!?:])\s+|\n+")
_WORD_END = re.compile(r"\s+")
_PHONE = re.compile(r"(?<![\w./-])\+?\d(?:[\d ]{1,14})\d(?![\w/-]|\.\d)")


@dataclass(frozen=True)
class Option:
    """A choice: what is shown, and what sending it sends."""

    title: str
    payload: str


def length(text: str) -> int:
    """Return a text's length in UTF-16 units; a character is one or two of them."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limit: int, size: Callable[[str], int] = length) -> list[str]:
    """Split a text into parts under a limit: at sentence ends, else between words.

    Args:
        text: what is to be sent; nothing of it is lost but white space between parts.
        limit: the most that a part may measure (at least 12, an escaped character or two).
        size: how the platform measures a part.

    Returns:
        The parts in order; none for a blank text.
    """
    rest = text.strip()
    parts: list[str] = []
    while size(rest) > limit:
        end = _last_end(rest, _reach(rest, limit, size))
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*parts, rest] if rest else parts


def _reach(text: str, limit: int, size: Callable[[str], int]) -> int:
    """Return how many characters fit, by halving: a measure may be a slow one."""
    fits, too_many = 1, min(len(text), limit) + 1
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        if size(text[:middle]) > limit:
            too_many = middle
        else:
            fits = middle
    return fits


def _last_end(text: str, reach: int) -> int:
    """Return where to cut: the last sentence end in reach, else word end, else hard."""
    for pattern in (_SENTENCE_END, _WORD_END):
        ends = [match.start() for match in pattern.finditer(text) if match.start() <= reach]
        if ends and ends[-1] > 0:
            return ends[-1]
    return reach


def numbered(text: str, options: Sequence[Option]) -> str:
    """Add the options as a numbered list; the bot takes the number for a choice."""
    if not options:
        return text
    lines = [f"{number}. {option.title}" for number, option in enumerate(options, start=1)]
    return "\n".join([text, "Reply with a number:", *lines])


def short(title: str, limit: int) -> str:
    """Return a title within a platform's limit, cut at a word where it is too long."""
    if length(title) <= limit:
        return title
    reach = _reach(title, limit - 1, length)
    cut = title[:reach]
    if not title[reach].isspace():
        cut = cut.rpartition(" ")[0] or cut
    return f"{cut.rstrip(' ,.;:')}…"


def tappable(text: str, link: Callable[[str, str], str]) -> str:
    """Turn phone numbers into links that a phone can call.

    Args:
        text: an emergency or crisis reply.
        link: makes a platform's link from the number to dial and the number as written.
    """
    return _PHONE.sub(lambda found: link(_dialled(found.group()), found.group()), text)


def _dialled(number: str) -> str:
    return number.replace(" ", "")
