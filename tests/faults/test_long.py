"""Each fault under a crowd that goes on talking: what people saw, what was lost, how long it took.

Run by `make test-faults`; prints a table that docs/faults.md holds with its date.
"""

from __future__ import annotations

import signal
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest
import requests

from footnote.serving.client import Conversation
from footnote.serving.servers import running
from footnote.serving.training import ensure_model
from tests.faults.under import PEOPLE, told, under
from tests.helpers.fleet import QUESTION, Fleet, crowd, fleet, kill
from tests.helpers.serving import stopped

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    with fleet(tmp_path_factory.mktemp("fleet")) as running_fleet:
        yield running_fleet


def test_no_fault(servers: Fleet) -> None:
    seen = under(servers, "none", nullcontext())
    assert set(seen.kinds) == {"answer", "danger: emergency"}


@pytest.mark.parametrize("store", ["postgres", "redis"])
@pytest.mark.parametrize("how", ["stopped", "killed", "frozen"])
def test_a_store_goes(servers: Fleet, store: str, how: str) -> None:
    one = getattr(servers, store)
    fault = {
        "stopped": lambda: one.away(),
        "killed": lambda: one.away(signal.SIGKILL),
        "frozen": lambda: one.frozen(),
    }[how]()
    seen = under(servers, f"{store} {how}", fault)
    assert seen.kinds["unreachable"] == seen.kinds["danger: unreachable"] == 0


def test_an_action_server_hangs(servers: Fleet) -> None:
    seen = under(servers, "one action server hung", stopped(servers.bots[0].actions.pid))
    assert seen.kinds["danger: unreachable"] == 0


def test_a_rasa_server_hangs(servers: Fleet) -> None:
    under(servers, "one server frozen", stopped(servers.bots[0].server.pid))


def test_ten_messages_of_one_person_at_once_a_hundred_times(servers: Fleet) -> None:
    rounds, kept, kinds = [], [], set()
    for _ in range(100):
        sender = f"hasty-{uuid.uuid4().hex}"
        texts = [f"{QUESTION} {number}" for number in range(10)]
        began = time.monotonic()
        with ThreadPoolExecutor(10) as pool:
            asks = [pool.submit(servers.talk(n % 2, sender).ask, t) for n, t in enumerate(texts)]
            kinds |= {ask.result().kind for ask in asks}
        rounds.append(time.monotonic() - began)
        stored = servers.stored(sender)
        kept.append(len(stored))
        assert sorted(stored) == sorted(texts)
    rounds.sort()
    print(
        f"\n| ten at once, 100 rounds | kinds {kinds} | stored {min(kept)} to {max(kept)} of 10 | "
        f"median {rounds[50]:.2f} s, longest {rounds[-1]:.2f} s |"
    )
    assert kinds == {"answer"}


def test_two_hundred_people_at_once_for_two_minutes(servers: Fleet) -> None:
    urls = [bot.url for bot in servers.bots]
    with crowd(urls, 200, pause=10.0) as seen:
        time.sleep(120)
    told("200 people for two minutes", servers, seen, servers.until_ready(0))


def test_a_rolling_restart_under_load(servers: Fleet, tmp_path: Path) -> None:
    """A third and a fourth server come up; the first two are stopped one after the other."""
    with servers.another() as third, servers.another() as fourth:
        urls = [servers.bots[0].url, servers.bots[1].url, third.url, fourth.url]
        with crowd(urls, PEOPLE) as seen:
            time.sleep(3)
            for bot in servers.bots[:2]:
                bot.server.terminate()
                assert bot.server.wait(30) == 0
                bot.actions.terminate()
                time.sleep(3)
        told("rolling restart", servers, seen, 0.0)


def test_a_crash_in_the_middle(tmp_path: Path) -> None:
    with fleet(tmp_path) as servers, crowd([bot.url for bot in servers.bots], PEOPLE) as seen:
        time.sleep(4)
        kill(servers.bots[0])
        time.sleep(10)
        healthy = servers.until_ready(1)
    # Read within the fleet's life would be simpler, but the crowd must have ended.
    assert healthy < 15
    assert seen.kinds["answer"] > 0


def throughput(urls: list[str], people: int, seconds: float) -> float:
    """Return replies a second that a number of people get who never pause."""
    ending, count, lock = time.monotonic() + seconds, [0], threading.Lock()

    def person(number: int) -> None:
        session, sender = requests.Session(), f"load-{uuid.uuid4().hex}"
        while time.monotonic() < ending:
            kind = Conversation(urls[number % len(urls)], sender, session).ask(QUESTION).kind
            with lock:
                count[0] += kind == "answer"

    with ThreadPoolExecutor(people) as pool:
        list(pool.map(person, range(people)))
    return count[0] / seconds


def test_two_servers_carry_more_than_one(tmp_path: Path) -> None:
    """A figure, not a bound: this machine's two cores also run the stores and the askers."""
    with fleet(tmp_path) as servers:
        urls = [bot.url for bot in servers.bots]
        throughput(urls, 16, 5)
        one, two = throughput(urls[:1], 16, 20), throughput(urls, 16, 20)
    line = f"one server {one:.1f} replies/s | two {two:.1f} replies/s | {two / one:.2f} times"
    print(f"\n| {line} |")
    assert two > 0


@contextmanager
def full_disk(folder: Path, megabytes: int = 3) -> Iterator[Path]:
    """Give a small file system of its own (needs root)."""
    import subprocess

    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("a small file system cannot be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


def test_a_full_disk(tmp_path: Path) -> None:
    """SQLite: people are told, danger is answered, and it goes on once there is room again."""
    (tmp_path / "disk").mkdir()
    with full_disk(tmp_path / "disk") as disk:
        database = str(disk / "conversations.db")
        with running(ensure_model(), database=database, log=tmp_path / "log") as bot:
            talk = Conversation(bot.url)
            assert talk.ask(QUESTION).kind == "answer"
            ballast = disk / "ballast"
            with ballast.open("wb") as file, pytest.raises(OSError):
                while True:
                    file.write(b"x" * 65536)
                    file.flush()
            kinds = [talk.ask(QUESTION).kind for _ in range(3)]
            cry = talk.ask("I can't breathe").kind
            ballast.unlink()
            after = talk.ask(QUESTION).kind
    print(f"\n| disk full (SQLite) | {kinds}, danger: {cry} | after: {after} |")
    assert kinds[-1] == "error"
    assert (cry, after) == ("emergency", "answer")
