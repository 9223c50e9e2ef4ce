"""Rasa's tracker store on SQLite or PostgreSQL: bounded, honest about failures, able to forget."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Connection

from footnote.privacy.identity import id_key, stored_id
from footnote.privacy.redaction import Redactor, redactor
from footnote.privacy.retention import keep_retention
from footnote.rasa_patches.stores import raise_store_errors
from footnote.stores.database import CONVERSATIONS, EVENTS, Database, address
from footnote.stores.window import UNKNOWN, Window, cut, slots_after

logger = logging.getLogger(__name__)

ERASE_SLOT = "erase_requested"
"""An action sets this slot; the store erases once the turn is over."""


class FootnoteTrackerStore(TrackerStore):
    """Keeps conversations in SQL, a bounded window of each in work, and erases on request.

    An action cannot delete its own conversation: Rasa writes the turn back when it ends.
    So the wish travels in a slot, and is granted here instead of the last save.

    Where the database cannot be asked, the turn fails: Rasa would go on with a blank
    conversation. What is stored was redacted first, under a keyed hash of the sender's id.

    Args:
        domain: the assistant's domain, whose slots a conversation has.
        event_broker: gets every event once it is stored.
        dialect, db, host, port, username, password: where the conversations are; the variable
            FOOTNOTE_DATABASE_URL goes before them.
        url: an address that goes before that.
        redact: masks what could identify a person (default: the deployment's).
    """

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        dialect: str = "sqlite",
        db: str = "rasa.db",
        url: str | None = None,
        redact: Redactor | None = None,
        **parts: Any,
    ) -> None:
        super().__init__(domain, event_broker)
        raise_store_errors()
        if host:
            parts["host"] = host
        self.database = Database(address(dialect, db, url, **parts))
        self._redact = redact or redactor()
        self._key = id_key()
        keep_retention(self.database)

    # Reading

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the conversation's window as a tracker, or None where there is none.

        Raises:
            StoreUnavailable: the database cannot be asked.
        """
        key = self._stored_id(sender_id)
        window, events = await self.database.run(lambda c: _read_window(c, key))
        if not events:
            return None
        tracker = self._tracker(sender_id, [*window.prefix(), *events])
        tracker.window = window
        return tracker

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Return every event of a conversation that is still stored, all sessions included."""
        key = self._stored_id(conversation_id)
        _, events = await self.database.run(lambda c: _read(c, key, 0))
        return self._tracker(conversation_id, events) if events else None

    async def keys(self) -> Iterable[str]:
        """Return the ids under which conversations are stored, which are hashes."""
        query = sa.select(EVENTS.c.sender_id).distinct()
        return await self.database.run(lambda c: list(c.execute(query).scalars()))

    async def ping(self) -> None:
        """Ask the database for a sign of life.

        Raises:
            StoreUnavailable: none came in time.
        """
        await self.database.run(lambda c: c.execute(sa.text("SELECT 1")))

    # Writing

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Save a conversation's new events, or erase it where the person asked for that.

        Raises:
            StoreUnavailable: nothing of the turn was stored.
        """
        if tracker.get_slot(ERASE_SLOT):
            await self.delete(tracker.sender_id)
            tracker.window = Window()
            return
        window: Window | None = getattr(tracker, "window", None)
        events = list(tracker.events)
        if not events[window.known if window else 0 :]:
            tracker.window = window or Window()
            return
        key, slots = self._stored_id(tracker.sender_id), list(self.domain.slots)

        def write(connection: Connection) -> tuple[Window, list[dict[str, Any]]]:
            before = window or _read_window(connection, key)[0]
            rows = self._rows(key, events[before.known :])
            return _write(connection, key, before, rows, events, slots), rows

        tracker.window, rows = await self.database.run(write, writes=True)
        self._publish(rows)

    async def delete(self, sender_id: str) -> int:
        """Erase every event of a conversation, all its sessions included.

        Returns:
            How many events were erased.

        Raises:
            StoreUnavailable: nothing was erased.
        """
        key = self._stored_id(sender_id)
        return await self.database.run(lambda c: _delete(c, key), writes=True)

    def close(self) -> None:
        """Close the connections to the database."""
        self.database.close()

    def _stored_id(self, sender_id: str) -> str:
        return stored_id(sender_id, self._key)

    def _tracker(self, sender_id: str, events: list[Event]) -> DialogueStateTracker:
        return DialogueStateTracker.from_events(sender_id, events, self.domain.slots)

    def _rows(self, key: str, events: Sequence[Event]) -> list[dict[str, Any]]:
        """Return the rows of some events, with what could identify a person masked."""
        typed = [event.text or "" for event in events if isinstance(event, UserUttered)]
        pieces = {piece for text in typed for piece in self._redact.personal(text)}
        rows = []
        for event in events:
            data = event.as_dict()
            if isinstance(event, UserUttered):
                data = self._redact.value(data)
            else:
                data = self._redact.without(data, pieces)
            rows.append(_row(key, data))
        return rows

    def _publish(self, rows: Sequence[dict[str, Any]]) -> None:
        """Hand stored events to the broker; its failures are no concern of the person's."""
        if self.event_broker is None:
            return
        try:
            for row in rows:
                self.event_broker.publish(
                    {"sender_id": row["sender_id"], **json.loads(row["data"])}
                )
        except Exception as error:
            logger.error("Events were not given to the broker: %s", type(error).__name__)


def _row(key: str, data: dict[str, Any]) -> dict[str, Any]:
    intent = (data.get("parse_data") or {}).get("intent") or {}
    return {
        "sender_id": key,
        "type_name": data["event"],
        "timestamp": data.get("timestamp"),
        "intent_name": intent.get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }


def _read_window(connection: Connection, key: str) -> tuple[Window, list[Event]]:
    query = sa.select(CONVERSATIONS.c.first_event, CONVERSATIONS.c.slots)
    row = connection.execute(query.where(CONVERSATIONS.c.sender_id == key)).first()
    ids, events = _read(connection, key, row.first_event if row else 0)
    slots = json.loads(row.slots) if row and events else {}
    return Window(slots, ids, row.first_event if row else 0), events


def _read(connection: Connection, key: str, first: int) -> tuple[list[int], list[Event]]:
    query = sa.select(EVENTS.c.id, EVENTS.c.data).where(EVENTS.c.sender_id == key)
    rows = connection.execute(query.where(EVENTS.c.id >= first).order_by(EVENTS.c.id))
    ids: list[int] = []
    events: list[Event] = []
    for row in rows:
        try:
            event = Event.from_parameters(json.loads(row.data))
        except Exception as error:
            # One row that nothing can read must not close the conversation to its owner.
            logger.error("A stored event cannot be read: %s", type(error).__name__)
            continue
        if event is not None:
            ids.append(row.id)
            events.append(event)
    return ids, events


def _write(
    connection: Connection,
    key: str,
    window: Window,
    rows: Sequence[dict[str, Any]],
    events: Sequence[Event],
    slots: Sequence[Slot],
) -> Window:
    """Insert the new rows and move the stored window where it is due.

    Returns:
        What the tracker at hand now has in the store; it keeps the events before the new window.
    """
    if rows:
        connection.execute(sa.insert(EVENTS), list(rows))
    ids = [*window.ids, *[UNKNOWN] * len(rows)]
    start = cut(events)
    if start > len(window.slots):
        known = [number for number in ids if number != UNKNOWN]
        last = known[-1] if known else window.first - 1
        later = sa.select(EVENTS.c.id).where(EVENTS.c.sender_id == key, EVENTS.c.id > last)
        ids = [*known, *connection.execute(later.order_by(EVENTS.c.id)).scalars()]
        moved = Window(slots_after(events[:start], slots), [], ids[start - len(window.slots)])
        _write_window(connection, key, moved)
    return Window(window.slots, ids, window.first)


def _write_window(connection: Connection, key: str, window: Window) -> None:
    values = {"first_event": window.first, "slots": json.dumps(window.slots)}
    there = CONVERSATIONS.c.sender_id == key
    if not connection.execute(sa.update(CONVERSATIONS).where(there).values(**values)).rowcount:
        connection.execute(sa.insert(CONVERSATIONS).values(sender_id=key, **values))


def _delete(connection: Connection, key: str) -> int:
    connection.execute(sa.delete(CONVERSATIONS).where(CONVERSATIONS.c.sender_id == key))
    return int(connection.execute(sa.delete(EVENTS).where(EVENTS.c.sender_id == key)).rowcount)
