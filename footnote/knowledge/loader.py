"""Read a knowledge folder from disk into a checked `KnowledgeBase`.

The only I/O of the knowledge base is here. Every error names the file, the place in
it and the reason, in words for the person who edited it. A file that is as it was is not
read again: of thousands of entries an edit concerns one file, and a process loads the base
for each of its parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar, cast

import yaml
from pydantic import BaseModel, ValidationError, parse_obj_as

from footnote import paths
from footnote.knowledge.base import KnowledgeBase
from footnote.knowledge.models import Article, Aspect, Entry, EntryData, Helplines, Note, Topic

Model = TypeVar("Model", bound=BaseModel)
Made = TypeVar("Made")
ENTRIES = "entries"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_seen: dict[Path, tuple[tuple[int, int], Any]] = {}
"""What each file held when it was read last, with its time and size then; nobody changes it."""


class KnowledgeError(Exception):
    """The knowledge base cannot be used; `problems` says where and why, one line each."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


def load_knowledge(folder: Path | None = None) -> KnowledgeBase:
    """Load and check the knowledge base.

    Args:
        folder: the folder that holds helplines.yml and one folder an article
            (default: the project's `knowledge/`).

    Returns:
        The knowledge base of the one article in the folder.

    Raises:
        KnowledgeError: a file is missing or malformed, or ids do not fit together.
    """
    folder = folder or paths.KNOWLEDGE
    article_folder = _only_article(folder)
    article = _of(article_folder / "article.yml", lambda path: _parse(Article, path))
    topics = _of(article_folder / "topics.yml", lambda path: _parse_list(Topic, path))
    aspects = _of(article_folder / "aspects.yml", lambda path: _parse_list(Aspect, path))
    notes = _of(article_folder / "notes.yml", lambda path: _parse_list(Note, path))
    helplines = _of(folder / "helplines.yml", lambda path: _parse(Helplines, path))
    files = sorted((article_folder / ENTRIES).glob("*.yml"))
    entries = [entry for path in files for entry in _of(path, _parse_entries)]
    knowledge = KnowledgeBase(article, topics, aspects, entries, notes, helplines)
    problems = knowledge.problems()
    if problems:
        raise KnowledgeError(problems)
    return knowledge


def _only_article(folder: Path) -> Path:
    found = sorted(path.parent for path in folder.glob("*/article.yml"))
    if len(found) == 1:
        return found[0]
    if not found:
        raise KnowledgeError([f"{folder}: no article here; expected a folder with article.yml"])
    names = ", ".join(path.name for path in found)
    raise KnowledgeError([f"{folder}: one article at a time, but there are {names}"])


def _of(path: Path, parse: Callable[[Path], Made]) -> Made:
    """Return what a file holds, parsed only if it changed since it was read last."""
    try:
        stat = path.stat()
    except OSError:
        return parse(path)
    stamp = (stat.st_mtime_ns, stat.st_size)
    known = _seen.get(path)
    if known is None or known[0] != stamp:
        known = _seen[path] = (stamp, parse(path))
    return cast(Made, known[1])


def _parse_entries(path: Path) -> list[Entry]:
    # Checked as the file's data already; that there is such a topic is checked with all the rest.
    return [Entry.construct(topic=path.stem, **dict(data)) for data in _parse_list(EntryData, path)]


def _read(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except FileNotFoundError:
        raise KnowledgeError([f"{_name(path)}: the file is missing"]) from None
    except UnicodeDecodeError as error:
        raise KnowledgeError([f"{_name(path)}: not UTF-8 text ({error.reason})"]) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        reason = getattr(error, "problem", None) or str(error)
        raise KnowledgeError([f"{_name(path)}{line}: not valid YAML: {reason}"]) from None


def _parse(model: type[Model], path: Path) -> Model:
    try:
        return parse_obj_as(model, _read(path))
    except ValidationError as error:
        raise KnowledgeError(_explain(path, error, None)) from None


def _parse_list(model: type[Model], path: Path) -> list[Model]:
    data = _read(path)
    if not isinstance(data, list):
        raise KnowledgeError([f"{_name(path)}: expected a list (lines that start with '- ')"])
    try:
        return parse_obj_as(list[model], data)  # type: ignore[valid-type]
    except ValidationError as error:
        raise KnowledgeError(_explain(path, error, data)) from None


def _explain(path: Path, error: ValidationError, data: list[Any] | None) -> list[str]:
    """Turn pydantic's errors into lines with file, item, field and reason."""
    lines = []
    for problem in error.errors():
        place = [str(part) for part in problem["loc"] if part != "__root__"]
        if data is not None and place and place[0].isdigit():
            item = data[int(place[0])]
            known = item.get("id") or item.get("aspect") if isinstance(item, dict) else None
            place[0] = str(known) if known else f"item {int(place[0]) + 1}"
        lines.append(f"{_name(path)}: {' > '.join(place) or 'the file'}: {problem['msg']}")
    return lines


def _name(path: Path) -> str:
    try:
        return str(path.resolve().relative_to(paths.ROOT))
    except ValueError:
        return str(path)
