"""Delete what was said a set time ago, by command and by a timer in every server.

Each event goes when its time is up, also from a conversation that still goes on.
"""

from __future__ import annotations

import logging
import os
import threading
import time
import weakref
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.engine import Connection

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
"""Rows deleted in one transaction, so that none takes long."""
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
    later = sa.or_(EVENTS.c.timestamp > now + DAY, EVENTS.c.timestamp.is_(None))
    _in_batches(database, lambda ids: sa.update(EVENTS).where(ids).values(timestamp=now), later)
    old = EVENTS.c.timestamp < now - days * DAY
    deleted = _in_batches(database, lambda ids: sa.delete(EVENTS).where(ids), old)
    there = sa.select(EVENTS.c.id).where(EVENTS.c.sender_id == CONVERSATIONS.c.sender_id)
    empty = sa.delete(CONVERSATIONS).where(~sa.exists(there))
    database.run_here(lambda connection: connection.execute(empty), writes=True)
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


def _in_batches(
    database: Database,
    change: Callable[[sa.sql.ColumnElement[bool]], sa.sql.Executable],
    which: sa.sql.ColumnElement[bool],
) -> int:
    total = 0
    while True:

        def batch(connection: Connection) -> int:
            ids = list(
                connection.execute(sa.select(EVENTS.c.id).where(which).limit(BATCH)).scalars()
            )
            if not ids:
                return 0
            return int(connection.execute(change(EVENTS.c.id.in_(ids))).rowcount)

        done = database.run_here(batch, writes=True)
        total += done
        if done < BATCH:
            return total
