"""Copies of the project's knowledge folder that a test may break."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from footnote import paths


def copy_of_knowledge(tmp_path: Path) -> Path:
    """Return a copy of `knowledge/` in a temporary folder."""
    return Path(shutil.copytree(paths.KNOWLEDGE, tmp_path / "knowledge"))


def article_folder(folder: Path) -> Path:
    """Return the folder of the one article in a knowledge folder."""
    return next(folder.glob("*/article.yml")).parent


def change(path: Path, edit: Callable[[Any], Any]) -> None:
    """Change a YAML file's data in place."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    edit(data)
    path.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")
