"""Which part of a conversation a turn needs, so that its cost does not grow with its length.

A turn needs the latest few messages and the slots' values. So beside the events a *window*
is kept: the first event that is read back, and the slots as they stood before it. Everything
older stays in the store until retention or the person deletes it, but is not read any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

TURNS_KEPT = 4
"""User messages that a window holds at least; rules and actions look back two, stories three."""
TURNS_MOST = 6
"""With more it is moved, so that not every turn writes the slots anew."""


UNKNOWN = -1
"""Stands for the id of an event that was stored, where nobody asked for it."""


@dataclass
class Window:
    """What of a conversation is in a tracker that came from the store.

    Attributes:
        slots: values before the first event read, by name; set in front of the events.
        ids: the ids of the stored events in the tracker, in order (`UNKNOWN` at the end).
        first: the id of the first event to read back; 0 reads from the beginning.
    """

    slots: dict[str, Any] = field(default_factory=dict)
    ids: list[int] = field(default_factory=list)
    first: int = 0

    @property
    def known(self) -> int:
        """How many of the tracker's events are stored or made from what is."""
        return len(self.slots) + len(self.ids)

    def prefix(self) -> list[Event]:
        """Return the events that put the slots in place before those that are read."""
        return [SlotSet(name, value) for name, value in self.slots.items()]


def cut(events: Sequence[Event]) -> int:
    """Return the index of the event that the window shall start with; 0 leaves it alone.

    The latest session's start, if one began; else, beyond `TURNS_MOST` user messages, the
    listening before the fourth latest.
    """
    sessions = [index for index, event in enumerate(events) if isinstance(event, SessionStarted)]
    if sessions and any(isinstance(event, UserUttered) for event in events[: sessions[-1]]):
        return sessions[-1]
    users = [index for index, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(users) <= TURNS_MOST:
        return 0
    start = users[-TURNS_KEPT]
    while start > 0:
        start -= 1
        event = events[start]
        if isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME:
            return start
    return 0


def slots_after(events: Iterable[Event], slots: Iterable[Slot]) -> dict[str, Any]:
    """Return the slots' values after some events, without those that are empty."""
    tracker = DialogueStateTracker.from_events("", list(events), slots)
    return {
        name: value for name, value in tracker.current_slot_values().items() if value is not None
    }
