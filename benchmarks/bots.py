"""Start the bots that are compared, each with an action server of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import yaml

from benchmarks import recommended
from footnote import paths
from footnote.serving.environment import LOOPBACK, ServeError, environment, free_port, rasa
from footnote.serving.servers import Bot, answers, running, stop

FLOOR = Path(__file__).parent / "floor"
START_TIMEOUT = 300.0
DATABASE = "ours.db"


@dataclass(frozen=True)
class Started:
    """A running bot: where it is, its processes' ids, and seconds from start to first reply."""

    url: str
    process_ids: tuple[int, ...]
    start: float


@contextmanager
def ours(model: Path, scratch: Path, knowledge: Path) -> Iterator[Started]:
    """Run Footnote as `make run` does, on a knowledge folder, its conversations in `scratch`."""
    begun = time.monotonic()
    with running(
        model,
        database=str(scratch / DATABASE),
        log=scratch / "ours.log",
        extra={paths.KNOWLEDGE_FOLDER: str(knowledge)},
    ) as bot:
        yield _first_reply(bot, begun)


@contextmanager
def floor(scratch: Path) -> Iterator[Started]:
    """Train and run the floor; its conversations stay in memory."""
    folder = scratch / "floor"
    shutil.copytree(FLOOR, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    command = rasa("train", "--quiet", "--fixed-model-name", "floor", "--skip-validation")
    done = subprocess.run(
        command, cwd=folder, env=environment(tensorflow=True), capture_output=True, text=True
    )
    if done.returncode != 0:
        raise ServeError(f"The floor could not be trained:\n{done.stdout}{done.stderr}")
    port = free_port()
    actions = [sys.executable, "-m", "benchmarks.floor.actions", str(port)]
    with _stock(folder, actions, port, {}) as bot:
        yield bot


@contextmanager
def compared(folder: Path) -> Iterator[Started]:
    """Run the trained comparison bot with our actions; its conversations stay in memory."""
    port = free_port()
    actions = [sys.executable, "-m", "footnote", "actions", "--port", str(port)]
    nlg = {"nlg": {"type": "footnote.nlg.FootnoteResponses"}}
    model = ("--model", str(folder / "models" / recommended.MODEL))
    with _stock(folder, actions, port, nlg, *model) as bot:
        yield bot


@contextmanager
def _stock(
    folder: Path, actions: list[str], port: int, endpoints: dict[str, Any], *arguments: str
) -> Iterator[Started]:
    """Run Rasa as it comes, TensorFlow included, and an action server beside it."""
    addresses = {"action_endpoint": {"url": f"http://{LOOPBACK}:{port}/webhook"}, **endpoints}
    (folder / "endpoints.yml").write_text(yaml.safe_dump(addresses), encoding="utf-8")
    own = free_port()
    command = rasa("run", "--interface", LOOPBACK, "--port", str(own), *arguments)
    begun = time.monotonic()
    with (folder / "bot.log").open("wb") as log:
        env = environment(tensorflow=True)
        action_server = subprocess.Popen(actions, cwd=paths.ROOT, env=env, stdout=log, stderr=log)
        server = subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=log)
        bot = Bot(f"http://{LOOPBACK}:{own}", server, action_server)
        try:
            yield _first_reply(bot, begun)
        finally:
            stop(bot)


def _first_reply(bot: Bot, begun: float) -> Started:
    """Ask until there is a reply."""
    while not answers(f"{bot.url}/webhooks/rest/"):
        ended = [process for process in bot.processes if process.poll() is not None]
        if ended or time.monotonic() - begun > START_TIMEOUT:
            raise ServeError("A bot of the bench did not start; its log is beside its files.")
        time.sleep(0.1)
    while time.monotonic() - begun < START_TIMEOUT:
        body = {"sender": "first", "message": "hello"}
        reply = requests.post(f"{bot.url}/webhooks/rest/webhook", json=body, timeout=60)
        if reply.ok and reply.json():
            ids = tuple(process.pid for process in bot.processes)
            return Started(bot.url, ids, time.monotonic() - begun)
        time.sleep(0.1)
    raise ServeError("A bot of the bench gave no reply.")
