"""Delete what was said a set time ago, by command and by a timer in every server.

Each event goes when its time is up, also from a conversation that still goes on.
"""

from __future__ import annotations

import logging
import os
import threading
import time
import weakref

import sqlalchemy as sa

from footnote.settings import SettingsError
from footnote.stores.database import CONVERSATIONS, EVENTS, Database, StoreUnavailable

logger = logging.getLogger(__name__)

RETENTION_DAYS = "FOOTNOTE_RETENTION_DAYS"
DEFAULT_DAYS = 30
MOST_DAYS = 3650
DAY = 86_400.0
EVERY = 3_600.0
FIRST_AFTER = 60.0
BATCH = 2_000
"""Rows looked at or deleted in one transaction, so that nobody who writes waits for long."""
CLOCK_JUMP = 600.0
"""Seconds by which the clock may be set while a server runs before its timer holds back."""


def days_kept(given: str | None = None) -> int:
    """Return for how many days what is said is kept.

    Args:
        given: the number as text (default: FOOTNOTE_RETENTION_DAYS, else 30).

    Raises:
        SettingsError: it is no whole number from 1 to 3650.
    """
    text = os.environ.get(RETENTION_DAYS, "") if given is None else given
    text = text.strip() or str(DEFAULT_DAYS)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_DAYS):
        raise SettingsError(f"{RETENTION_DAYS} is {text!r}; give whole days, from 1 to {MOST_DAYS}")
    return int(text)


def purge(database: Database, days: int, now: float | None = None) -> int:
    """Delete every event that is older than some days, and conversations left empty.

    Events dated in the future (the clock was wrong) count from now on, or they would stay.

    Args:
        database: where the conversations are.
        days: for how long they are kept.
        now: the time, in seconds since 1970.

    Returns:
        How many events were deleted.

    Raises:
        StoreUnavailable: the database failed; what was deleted until then stays so.
    """
    now = time.time() if now is None else now
    deleted = 0
    for start in range(*_ids(database), BATCH):
        later, old = _outside(database, start, now - days * DAY, now + DAY)
        if later:
            dated = sa.update(EVENTS).where(EVENTS.c.id.in_(later)).values(timestamp=now)
            _change(database, dated)
        if old:
            deleted += _change(database, sa.delete(EVENTS).where(EVENTS.c.id.in_(old)))
    _forget_empty(database)
    return deleted


def keep_retention(database: Database) -> None:
    """Purge a minute from now and every hour, as long as the database object is in use.

    Several servers on one database all do so; it does no harm.
    """
    ended = threading.Event()
    weakref.finalize(database, ended.set)
    thread = threading.Thread(
        target=_keep, args=(weakref.ref(database), ended), name="retention", daemon=True
    )
    thread.start()


def _keep(reference: weakref.ref[Database], ended: threading.Event) -> None:
    begun, begun_steady = time.time(), time.monotonic()
    wait = FIRST_AFTER
    while not ended.wait(wait):
        wait = EVERY
        database = reference()
        if database is None:
            return
        jumped = abs((time.time() - begun) - (time.monotonic() - begun_steady))
        if jumped > CLOCK_JUMP:
            # A wrong clock must not delete everybody's conversation.
            logger.error("Nothing is purged: the clock was set by %.0f s. Restart.", jumped)
            continue
        try:
            deleted = purge(database, days_kept())
            if deleted:
                logger.info("Retention: %d events were deleted.", deleted)
        except (StoreUnavailable, SettingsError) as error:
            logger.error("Retention failed, and is tried again in an hour: %s", error)
        del database


def _ids(database: Database) -> tuple[int, int]:
    """Return the first event's id and the one after the last."""

    def end(which: sa.sql.ColumnElement[int]) -> int | None:
        return database.run_here(lambda connection: connection.execute(sa.select(which)).scalar())

    # One at a time: SQLite reads all rows for both at once, and none for either.
    first, last = end(sa.func.min(EVENTS.c.id)), end(sa.func.max(EVENTS.c.id))
    return (0, 0) if first is None or last is None else (first, last + 1)


def _outside(
    database: Database, start: int, oldest: float, latest: float
) -> tuple[list[int], list[int]]:
    """Return which of a batch's events are dated too late (or not at all), and which too early.

    Looked up apart from the deletion: SQLite lets nobody else write from a writing transaction's
    first statement on, and reading a large file may take seconds.
    """
    dated = EVENTS.c.timestamp
    found = sa.select(EVENTS.c.id, dated).where(
        EVENTS.c.id.between(start, start + BATCH - 1),
        sa.or_(dated.is_(None), dated > latest, dated < oldest),
    )
    rows = database.run_here(lambda connection: connection.execute(found).all())
    old = [key for key, when in rows if when is not None and when < oldest]
    return [key for key, when in rows if when is None or when > latest], old


def _forget_empty(database: Database) -> None:
    """Delete conversations without events; one that somebody goes on with meanwhile stays."""
    event = sa.select(EVENTS.c.id).where(EVENTS.c.sender_id == CONVERSATIONS.c.sender_id)
    empty = ~sa.exists(event)
    found = sa.select(CONVERSATIONS.c.sender_id).where(empty).limit(BATCH)
    while keys := database.run_here(lambda connection: list(connection.execute(found).scalars())):
        _change(
            database, sa.delete(CONVERSATIONS).where(CONVERSATIONS.c.sender_id.in_(keys), empty)
        )


def _change(database: Database, statement: sa.sql.Executable) -> int:
    return int(
        database.run_here(lambda connection: connection.execute(statement).rowcount, writes=True)
    )
