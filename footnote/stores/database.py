"""The database behind the conversations: SQLite on this machine, or PostgreSQL.

All work runs in a few threads of its own, never on the event loop, and every wait is bounded:
a database that is away or frozen costs the one who asks an error, and nobody else anything.
"""

from __future__ import annotations

import asyncio
import logging
import os
import select
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.url import URL, make_url
from sqlalchemy.pool import QueuePool

from footnote.operations import metrics

logger = logging.getLogger(__name__)

DATABASE_URL = "FOOTNOTE_DATABASE_URL"
THREADS = 16
CONNECT_SECONDS = 2.0
STATEMENT_SECONDS = 2.0
OPERATION_SECONDS = 4.0
"""A whole read or write, the wait for a free thread included; less than a reply's time-out."""
_SCHEMA_LOCK = 7_036_951_204
"""Any number that nothing else locks in the same PostgreSQL database."""

_WRITES = "footnote_writes"

T = TypeVar("T")
Work = Callable[[Connection], T]

METADATA = sa.MetaData()
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
EVENTS = sa.Table(
    "events",
    METADATA,
    # The columns of Rasa's own SQL store, so that its tools read them.
    sa.Column("id", _ID, primary_key=True, autoincrement=True),
    sa.Column("sender_id", sa.String(255), nullable=False),
    sa.Column("type_name", sa.String(255), nullable=False),
    sa.Column("timestamp", sa.Float),
    sa.Column("intent_name", sa.String(255)),
    sa.Column("action_name", sa.String(255)),
    sa.Column("data", sa.Text),
    # An id is never given twice, or a window could begin behind its own events.
    sqlite_autoincrement=True,
)
CONVERSATIONS = sa.Table(
    "conversations",
    METADATA,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    # The window (footnote/stores/window.py): first event to read, slots before it.
    sa.Column("first_event", _ID, nullable=False),
    sa.Column("slots", sa.Text, nullable=False),
)
_INDEX = "CREATE INDEX IF NOT EXISTS ix_events_sender_id_id ON events (sender_id, id)"


class StoreUnavailable(Exception):  # noqa: N818 (says what is the matter)
    """The store cannot be asked right now; the message holds nothing of the conversation."""


class Database:
    """Runs pieces of work in transactions, each in a thread and within a bounded time.

    Args:
        url: an SQLAlchemy address, `sqlite:///file.db` or `postgresql://user:password@host/db`.

    Raises:
        ValueError: the address is malformed or of another kind of database.
    """

    def __init__(self, url: str | URL) -> None:
        self.url = parsed(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._engine = _sqlite(self.url) if self.is_sqlite else _postgresql(self.url)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="conversations")
        self._prepared = False
        self._preparing = threading.Lock()

    async def run(self, work: Work[T], writes: bool = False) -> T:
        """Run work in a transaction and return its result.

        Args:
            work: gets the connection; it may run in any thread.
            writes: whether it changes anything.

        Raises:
            StoreUnavailable: the database is away, too slow, or refused the work.
        """
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(self._threads, self.run_here, work, writes)
        try:
            return await asyncio.wait_for(future, OPERATION_SECONDS)
        except asyncio.TimeoutError:
            metrics.STORE_FAILURES.labels("conversations").inc()
            raise StoreUnavailable("the database did not answer in time") from None

    def run_here(self, work: Work[T], writes: bool = False) -> T:
        """Run work in a transaction in this thread (see `run`)."""
        try:
            self._prepare()
            with self._begin(writes) as connection:
                return work(connection)
        except (sa.exc.SQLAlchemyError, OSError) as error:
            # The original may hold the statement's parameters, which is what was said.
            metrics.STORE_FAILURES.labels("conversations").inc()
            cause = type(getattr(error, "orig", None) or error).__name__
            raise StoreUnavailable(f"the database failed ({cause})") from None

    def _begin(self, writes: bool) -> AbstractContextManager[Connection]:
        return self._engine.execution_options(**{_WRITES: writes}).begin()

    def close(self) -> None:
        """Close the connections and let the threads end."""
        self._threads.shutdown(wait=False)
        self._engine.dispose()

    def _prepare(self) -> None:
        """Make the tables at the first use: a server starts even while its database is away."""
        if self._prepared:
            return
        with self._preparing:
            if self._prepared:
                return
            with self._begin(writes=True) as connection:
                if not self.is_sqlite:
                    # Several servers may start at once on an empty database.
                    lock = sa.text("SELECT pg_advisory_xact_lock(:key)")
                    connection.execute(lock, {"key": _SCHEMA_LOCK})
                METADATA.create_all(connection)
                connection.execute(sa.text(_INDEX))
            self._prepared = True


def parsed(url: str | URL) -> URL:
    """Return a database's address, checked.

    Raises:
        ValueError: it is malformed or of a database that is not supported; never with its password.
    """
    try:
        made = make_url(url)
        backend = made.get_backend_name()
    except (sa.exc.ArgumentError, ValueError):
        raise ValueError("is no address like postgresql://user:password@host/database") from None
    if backend == "postgres":
        made, backend = made.set(drivername="postgresql"), "postgresql"
    if backend not in ("sqlite", "postgresql"):
        raise ValueError(f"names {backend!r}; conversations are kept in postgresql or sqlite")
    return made


def address(dialect: str, db: str, given: str | None = None, **parts: Any) -> URL:
    """Return where the conversations are: the environment's address, else that of endpoints.yml.

    Args:
        dialect: `sqlite` or `postgresql`.
        db: the SQLite file or the database's name.
        given: an address that goes before the environment's.
        parts: host, port, username, password.
    """
    url = given or os.environ.get(DATABASE_URL, "").strip()
    if url:
        return parsed(url)
    if dialect == "sqlite":
        return URL.create("sqlite", database=db)
    return parsed(URL.create(dialect, database=db, **parts))


def _sqlite(url: URL) -> Engine:
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        url,
        poolclass=QueuePool,
        pool_size=THREADS,
        pool_timeout=CONNECT_SECONDS,
        connect_args={"check_same_thread": False, "timeout": STATEMENT_SECONDS},
        hide_parameters=True,
    )
    sa.event.listen(engine, "connect", _sqlite_connection)
    sa.event.listen(engine, "begin", _begin_now)
    return engine


def _sqlite_connection(connection: Any, _record: Any) -> None:
    # Transactions begin where we say so (below), not where the driver guesses.
    connection.isolation_level = None
    # Nothing that was deleted stays readable in the file.
    connection.execute("PRAGMA secure_delete = ON")


def _begin_now(connection: Connection) -> None:
    """Writers take the lock at the start: two that read first and write then would fail at once."""
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(url: URL) -> Engine:
    import psycopg2.extensions

    # Without it a frozen server would hold a thread for ever: no time-out of the server's own
    # fires then, and its kernel goes on acknowledging what is sent.
    psycopg2.extensions.set_wait_callback(_bounded_wait)
    milliseconds = int(STATEMENT_SECONDS * 1000)
    return sa.create_engine(
        url,
        pool_size=THREADS,
        max_overflow=0,
        pool_timeout=CONNECT_SECONDS,
        # A connection that died with a restart of the database is replaced before it is used.
        pool_pre_ping=True,
        pool_recycle=1800,
        connect_args={
            "application_name": "footnote",
            "connect_timeout": int(CONNECT_SECONDS),
            "options": f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds} "
            "-c idle_in_transaction_session_timeout=30000",
            "keepalives_idle": 15,
            "keepalives_interval": 5,
            "keepalives_count": 3,
        },
        hide_parameters=True,
    )


def _bounded_wait(connection: Any) -> None:
    """Wait for the server at most `STATEMENT_SECONDS` (psycopg2 closes the connection then)."""
    from psycopg2 import OperationalError
    from psycopg2.extensions import POLL_OK, POLL_READ, POLL_WRITE

    wanted = {POLL_READ: select.POLLIN, POLL_WRITE: select.POLLOUT}
    deadline = time.monotonic() + STATEMENT_SECONDS
    while (state := connection.poll()) != POLL_OK:
        if state not in wanted:
            raise OperationalError("the connection is in an unknown state")
        poller = select.poll()
        poller.register(connection.fileno(), wanted[state])
        left = deadline - time.monotonic()
        if left <= 0 or not poller.poll(left * 1000):
            raise OperationalError("the server did not answer in time")
