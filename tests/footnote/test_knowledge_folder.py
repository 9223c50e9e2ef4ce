"""Another knowledge folder is served by the same model as long as no entry comes or goes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from footnote import paths
from footnote.serving.training import fingerprint
from tests.helpers.folder import article_folder, change, copy_of_knowledge


def test_the_environment_names_another_folder(tmp_path: Path) -> None:
    code = "from footnote import paths; print(paths.KNOWLEDGE)"
    env = {**os.environ, "PYTHONPATH": str(paths.ROOT)}
    for value, expected in ((str(tmp_path), tmp_path), (" ", paths.ROOT / "knowledge")):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**env, paths.KNOWLEDGE_FOLDER: value},
            capture_output=True,
            text=True,
            check=True,
        )
        assert Path(done.stdout.strip()) == expected.resolve()


def test_a_copy_wants_the_same_model_and_one_with_other_entries_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = fingerprint()
    folder = copy_of_knowledge(tmp_path)
    monkeypatch.setattr(paths, "KNOWLEDGE", folder)
    entries = article_folder(folder) / "entries" / "surgery.yml"
    change(entries, lambda data: data[0].update(answer="That depends."))
    assert fingerprint() == own
    change(entries, lambda data: data[0].update(question="When do they operate?"))
    assert fingerprint() != own
