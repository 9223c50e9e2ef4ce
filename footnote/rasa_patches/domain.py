"""Whether a domain is empty is found out once, not with every message."""

from __future__ import annotations

from functools import wraps

from rasa.shared.core.domain import Domain


def remember_emptiness() -> None:
    """Rasa makes dictionaries of the domain and of an empty one to compare them: 2% of a turn."""
    find_out = Domain.is_empty
    if hasattr(find_out, "__wrapped__"):
        return

    @wraps(find_out)
    def is_empty(self: Domain) -> bool:
        known: bool | None = getattr(self, "_footnote_empty", None)
        if known is None:
            known = self._footnote_empty = bool(find_out(self))
        return known

    Domain.is_empty = is_empty
