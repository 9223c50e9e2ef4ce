"""How conversations are read back, and what happens when they cannot be."""

from __future__ import annotations

from functools import lru_cache

from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.events import Event


def remember_event_classes() -> None:
    """Rasa walks through all subclasses anew for each event it reads: 8% of a turn."""
    resolve = Event.resolve_by_type
    if not hasattr(resolve, "cache_info"):
        Event.resolve_by_type = staticmethod(lru_cache(maxsize=256)(resolve))


def raise_store_errors() -> None:
    """Let a tracker store's failure end the turn.

    Rasa wraps every store so that a failing one goes unseen: it answers from a blank
    conversation, and keeps the turn in a memory that nobody reads.
    """

    def fail(_store: FailSafeTrackerStore, error: Exception) -> None:
        raise error

    FailSafeTrackerStore.on_tracker_store_error = fail
    FailSafeTrackerStore.on_tracker_store_retrieve_error = fail
