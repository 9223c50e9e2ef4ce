"""A fault under a crowd that goes on talking: a line of the table in docs/faults.md."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager

from tests.helpers.fleet import Crowd, Fleet, crowd, lost

PEOPLE = 16
FAULT_SECONDS = 10.0
AFTER_SECONDS = 5.0


def told(title: str, servers: Fleet, seen: Crowd, healthy: float) -> None:
    """Print a line of the table, and hold what no fault may do."""
    missing = lost(servers, seen)
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(seen.kinds.items()))
    print(
        f"\n| {title} | {kinds} | {len(missing)} | {healthy:.1f} s | "
        f"{seen.wait(0.5) * 1000:.0f} / {seen.wait(0.99) * 1000:.0f} ms |"
    )
    assert missing == []
    assert seen.mixed == 0
    assert seen.kinds["none"] == 0
    assert seen.kinds["danger: error"] == seen.kinds["danger: none"] == 0


def under(servers: Fleet, title: str, fault: AbstractContextManager[object]) -> Crowd:
    """Make a fault for ten seconds under a crowd, and wait until both servers are ready."""
    urls = [bot.url for bot in servers.bots]
    with crowd(urls, PEOPLE) as seen:
        time.sleep(2)
        with fault:
            time.sleep(FAULT_SECONDS)
        began = time.monotonic()
        for server in range(len(servers.bots)):
            servers.until_ready(server)
        healthy = time.monotonic() - began
        time.sleep(AFTER_SECONDS)
    told(title, servers, seen, healthy)
    return seen
