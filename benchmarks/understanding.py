"""How well Rasa's recommended pipeline understands people, trained on the same questions.

Each label of ours, a cell of the grid or an intent, becomes one flat intent. What the pipeline
says of a message is turned into the reply that it would mean, and scored as ours is. Messages
with others before them are left out: there is nothing in a label to resolve them with.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from benchmarks import recommended
from benchmarks.recommended import MODEL, Training
from footnote import paths
from footnote.evaluation import pictures, tables
from footnote.evaluation.meaning import Replier, kinds, understanding_of
from footnote.evaluation.parsing import parse
from footnote.evaluation.reliability import Bin, bins, calibration_error
from footnote.evaluation.report import Picture, Report
from footnote.evaluation.run import ask, bot_to_ask, read
from footnote.evaluation.scores import Given, Question, Scores, right_kind, score
from footnote.knowledge import load_knowledge
from footnote.nlu.grounding import CLARIFY_INTENT
from footnote.serving.training import ensure_model

KEPT = paths.STATE / "evaluation"
BETWEEN = "__"
"""Between an intent and its topic in a flat intent's name: a slash means something to Rasa."""
OURS, THEIRS = "footnote", "recommended"


def flat(nlu: Mapping[str, Any]) -> dict[str, Any]:
    """Return training data with one intent a label, from ours with a topic or aspect aside."""
    blocks = []
    for block in nlu["nlu"]:
        aside = block.get("metadata") or {}
        qualifier = aside.get("topic") or aside.get("aspect")
        name = BETWEEN.join([block["intent"], qualifier] if qualifier else [block["intent"]])
        blocks.append({"intent": name, "examples": block["examples"]})
    return {"version": nlu["version"], "nlu": blocks}


def label_of(intent: str) -> str:
    """Return the label that a flat intent stands for."""
    return intent.replace(BETWEEN, "/")


def project(epochs: int, share: int) -> Path:
    """Return the project's folder, named after the hash of its data and settings."""
    config = recommended.config(epochs)
    del config["policies"]
    files = {
        "config.yml": yaml.safe_dump(config, sort_keys=False),
        "data/nlu.yml": yaml.safe_dump(flat(recommended.questions(share)), sort_keys=False),
    }
    return recommended.written(KEPT, files)


def trained(epochs: int, share: int) -> tuple[Path, Training]:
    """Return the trained model and what its training cost, training it where there is none.

    Raises:
        ServeError: training failed; the message names the log.
    """
    folder = project(epochs, share)
    timing, model = folder / "training.json", folder / "models" / MODEL
    if timing.exists() and model.exists():
        return model, Training(**json.loads(timing.read_text(encoding="utf-8")))
    print("Training Rasa's recommended pipeline (hours at 100 epochs) ...", flush=True)
    training = recommended.train_in(folder, epochs, share, "train", "nlu", "--nlu", "data")
    return model, training


def compare(data: str, epochs: int, share: int) -> int:
    """Score both bots on a file's questions and print them side by side.

    Args:
        data: the file of questions.
        epochs, share: of the comparison's training; see `benchmarks.recommended`.
    """
    path = Path(data)
    questions = [question for question in read(path) if not question.context]
    model, training = trained(epochs, share)
    parsed = parse(model, [question.message for question in questions], tensorflow=True)
    knowledge = load_knowledge()
    replier = Replier(knowledge, kinds())
    theirs = [
        replier.reply(understanding_of(label_of(data["intent"]["name"] or ""), knowledge), "")
        for data in parsed
    ]
    with bot_to_ask(None, ensure_model()) as url:
        ours = ask(url, questions)
    runs = {OURS: score(questions, ours, knowledge), THEIRS: score(questions, theirs, knowledge)}
    curve = reliability(questions, theirs, parsed)
    report = report_of(path, questions, runs, curve, training)
    for line in report.facts:
        print(f"\n{line}")
    for table in report.tables:
        print(table.as_text())
    written = write(path.stem, report, runs, curve)
    print(f"\nWritten to {written}; open it in a browser.")
    return 0


def reliability(
    questions: Sequence[Question], replies: Sequence[Given], parsed: Sequence[Mapping[str, Any]]
) -> list[Bin]:
    """Hold the comparison's confidence against whether the kind was right; see ours."""
    return bins(
        (float(data["intent"]["confidence"]), right_kind(question, given))
        for question, given, data in zip(questions, replies, parsed, strict=True)
        if data["intent"]["name"] != CLARIFY_INTENT
    )


def report_of(
    path: Path,
    questions: Sequence[Question],
    runs: Mapping[str, Scores],
    curve: Sequence[Bin],
    training: Training,
) -> Report:
    """Return the report without its pictures."""
    short = f" ({training.described})" if training.described else ""
    report = Report(
        f"{path.name}: Footnote beside Rasa's recommended pipeline",
        [
            f"{len(questions)} questions that need no context. Ours was asked over REST; the "
            "comparison's labels were turned into the replies that they would mean.",
            f"The comparison was trained on the same questions in {training.seconds:.0f} s{short}.",
        ],
    )
    report.tables.append(tables.side_by_side(runs, "Both on the same questions"))
    report.tables += [tables.groups_beside(runs, group) for group in runs[OURS].groups]
    if curve:
        error = tables.percent(calibration_error(curve))
        title = (
            f"The comparison's confidence against right kind: expected calibration error {error}"
        )
        report.tables.append(tables.of_bins(curve, title))
    return report


def write(name: str, report: Report, runs: Mapping[str, Scores], curve: Sequence[Bin]) -> Path:
    """Write pictures, figures (JSON) and the report; return the report's path from the root."""
    folder = paths.RESULTS / "evaluation" / name
    drawn = folder / "recommended-confusion.png"
    pictures.confusion(runs[THEIRS].confusion, drawn)
    report.pictures.append(Picture("The comparison: kinds expected and given", drawn))
    if curve:
        drawn = folder / "recommended-reliability.png"
        pictures.reliability({"right kind": curve}, drawn)
        report.pictures.append(Picture("The comparison: confidence against share right", drawn))
    figures = {name: scores.as_dict() for name, scores in runs.items()}
    content = json.dumps(figures, indent=1, ensure_ascii=False)
    (folder / "recommended.json").write_text(content, encoding="utf-8")
    target = folder / "recommended.html"
    target.write_text(report.as_html(), encoding="utf-8")
    return target.relative_to(paths.ROOT)
