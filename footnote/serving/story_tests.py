"""Run Rasa's own tests: the stories, which must hold, and the held-out questions' report."""

from __future__ import annotations

import json
import subprocess

from footnote import paths
from footnote.serving.environment import environment, rasa
from footnote.serving.training import ensure_model

STORIES = "tests/test_stories.yml"
QUESTIONS = "tests/nlu.yml"
LEAST_ACCURACY = 0.75
"""Below this share of right intents on held-out questions something is broken."""


def run() -> int:
    """Test the stories and the held-out questions; return the exit code."""
    model = str(ensure_model())
    out = str(paths.RESULTS / "stories")
    stories = _rasa_test(
        "core",
        "--e2e",
        "--stories",
        STORIES,
        "--fail-on-prediction-errors",
        "--model",
        model,
        "--out",
        out,
    )
    if stories != 0:
        print(f"Story tests failed; see {out} and docs/stories.md.")
        return stories
    out = str(paths.RESULTS / "nlu")
    questions = _rasa_test("nlu", "--nlu", QUESTIONS, "--model", model, "--out", out)
    if questions != 0:
        return questions
    report = json.loads((paths.RESULTS / "nlu" / "intent_report.json").read_text("utf-8"))
    # Rasa leaves the accuracy out where micro average and accuracy differ in form.
    accuracy = float(report.get("accuracy", report.get("micro avg", {}).get("f1-score", 0.0)))
    print(f"Held-out questions ({QUESTIONS}): {accuracy:.1%} of intents right.")
    return 0 if accuracy >= LEAST_ACCURACY else 1


def _rasa_test(*arguments: str) -> int:
    command = rasa("test", *arguments)
    return subprocess.run(command, cwd=paths.ROOT, env=environment(), check=False).returncode
