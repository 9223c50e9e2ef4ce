"""Put a file of questions to the running bot over REST, print the scores and write a report."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import requests

from footnote import paths
from footnote.evaluation import pictures, tables
from footnote.evaluation.parsing import parse
from footnote.evaluation.reliability import Bin, bins, calibration_error, confidence_of
from footnote.evaluation.report import Picture, Report
from footnote.evaluation.scores import (
    Given,
    Question,
    Scores,
    answered_in_full,
    right_kind,
    score,
)
from footnote.evaluation.typing import AS_TYPED, WAYS
from footnote.knowledge import load_knowledge
from footnote.serving.client import Conversation
from footnote.serving.environment import ServeError
from footnote.serving.servers import running
from footnote.serving.training import ensure_model

SHOWN_FAILURES = 60


def read(path: Path) -> list[Question]:
    """Read questions, one JSON object a line.

    Raises:
        ServeError: the file is missing or a line cannot be used; the message names it.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ServeError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise ServeError(f"{path}: cannot be read (it is not UTF-8 text)") from None
    questions = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            questions.append(Question.of(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
            raise ServeError(f"{path}, line {number}: no question in it ({reason})") from None
    if not questions:
        raise ServeError(f"{path}: there is no question in it")
    return questions


def ask(url: str, questions: Sequence[Question]) -> list[Given]:
    """Ask each question in a conversation of its own, its context first."""

    def one(question: Question) -> Given:
        with requests.Session() as session:
            conversation = Conversation(url, session=session)
            for earlier in question.context:
                conversation.ask(earlier)
            answer = conversation.ask(question.message)
        return Given(answer.text, tuple(answer.payloads))

    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(one, questions))


def typed(questions: Sequence[Question], way: Callable[[str], str]) -> list[Question]:
    """Return questions, and what was said before them, as somebody types who types that way."""
    return [
        replace(
            question,
            message=way(question.message),
            context=tuple(way(text) for text in question.context),
        )
        for question in questions
    ]


@contextmanager
def bot_to_ask(url: str | None, model: Path | None) -> Iterator[str]:
    """Give the address of a running bot: the one named, or one started for the time being.

    Raises:
        ServeError: no bot answers at the address named.
    """
    if url or model is None:
        try:
            yield (url or "").rstrip("/")
        except requests.RequestException as error:
            raise ServeError(f"{url}: no bot answers there ({type(error).__name__})") from None
        return
    with tempfile.TemporaryDirectory() as folder:
        log, database = Path(folder) / "log", str(Path(folder) / "evaluation.db")
        with running(model, database=database, log=log) as bot:
            yield bot.url


def evaluate(data: str, url: str | None = None, robust: bool = False) -> int:
    """Score the bot on a file of questions.

    Args:
        data: the file.
        url: a running bot's address; without one, a bot is started for it. Confidences are
            read with the model that is here, so there are none for a bot elsewhere.
        robust: also ask each question with typos, without punctuation and in capitals.
    """
    path = Path(data)
    questions = read(path)
    model = None if url else ensure_model()
    asked = {
        name: typed(questions, way) for name, way in WAYS.items() if robust or name == AS_TYPED
    }
    with bot_to_ask(url, model) as address:
        replies = {name: ask(address, variant) for name, variant in asked.items()}
    knowledge = load_knowledge()
    runs = {name: score(asked[name], replies[name], knowledge) for name in asked}
    curves = reliability(model, questions, replies[AS_TYPED]) if model else {}
    report = report_of(path, questions, runs, curves)
    for table in report.tables:
        print(table.as_text())
    print(tables.failure_lines(runs[AS_TYPED].failures, SHOWN_FAILURES))
    folder = write(path.stem, report, runs, curves)
    print(f"\nWritten to {folder}; open {folder / 'report.html'} in a browser.")
    return 0


def reliability(
    model: Path, questions: Sequence[Question], replies: Sequence[Given]
) -> dict[str, list[Bin]]:
    """Hold what the pipeline was sure of against what was right, for questions without context.

    Returns:
        The bins of two curves: whether the kind was right, which is what the confidence is of,
        and whether the whole reply was.
    """
    alone = [
        (question, given)
        for question, given in zip(questions, replies, strict=True)
        if not question.context
    ]
    parsed = parse(model, [question.message for question, _ in alone])
    pairs: dict[str, list[tuple[float, bool]]] = {"right kind": [], "right in full": []}
    for (question, given), data in zip(alone, parsed, strict=True):
        confidence = confidence_of(data)
        if confidence is None:
            continue
        kind = right_kind(question, given)
        full = answered_in_full(question, given) if question.kind == "answer" else kind
        pairs["right kind"].append((confidence, kind))
        pairs["right in full"].append((confidence, full))
    return {name: bins(found) for name, found in pairs.items()}


def report_of(
    path: Path,
    questions: Sequence[Question],
    runs: Mapping[str, Scores],
    curves: Mapping[str, Sequence[Bin]],
) -> Report:
    """Return the report without its pictures.

    Args:
        path: the file of questions.
        questions: what was asked.
        runs: the scores by the way of typing, `AS_TYPED` first.
        curves: see `reliability`; none where there is no confidence.
    """
    scores = runs[AS_TYPED]
    report = Report(
        f"Evaluation on {path.name}",
        [f"{len(questions)} questions; tests/evaluation/README.md defines the scores."],
        failures=scores.failures,
        asked=len(questions),
    )
    report.tables.append(tables.of_scores(scores, f"{len(questions)} questions of {path.name}"))
    if len(runs) > 1:
        title = "The same questions, typed otherwise (loss in points)"
        report.tables.append(tables.side_by_side(runs, title, losses=True))
    report.tables += tables.of_groups(scores)
    for name, found in curves.items():
        error = tables.percent(calibration_error(found))
        title = f"Confidence against {name}: expected calibration error {error}"
        report.tables.append(tables.of_bins(found, title))
    return report


def write(
    name: str, report: Report, runs: Mapping[str, Scores], curves: Mapping[str, Sequence[Bin]]
) -> Path:
    """Write pictures, figures (JSON) and the report; return their folder, from the root."""
    folder = paths.RESULTS / "evaluation" / name
    folder.mkdir(parents=True, exist_ok=True)
    pictures.confusion(runs[AS_TYPED].confusion, folder / "confusion.png")
    report.pictures.append(Picture("Kinds expected and given", folder / "confusion.png"))
    if any(curves.values()):
        pictures.reliability(curves, folder / "reliability.png")
        report.pictures.append(
            Picture("Confidence against share right", folder / "reliability.png")
        )
    figures: dict[str, Any] = runs[AS_TYPED].as_dict()
    figures["reliability"] = {
        curve: {
            "calibration_error": calibration_error(found),
            "bins": [asdict(each) for each in found],
        }
        for curve, found in curves.items()
    }
    figures["typed otherwise"] = {
        way: scores.as_dict()["scores"] for way, scores in runs.items() if way != AS_TYPED
    }
    content = json.dumps(figures, indent=1, ensure_ascii=False)
    (folder / "scores.json").write_text(content, encoding="utf-8")
    (folder / "report.html").write_text(report.as_html(), encoding="utf-8")
    return folder.relative_to(paths.ROOT)
