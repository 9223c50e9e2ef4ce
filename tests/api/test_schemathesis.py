"""schemathesis, led by our own description, against a running bot.

No server error, answers as described, nobody else's data: a short run in `make test`, 50,000
requests with `-m long`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import uuid
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests

from footnote import paths
from footnote.serving.client import Conversation
from footnote.serving.servers import Bot
from tests.api.conftest import DESCRIPTION

HERE = Path(__file__).parent
FEW, MANY = 20, 2_800
"""Requests of each operation beside those that its schema's bounds ask for."""
LEAST_OF_MANY = 50_000
SAMPLE_SECONDS = 30.0
GROWTH = 100e6
"""Bytes that the server may take more after its first minute."""


def tried(bot: Bot, folder: Path, examples: int) -> dict[str, Any]:
    """Run schemathesis; return its report.

    Args:
        bot: the server; a conversation with a secret in it is begun there first.
        folder: where the report goes.
        examples: how many requests of each operation it makes up.
    """
    secret, report = f"zebra{uuid.uuid4().hex}", folder / "report.json"
    assert Conversation(bot.url).ask(f"my name is {secret}").kind != "error"
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", HERE / "schemathesis.toml"),
        *("run", DESCRIPTION, "--url", bot.url, "--exclude-tag", "platforms"),
        *("--phases", "examples,coverage,fuzzing", "--max-examples", examples),
        *("--generation-database", "none", "--request-timeout", 60),
        *("--report", "json", "--report-json-path", report, "--no-color"),
    ]
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(paths.ROOT), os.environ.get("PYTHONPATH", "")]),
            "SCHEMATHESIS_HOOKS": "tests.api.schemathesis_hooks",
            "FOOTNOTE_TEST_SECRET": secret,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    # Some of what it sends is long.
    assert done.returncode == 0, "\n".join(line[:300] for line in done.stdout.splitlines())
    told: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    assert told["complete"]
    assert told["operations"]["tested"] == told["operations"]["selected"] > 20
    return told


def in_good_health(bot: Bot) -> None:
    assert bot.server.poll() is None
    assert bot.actions.poll() is None
    assert Conversation(bot.url).ask("I can't breathe").kind == "emergency"
    assert Conversation(bot.url).ask("What is chemotherapy?").kind == "answer"
    assert requests.get(f"{bot.url}/health/ready", timeout=10).status_code == 200


def test_the_bot_answers_as_described(api_bot: Bot, tmp_path: Path) -> None:
    report = tried(api_bot, tmp_path, FEW)
    assert report["test_cases"]["generated"] > 500
    in_good_health(api_bot)


@pytest.mark.long
@pytest.mark.timeout(4 * 3600)
def test_fifty_thousand_requests_without_a_failure_or_growth(api_bot: Bot, tmp_path: Path) -> None:
    server, sizes, ended = psutil.Process(api_bot.server.pid), [], threading.Event()

    def watch() -> None:
        while not ended.wait(SAMPLE_SECONDS):
            sizes.append(server.memory_info().rss)

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        report = tried(api_bot, tmp_path, MANY)
    finally:
        ended.set()
        watching.join()
    print(
        f"\n{report['test_cases']['generated']} requests in {report['running_time'] / 60:.0f} min, "
        f"{sizes[1] / 1e6:.0f} MB after the first minute, {sizes[-1] / 1e6:.0f} MB after the last"
    )
    assert report["test_cases"]["generated"] >= LEAST_OF_MANY
    assert sizes[-1] < sizes[1] + GROWTH
    in_good_health(api_bot)
