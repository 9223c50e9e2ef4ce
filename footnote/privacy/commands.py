"""`footnote purge` and `footnote forget`: deletion by command, in the configured database."""

from __future__ import annotations

import sys
from collections.abc import Callable

import sqlalchemy as sa
import yaml

from footnote import paths
from footnote.privacy.identity import id_key, stored_id
from footnote.privacy.retention import days_kept
from footnote.privacy.retention import purge as purge_older
from footnote.stores.database import CONVERSATIONS, EVENTS, Database, StoreUnavailable, address


def configured() -> Database:
    """Return the database that FOOTNOTE_DATABASE_URL or endpoints.yml names."""
    data = yaml.safe_load((paths.ROOT / "endpoints.yml").read_text(encoding="utf-8"))
    store = dict(data["tracker_store"])
    store.pop("type", None)
    store.setdefault("dialect", "sqlite")
    url = address(**store)
    if url.get_backend_name() == "sqlite" and url.database and not url.database.startswith("/"):
        url = url.set(database=str(paths.ROOT / url.database))
    return Database(url)


def purge(days: str | None) -> int:
    """Delete what is older than the days that are kept; return the exit code."""
    kept = days_kept(days)
    return _run(lambda db: purge_older(db, kept), f"older than {kept} days")


def forget(conversation: str) -> int:
    """Delete one conversation; return the exit code."""
    key = stored_id(conversation, id_key())

    def erase(connection: sa.engine.Connection) -> int:
        connection.execute(sa.delete(CONVERSATIONS).where(CONVERSATIONS.c.sender_id == key))
        return int(connection.execute(sa.delete(EVENTS).where(EVENTS.c.sender_id == key)).rowcount)

    return _run(lambda db: db.run_here(erase, writes=True), "of that conversation")


def _run(work: Callable[[Database], int], what: str) -> int:
    database = configured()
    try:
        print(f"Deleted {work(database)} events {what}.")
    except StoreUnavailable as error:
        print(f"footnote: {error}; nothing more was deleted", file=sys.stderr)
        return 1
    finally:
        database.close()
    return 0
