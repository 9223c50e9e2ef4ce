"""Put a file of questions to the running bot over REST and print the scores."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

from footnote import paths
from footnote.evaluation.scores import Given, Question, Scores, score
from footnote.knowledge import load_knowledge
from footnote.serving.client import Conversation
from footnote.serving.environment import ServeError
from footnote.serving.servers import running
from footnote.serving.training import ensure_model

SHOWN_FAILURES = 60
LOWER_IS_BETTER = ("wrong answer", "false alarm", "clarify")


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


def evaluate(data: str, url: str | None = None) -> int:
    """Score the bot on a file of questions.

    Args:
        data: the file.
        url: a running bot's address; without one, a bot is started for it.
    """
    path = Path(data)
    questions = read(path)
    if url:
        try:
            replies = ask(url.rstrip("/"), questions)
        except requests.RequestException as error:
            raise ServeError(f"{url}: no bot answers there ({type(error).__name__})") from None
    else:
        model = ensure_model()
        with tempfile.TemporaryDirectory() as folder:
            log, database = Path(folder) / "log", str(Path(folder) / "evaluation.db")
            with running(model, database=database, log=log) as bot:
                replies = ask(bot.url, questions)
    scores = score(questions, replies, load_knowledge())
    show(scores, len(questions), path)
    written = write(scores, path)
    print(f"\nWritten to {written}")
    return 0


def show(scores: Scores, count: int, path: Path) -> None:
    """Print the scores, by section too, and the failures."""
    print(f"\n{count} questions of {path.name}\n")
    for name, share in scores.shares.items():
        mark = "  (lower is better)" if name in LOWER_IS_BETTER else ""
        value = "-" if share.value is None else f"{share.value:6.1%}"
        print(f"  {name:30} {value}  {share.right:4} of {share.of}{mark}")
    print("\nRight (in full, or in kind), by section:")
    for name, share in sorted(scores.sections.items()):
        print(f"  {name:30} {share.value or 0:6.1%}  {share.right:4} of {share.of}")
    if scores.failures:
        print(f"\n{len(scores.failures)} not right:")
    for failure in scores.failures[:SHOWN_FAILURES]:
        wanted = " ".join([failure["kind"], *failure["must"]])
        got = " ".join([failure["got"], *failure["sources"]])
        before = " / ".join([*failure["context"], ""])
        print(f"  {failure['id']}: {before}{failure['message']}")
        print(f"      want {wanted}\n      got  {got}")


def write(scores: Scores, path: Path) -> Path:
    """Write the scores as JSON and return where."""
    folder = paths.RESULTS / "evaluation"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{path.stem}.json"
    content = json.dumps(scores.as_dict(), indent=1, ensure_ascii=False)
    target.write_text(content, encoding="utf-8")
    return target.relative_to(paths.ROOT)
