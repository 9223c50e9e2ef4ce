"""Rasa's SQL tracker store, able to forget a conversation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.trackers import DialogueStateTracker

ERASE_SLOT = "erase_requested"
"""An action sets this slot; the store erases once the turn is over."""


class FootnoteTrackerStore(SQLTrackerStore):
    """Keeps conversations in SQL and erases one on request.

    An action cannot delete its own conversation: Rasa writes the turn back when it ends.
    So the wish travels in a slot, and is granted here instead of the last save.
    """

    def __init__(self, dialect: str = "sqlite", db: str = "rasa.db", **kwargs: Any) -> None:
        if dialect == "sqlite" and db:
            Path(db).parent.mkdir(parents=True, exist_ok=True)
        super().__init__(dialect=dialect, db=db, **kwargs)
        if dialect == "sqlite":
            sa.event.listen(self.engine, "connect", _overwrite_deleted)
            self.engine.dispose()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Save a conversation's new events, or erase it where the person asked for that."""
        if tracker.get_slot(ERASE_SLOT):
            await self.delete(tracker.sender_id)
            return
        await super().save(tracker)

    async def delete(self, sender_id: str) -> int:
        """Erase every event of a conversation, all its sessions included.

        Returns:
            How many events were erased.
        """
        with self.session_scope() as session:
            events = session.query(self.SQLEvent).filter(self.SQLEvent.sender_id == sender_id)
            erased = int(events.delete(synchronize_session=False))
            session.commit()
        return erased


def _overwrite_deleted(connection: Any, _record: Any) -> None:
    """Have SQLite overwrite what is deleted, so that nothing stays readable in the file."""
    connection.execute("PRAGMA secure_delete = ON")
