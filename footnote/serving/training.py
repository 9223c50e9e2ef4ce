"""Train the model when, and only when, something that it is made of changed."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from footnote import paths
from footnote.knowledge import load_knowledge
from footnote.serving.environment import ServeError, environment, rasa

MODEL = "footnote.tar.gz"
STAMP = "footnote.sha256"


def _ingredients() -> Iterator[Path]:
    """Give the files that a model is made of; answers and notes are read live, not trained."""
    for name in ("config.yml", "domain.yml", "requirements.lock"):
        yield paths.ROOT / name
    for name in ("footnote/text.py", "footnote/english.py"):
        yield paths.ROOT / name
    for folder, pattern in (("data", "*.yml"), ("footnote/nlu", "*.py")):
        yield from sorted((paths.ROOT / folder).rglob(pattern))
    for name in ("topics.yml", "aspects.yml"):
        yield from sorted(paths.KNOWLEDGE.rglob(name))


def _name(path: Path) -> str:
    """Return a file's name in the project; the knowledge folder may lie elsewhere."""
    inside = paths.KNOWLEDGE.parent if paths.KNOWLEDGE in path.parents else paths.ROOT
    return str(path.relative_to(inside))


def fingerprint() -> str:
    """Return a hash of everything that a model is made of."""
    # Read first: a broken knowledge base has the clearer message.
    entries = load_knowledge().entries.values()
    digest = hashlib.sha256()
    for path in _ingredients():
        if not path.exists():
            raise ServeError(f"{_name(path)} is missing; restore it.")
        digest.update(_name(path).encode())
        digest.update(path.read_bytes())
    # Which entries there are, and their questions, decide; their answers do not.
    for entry in entries:
        digest.update(f"{entry.id}\n{entry.question}\n".encode())
    return digest.hexdigest()


def ensure_model(force: bool = False) -> Path:
    """Return a model that fits the files, training one where there is none.

    Args:
        force: train even if nothing changed.

    Raises:
        ServeError: training failed; Rasa's output was shown.
    """
    model, stamp = paths.MODELS / MODEL, paths.MODELS / STAMP
    expected = fingerprint()
    current = stamp.read_text(encoding="utf-8") if stamp.exists() else ""
    if model.exists() and current == expected and not force:
        return model
    print("Training the model (about a minute) ...", flush=True)
    started = time.monotonic()
    # The cache cannot see changed helper modules: it is not asked, and nothing is put into it.
    command = rasa(
        "train",
        "--force",
        "--out",
        str(paths.MODELS),
        "--fixed-model-name",
        "footnote",
        "--quiet",
        "--skip-validation",
    )
    done = subprocess.run(
        command,
        cwd=paths.ROOT,
        env={**environment(), "RASA_MAX_CACHE_SIZE": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0 or not model.exists():
        print(done.stdout, file=sys.stderr)
        raise ServeError("Training failed; the lines above say why.")
    stamp.write_text(expected, encoding="utf-8")
    print(f"Trained in {time.monotonic() - started:.0f} s.", flush=True)
    return model
