"""A clock that a test may set while the processes that read it run (Debian's libfaketime).

Only the time of day jumps, as it does when somebody sets a machine's clock; the time since the
start, which waits are measured with, goes on evenly.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.helpers.debian import installed

DAY = 86_400.0
LIBRARIES = Path("/usr/lib")


def library() -> str:
    """Return the path of the library that is put before a process's own."""

    def find() -> str | None:
        found = sorted(LIBRARIES.glob("*/faketime/libfaketimeMT.so.1"))
        return str(found[0]) if found else None

    return installed(find, "libfaketime", "libfaketime")


class Clock:
    """The clock of the processes that run with `environment`.

    Args:
        folder: where its file goes; other users' processes must be able to read it.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self.set(0)
        self.environment = {
            "LD_PRELOAD": library(),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            # With it each wait of Python's own lock would end at once, and be begun again.
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
            # Files keep their times.
            "NO_FAKE_STAT": "1",
        }

    def set(self, days: float) -> None:
        """Put the clock some days before or after the true time, at once."""
        new = self._file.with_suffix(".new")
        new.write_text(f"{days * DAY:+.0f}\n", encoding="ascii")
        new.replace(self._file)

    @contextmanager
    def wrong_by(self, days: float) -> Iterator[None]:
        """Be some days off for the length of a block; two jumps."""
        self.set(days)
        try:
            yield
        finally:
            self.set(0)
