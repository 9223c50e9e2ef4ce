"""Read messages with a trained model, without a server: what Rasa's parse data says of each.

The reply's payload has no confidence, and no HTTP route tells it; the parse data has it. A
process of its own reads the messages, since only the start of one decides whether TensorFlow is
there: `python -m footnote.evaluation.parsing MODEL MESSAGES.json PARSED.json`.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from footnote import paths, without_tensorflow
from footnote.serving.environment import ServeError, environment


def parse(model: Path, messages: Sequence[str], tensorflow: bool = False) -> list[dict[str, Any]]:
    """Return the parse data of messages, each with nothing before it.

    Args:
        model: a trained model (`.tar.gz`).
        messages: any number of texts.
        tensorflow: whether the model's pipeline needs it.

    Raises:
        ServeError: the model could not be loaded or could not read; Rasa's output is in it.
    """
    with tempfile.TemporaryDirectory(prefix="footnote-") as scratch:
        asked, parsed = Path(scratch) / "messages.json", Path(scratch) / "parsed.json"
        asked.write_text(json.dumps(list(messages)), encoding="utf-8")
        command = [sys.executable, "-m", "footnote.evaluation.parsing"]
        done = subprocess.run(
            [*command, str(model), str(asked), str(parsed)],
            cwd=paths.ROOT,
            env=environment(tensorflow=tensorflow),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise ServeError(f"{model.name} could not be read with:\n{done.stderr or done.stdout}")
        found: list[dict[str, Any]] = json.loads(parsed.read_text(encoding="utf-8"))
    return found


async def _parse_all(model: str, messages: Sequence[str]) -> list[dict[str, Any]]:
    from rasa.core.agent import Agent

    agent = Agent.load(model)
    kept = ("intent", "intent_ranking", "understanding")
    found = []
    for message in messages:
        data = await agent.parse_message(message)
        found.append({name: data[name] for name in kept if name in data})
    return found


def main(model: str, asked: str, parsed: str) -> None:
    """Parse the messages of a JSON file into another."""
    without_tensorflow.install()
    messages = json.loads(Path(asked).read_text(encoding="utf-8"))
    found = asyncio.run(_parse_all(model, messages))
    Path(parsed).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
