"""What was said is deleted when its time is up, whatever the clock did."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from footnote.privacy import commands, retention
from footnote.privacy.identity import ID_SECRET, id_key, stored_id
from footnote.privacy.retention import DAY, days_kept, purge
from footnote.settings import SettingsError
from footnote.stores.database import CONVERSATIONS, DATABASE_URL, EVENTS, Database

NOW = 1_800_000_000.0


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(f"sqlite:///{tmp_path / 'c.db'}")


def put(database: Database, sender: str, *ages: float) -> None:
    """Store events of some ages in days, and the conversation's window."""
    rows = [
        {"sender_id": sender, "type_name": "user", "timestamp": NOW - age * DAY, "data": "{}"}
        for age in ages
    ]

    def write(connection: sa.engine.Connection) -> None:
        connection.execute(EVENTS.insert(), rows)
        values = {"sender_id": sender, "first_event": 1, "slots": "{}"}
        connection.execute(CONVERSATIONS.insert().values(values))

    database.run_here(write, writes=True)


def left(database: Database) -> dict[str, int]:
    """Return how many events each conversation has."""
    count = sa.select(EVENTS.c.sender_id, sa.func.count()).group_by(EVENTS.c.sender_id)
    return database.run_here(lambda c: {row[0]: row[1] for row in c.execute(count)})


def conversations(database: Database) -> set[str]:
    query = sa.select(CONVERSATIONS.c.sender_id)
    return database.run_here(lambda c: set(c.execute(query).scalars()))


def test_old_events_go_and_young_ones_stay(database: Database) -> None:
    put(database, "old", 31, 40, 400)
    put(database, "both", 31, 29)
    put(database, "young", 0, 1, 29.9)
    assert purge(database, 30, NOW) == 4
    assert left(database) == {"both": 1, "young": 3}
    assert conversations(database) == {"both", "young"}
    assert purge(database, 30, NOW) == 0


def test_more_than_a_batch_goes(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 7)
    put(database, "old", *[31.0] * 50)
    assert purge(database, 30, NOW) == 50
    assert left(database) == {}


def test_looking_for_what_is_old_keeps_nobody_from_writing(database: Database) -> None:
    put(database, "young", 1, 2)
    writing = sqlite3.connect(str(database.url.database), isolation_level=None)
    writing.execute("BEGIN IMMEDIATE")
    # With a lock to wait for, this would fail after two seconds.
    assert purge(database, 30, NOW) == 0
    writing.execute("ROLLBACK")
    writing.close()


def test_a_gap_of_ids_as_long_as_a_batch_is_stepped_over(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 5)
    put(database, "first", *[1.0] * 3)
    put(database, "middle", *[31.0] * 20)
    assert purge(database, 30, NOW) == 20
    put(database, "last", *[31.0] * 4)
    assert purge(database, 30, NOW) == 4
    assert left(database) == {"first": 3}
    assert conversations(database) == {"first"}


def test_events_from_the_future_are_kept_no_longer_than_others(database: Database) -> None:
    put(database, "future", -3650)
    assert purge(database, 30, NOW) == 0
    assert purge(database, 30, NOW + 31 * DAY) == 1


def test_a_clock_that_jumped_deletes_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    put(database, "me", 1)

    class Twice:
        def __init__(self) -> None:
            self.asked = 0

        def wait(self, _seconds: float) -> bool:
            self.asked += 1
            # The clock is set forward once the timer has begun.
            monkeypatch.setattr(time, "time", lambda: NOW + 400 * DAY)
            return self.asked > 1

    monkeypatch.setattr(time, "time", lambda: NOW)
    retention._keep(lambda: database, Twice())  # type: ignore[arg-type]
    assert left(database) == {"me": 1}
    assert "clock" in caplog.text


def test_the_timer_purges(database: Database) -> None:
    put(database, "old", (NOW - time.time()) / DAY + 31)

    class Once:
        def __init__(self) -> None:
            self.asked = 0

        def wait(self, _seconds: float) -> bool:
            self.asked += 1
            return self.asked > 1

    retention._keep(lambda: database, Once())  # type: ignore[arg-type]
    assert left(database) == {}


@pytest.mark.parametrize("text", ["0", "-1", "many", "3651", "1.5", "٣"])
def test_an_odd_number_of_days_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="FOOTNOTE_RETENTION_DAYS"):
        days_kept(text)


def test_thirty_days_are_kept_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(retention.RETENTION_DAYS, raising=False)
    assert days_kept() == 30
    monkeypatch.setenv(retention.RETENTION_DAYS, "7")
    assert days_kept() == 7


def test_the_commands_delete_in_the_configured_database(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(DATABASE_URL, str(database.url))
    monkeypatch.setenv(ID_SECRET, "a secret of the test")
    id_key.cache_clear()
    put(database, stored_id("rest:local:me", id_key()), *[(NOW - time.time()) / DAY] * 3)
    put(database, "another", (NOW - time.time()) / DAY)
    put(database, "old", (NOW - time.time()) / DAY + 31)
    assert commands.forget("rest:local:me") == 0
    assert "Deleted 3 events" in capsys.readouterr().out
    assert commands.purge(None) == 0
    assert left(database) == {"another": 1}
    id_key.cache_clear()


def test_a_command_without_its_database_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(DATABASE_URL, "postgresql://footnote:hunter2@127.0.0.1:1/none")
    assert commands.purge("30") == 1
    told = capsys.readouterr().err
    assert "nothing more was deleted" in told
    assert "hunter2" not in told
