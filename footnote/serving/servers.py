"""Start the bot's two servers, watch them, and end both with one Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from footnote import paths
from footnote.channels import listing as channels
from footnote.knowledge import load_knowledge
from footnote.operations.configuration import check
from footnote.safety.wording import SafetyWording
from footnote.serving.environment import (
    LOOPBACK,
    ServeError,
    endpoints,
    environment,
    free_port,
    rasa,
    require_free,
)
from footnote.serving.training import ensure_model
from footnote.settings import Settings

START_TIMEOUT = 180.0
STOP_TIMEOUT = 25.0
"""More than a server takes to finish the messages in hand (`Gateway.drain`)."""


@dataclass
class Bot:
    """A running bot: its address and its processes."""

    url: str
    server: subprocess.Popen[bytes]
    actions: subprocess.Popen[bytes]

    @property
    def processes(self) -> tuple[subprocess.Popen[bytes], ...]:
        """The processes, the one to end first in front."""
        return (self.server, self.actions)


@contextmanager
def running(
    model: Path,
    host: str = LOOPBACK,
    port: int | None = None,
    actions_port: int | None = None,
    database: str | None = None,
    credentials: Path | None = None,
    log: Path | None = None,
    extra: dict[str, str] | None = None,
) -> Iterator[Bot]:
    """Run a bot for the length of a `with` block.

    Args:
        model: the trained model.
        host, port: where to listen; no port takes a free one.
        actions_port: the action server's; none takes a free one.
        database: the conversations' SQLite file (default: the project's).
        credentials: the channels (default: the project's credentials.yml).
        log: where the processes' output goes (default: this terminal).
        extra: environment variables to add.

    Raises:
        ServeError: a process ended or did not answer in time.
    """
    port = port or free_port()
    actions_port = actions_port or free_port()
    # A database of its own means no other, whatever the environment names.
    own = {"FOOTNOTE_DATABASE_URL": ""} if database else {}
    env = {**environment(), **own, **(extra or {})}
    scratch = tempfile.TemporaryDirectory(prefix="footnote-")
    addresses = endpoints(Path(scratch.name), f"http://{LOOPBACK}:{actions_port}/webhook", database)
    output = log.open("ab") if log else None
    shared = {"cwd": paths.ROOT, "env": env, "stdout": output, "stderr": output}
    # In sessions of their own, a Ctrl-C reaches them through us, in order.
    actions = subprocess.Popen(
        [sys.executable, "-m", "footnote", "actions", "--port", str(actions_port)],
        start_new_session=True,
        **shared,  # type: ignore[call-overload]
    )
    server = subprocess.Popen(
        rasa(
            "run",
            *("--interface", host, "--port", str(port), "--model", str(model)),
            *("--credentials", str(credentials or paths.ROOT / "credentials.yml")),
            *("--endpoints", str(addresses), "--log-file", os.devnull),
        ),
        start_new_session=True,
        **shared,  # type: ignore[call-overload]
    )
    reach = LOOPBACK if host in ("0.0.0.0", "::") else host
    bot = Bot(f"http://{reach}:{port}", server, actions)
    try:
        _wait(bot, f"http://{LOOPBACK}:{actions_port}/health")
        yield bot
    finally:
        stop(bot)
        scratch.cleanup()
        if output:
            output.close()


def stop(bot: Bot) -> None:
    """End a bot's processes: the server first, since it finishes its messages with the actions."""
    for process in bot.processes:
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def serve(host: str, port: int, actions_port: int) -> int:
    """Serve the bot until Ctrl-C; return the exit code."""
    check()
    SafetyWording.of(load_knowledge().helplines, Settings.from_environment())
    require_free(host, port, "The bot", "PORT=... (make run PORT=5006)")
    require_free(LOOPBACK, actions_port, "The action server", "--actions-port")
    model = ensure_model()
    stopping = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        if stopping.is_set():
            return
        stopping.set()
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    print("Starting ...", flush=True)
    started = time.monotonic()
    try:
        with running(model, host, port, actions_port) as bot:
            took = time.monotonic() - started
            shown = "localhost" if host == LOOPBACK else host
            print(f"Footnote is ready after {took:.0f} s. Open http://{shown}:{port} in a browser.")
            print(channels.summary())
            print("Over REST: POST /webhooks/rest/webhook  (Ctrl-C ends it)", flush=True)
            return _watch(bot)
    except KeyboardInterrupt:
        print("\nStopped.", flush=True)
        return 0


def _watch(bot: Bot) -> int:
    """Return when a process ends by itself; that is always an error."""
    while True:
        for process, name in ((bot.server, "The bot's server"), (bot.actions, "The action server")):
            if process.poll() is not None:
                raise ServeError(f"{name} ended by itself (exit code {process.returncode}).")
        time.sleep(0.5)


def _wait(bot: Bot, actions_health: str) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    waiting = [actions_health, f"{bot.url}/webhooks/rest/"]
    while waiting:
        for process, name in ((bot.server, "server"), (bot.actions, "action server")):
            if process.poll() is not None:
                raise ServeError(
                    f"The bot's {name} did not start (exit code {process.returncode}); "
                    "its output says why."
                )
        if time.monotonic() > deadline:
            raise ServeError(f"The bot did not answer within {START_TIMEOUT:.0f} s.")
        if answers(waiting[0]):
            waiting.pop(0)
        else:
            time.sleep(0.1)


def answers(url: str) -> bool:
    """Whether an address answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
