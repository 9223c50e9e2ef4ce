"""The comparison: Rasa's recommended pipeline on our data, with our actions.

It is trained once, which takes long (DIET on thousands of questions), and kept under a hash
of everything it was made of.
"""

from __future__ import annotations

import hashlib
import json
import resource
import shutil
import subprocess
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from footnote import paths
from footnote.knowledge import load_knowledge
from footnote.nlu import told
from footnote.serving.environment import ServeError, environment, rasa

CONFIG = Path(__file__).parent / "recommended.yml"
KEPT = paths.STATE / "bench"
EPOCHS = 100
"""What Rasa recommends."""
SHARE = 1
"""Train on every question; 10 would be every tenth."""
MODEL = "recommended.tar.gz"


@dataclass(frozen=True)
class Training:
    """What a training cost: seconds by the clock and of all cores, its epochs and questions."""

    seconds: float
    cpu_seconds: float
    epochs: int
    share: int

    @property
    def described(self) -> str:
        """How it differs from what Rasa recommends, or an empty text."""
        short = f"{self.epochs} of {EPOCHS} epochs" if self.epochs != EPOCHS else ""
        few = f"every {self.share}th question" if self.share != SHARE else ""
        return ", ".join(filter(None, (short, few)))


def project(epochs: int = EPOCHS, share: int = SHARE) -> Path:
    """Return the comparison bot's project folder, made from our data where it is new."""
    return written(KEPT, _files(epochs, share))


def written(kept: Path, files: dict[str, str]) -> Path:
    """Write a project's files into a folder named after their hash, and return it."""
    digest = hashlib.sha256(json.dumps(files, sort_keys=True).encode("utf-8")).hexdigest()
    folder = kept / f"recommended-{digest[:16]}"
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


def trained() -> tuple[Path, Training] | None:
    """Return the project trained on our present data, the most complete there is, or None."""
    found = []
    for timing in KEPT.glob("recommended-*/training.json"):
        training = Training(**json.loads(timing.read_text(encoding="utf-8")))
        if timing.parent == project(training.epochs, training.share):
            found.append((-training.epochs, training.share, timing.parent, training))
    return min(found)[2:] if found else None


def train(epochs: int = EPOCHS, share: int = SHARE) -> Training:
    """Train the comparison bot from nothing and keep it with what that cost.

    Args:
        epochs: of each component; how quick the bot replies does not depend on them.
        share: train on every `share`-th question of each intent only.

    Raises:
        ServeError: training failed; Rasa's output was shown.
    """
    folder = project(epochs, share)
    return train_in(folder, epochs, share, "train", "--skip-validation")


def train_in(folder: Path, epochs: int, share: int, *command: str) -> Training:
    """Train a project of Rasa's own components from nothing; keep its model and what that cost.

    Args:
        folder: the project's.
        epochs, share: what it was made with, to be kept.
        command: Rasa's command and options.

    Raises:
        ServeError: training failed; the message names the log.
    """
    for made in ("models", ".rasa"):
        shutil.rmtree(folder / made, ignore_errors=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    with (folder / "training.log").open("wb") as log:
        done = subprocess.run(
            rasa(*command, "--fixed-model-name", MODEL.split(".")[0]),
            cwd=folder,
            env=environment(tensorflow=True),
            stdout=log,
            stderr=log,
            check=False,
        )
    seconds = time.monotonic() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0 or not (folder / "models" / MODEL).exists():
        raise ServeError(f"The comparison bot could not be trained: see {folder}/training.log")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    training = Training(seconds, cpu, epochs, share)
    (folder / "training.json").write_text(json.dumps(asdict(training)), encoding="utf-8")
    return training


def _files(epochs: int, share: int) -> dict[str, str]:
    """Return the project's files: our data and domain, Rasa's pipeline."""
    rules = yaml.safe_load((paths.ROOT / "data" / "rules.yml").read_text(encoding="utf-8"))
    return {
        "config.yml": yaml.safe_dump(config(epochs), sort_keys=False),
        "domain.yml": (paths.ROOT / "domain.yml").read_text(encoding="utf-8"),
        "credentials.yml": "rest:\n",
        "data/nlu.yml": yaml.safe_dump(questions(share), sort_keys=False),
        "data/rules.yml": (paths.ROOT / "data" / "rules.yml").read_text(encoding="utf-8"),
        "data/stories.yml": yaml.safe_dump(_stories(rules), sort_keys=False),
    }


def config(epochs: int) -> dict[str, Any]:
    """Return the configuration that Rasa recommends, with other epochs."""
    found: dict[str, Any] = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))
    for component in [*found["pipeline"], *found["policies"]]:
        if "epochs" in component:
            component["epochs"] = epochs
    return found


def questions(share: int) -> dict[str, Any]:
    """Return our training questions: every `share`-th of each block, and at least two.

    What follows an answer has the title of its topic in front, as our own classifier reads it.
    """
    knowledge = load_knowledge()
    nlu = yaml.safe_load((paths.ROOT / "data" / "nlu.yml").read_text(encoding="utf-8"))
    blocks = []
    for block in nlu["nlu"]:
        lines = block["examples"].splitlines()
        kept = lines[::share] if len(lines) >= 2 * share else lines[:2]
        asked = [told.as_read(knowledge, line.removeprefix("- ")) for line in kept]
        blocks.append({**block, "examples": "".join(f"- {text}\n" for text in asked)})
    return {**nlu, "nlu": blocks}


def _stories(rules: dict[str, Any]) -> dict[str, Any]:
    """Return our rules as stories, since TED learns from stories alone."""
    # A story cannot say on which condition it holds, so a rule with one stays a rule only.
    stories = [
        {"story": f"story of: {rule['rule']}", "steps": rule["steps"]}
        for rule in rules["rules"]
        if "condition" not in rule
    ]
    return {"version": rules["version"], "stories": stories}
