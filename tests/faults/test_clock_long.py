"""The clocks of a fleet are set under a crowd, and the timer that deletes meets a wrong clock.

Run by `make test-faults`; prints lines of the table in docs/faults.md.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from footnote.privacy.retention import DEFAULT_DAYS, FIRST_AFTER
from footnote.serving.client import Conversation
from tests.faults.under import under
from tests.helpers.clock import Clock
from tests.helpers.fleet import QUESTION, Fleet, fleet

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
MORE_THAN_KEPT = DEFAULT_DAYS + 1
Clocked = tuple[Fleet, dict[str, Sequence[Clock]]]


@pytest.fixture(scope="module")
def clocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clocked]:
    """Two servers on shared stores, and whose clocks can be set."""
    with ExitStack() as stack:

        def clock() -> Clock:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="footnote-")))
            # Redis runs as another user.
            folder.chmod(0o755)
            return Clock(folder)

        one, other, of_redis = clock(), clock(), clock()
        servers = fleet(
            tmp_path_factory.mktemp("clocked"),
            each=[one.environment, other.environment],
            of_redis=of_redis.environment,
        )
        whose = {"both servers'": (one, other), "one server's": (one,), "Redis'": (of_redis,)}
        yield stack.enter_context(servers), whose


@contextmanager
def wrong(clocks: Sequence[Clock], days: float) -> Iterator[None]:
    """Set clocks, and set them right again."""
    with ExitStack() as stack:
        for clock in clocks:
            stack.enter_context(clock.wrong_by(days))
        yield


@pytest.mark.parametrize("days", [1, -1])
@pytest.mark.parametrize("whose", ["both servers'", "one server's", "Redis'"])
def test_a_clock_is_set_and_set_right_again(clocked: Clocked, whose: str, days: int) -> None:
    servers, clocks = clocked
    seen = under(servers, f"{whose} clock {days:+d} day", wrong(clocks[whose], days))
    assert seen.kinds["unreachable"] == seen.kinds["error"] == 0


def kept(database: Path) -> int:
    """Return how many messages of people are stored."""
    with sqlite3.connect(database) as connection:
        query = "select count(*) from events where type_name = 'user'"
        return int(connection.execute(query).fetchone()[0])


def test_the_timer_deletes_nothing_by_a_clock_that_was_set(start_bot, tmp_path: Path) -> None:
    clock, database = Clock(tmp_path), tmp_path / "conversations.db"
    with start_bot(tmp_path, clock.environment) as bot:
        assert Conversation(bot.url).ask(QUESTION, 60).kind == "answer"
        clock.set(MORE_THAN_KEPT)
        deadline = time.monotonic() + FIRST_AFTER + 60
        while "Nothing is purged: the clock was set" not in (tmp_path / "bot.log").read_text():
            assert time.monotonic() < deadline
            time.sleep(0.5)
        assert kept(database) == 1


def test_a_server_that_starts_with_a_wrong_clock_deletes_by_it(start_bot, tmp_path: Path) -> None:
    """It cannot know better; docs/privacy.md says so."""
    clock, database = Clock(tmp_path), tmp_path / "conversations.db"
    with start_bot(tmp_path, clock.environment) as bot:
        assert Conversation(bot.url).ask(QUESTION, 60).kind == "answer"
    clock.set(MORE_THAN_KEPT)
    with start_bot(tmp_path, clock.environment):
        assert kept(database) == 1
        deadline = time.monotonic() + FIRST_AFTER + 60
        while kept(database):
            assert time.monotonic() < deadline
            time.sleep(0.5)
