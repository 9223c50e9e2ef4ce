"""Does one slow messaging platform make everybody else wait?

Runs one bot with every first-class channel on, against the stand-ins of the tests. While a
platform brings a steady stream of questions, a REST user asks; the platform's API takes 0 or
200 ms a call, in turns. Prints the REST user's medians and their ratio, which may be at most
1.2. Compare ratios of one run only.

    .venv/bin/python benchmarks/slow_platform.py
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from footnote.serving.client import Conversation  # noqa: E402
from tests.helpers.platforms import Platform  # noqa: E402
from tests.test_channels import Everything, everything  # noqa: E402

QUESTIONS = ("what is surgery", "does chemo affect healthy cells", "what does radiation cost")
SLOW = 0.2
PAUSE = 0.4
"""Seconds between the platform's questions."""
ROUNDS, ASKED = 12, 10
MOST = 1.2


def rest_times(world: Everything, user: Conversation) -> list[float]:
    """Ask as a REST user and return the seconds each reply took."""
    times = []
    for number in range(ASKED):
        began = time.perf_counter()
        user.ask(QUESTIONS[number % len(QUESTIONS)])
        times.append(time.perf_counter() - began)
    return times


def stream(world: Everything, platform: Platform, stop: threading.Event, first: int) -> None:
    """Post questions of changing people at a steady pace until told to stop."""
    event = first
    while not stop.wait(PAUSE):
        event += 1
        question = QUESTIONS[event % len(QUESTIONS)]
        world.post(platform, platform.question(question, str(event), str(1000 + event % 50)))


def measure(world: Everything, platform: Platform) -> tuple[float, float, float]:
    """Return the medians in ms: no traffic, traffic with a fast API, with a slow one."""
    user = Conversation(world.bot.url)
    rest_times(world, user)
    quiet = rest_times(world, user)
    fast: list[float] = []
    slow: list[float] = []
    event = 10_000
    for number in range(2 * ROUNDS):
        platform.delay = SLOW if number % 2 else 0.0
        stop = threading.Event()
        traffic = threading.Thread(target=stream, args=(world, platform, stop, event))
        traffic.start()
        time.sleep(2 * PAUSE)
        user = Conversation(world.bot.url)
        (slow if number % 2 else fast).extend(rest_times(world, user))
        stop.set()
        traffic.join()
        event += 1000
        time.sleep(2 * SLOW)
    platform.delay = 0.0
    quiet_ms, fast_ms, slow_ms = (1000 * statistics.median(t) for t in (quiet, fast, slow))
    return quiet_ms, fast_ms, slow_ms


def main() -> int:
    """Measure each channel; return 1 where a ratio is above the bound."""
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder, everything(Path(folder)) as world:
        print(f"{'platform':<34}{'quiet':>8}{'0 ms':>8}{'200 ms':>8}{'ratio':>8}")
        for platform in world.platforms:
            quiet, fast, slow = measure(world, platform)
            worst = max(worst, slow / fast)
            title = platform.setup.title
            print(f"{title:<34}{quiet:>8.0f}{fast:>8.0f}{slow:>8.0f}{slow / fast:>8.2f}")
    print(f"worst ratio {worst:.2f}, bound {MOST}")
    return int(worst > MOST)


if __name__ == "__main__":
    sys.exit(main())
