"""The comparison of understanding: flat intents, kept under a hash, told beside ours."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest
import yaml

from benchmarks import understanding
from benchmarks.recommended import MODEL, Training
from benchmarks.understanding import OURS, THEIRS, flat, label_of, project, reliability, report_of
from footnote.evaluation.scores import Given, Question, score
from footnote.replies import bare_payload
from tests.helpers.garden import garden

NLU = {
    "version": "3.1",
    "nlu": [
        {"intent": "ask_light", "metadata": {"topic": "fern"}, "examples": "- a\n"},
        {"intent": "ask_light", "examples": "- b\n"},
        {"intent": "follow_up", "metadata": {"aspect": "hair-loss"}, "examples": "- c\n"},
    ],
}


@pytest.fixture(autouse=True)
def _kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(understanding, "KEPT", tmp_path)


def test_each_label_is_an_intent_and_can_be_read_back() -> None:
    names = [block["intent"] for block in flat(NLU)["nlu"]]
    assert names == ["ask_light__fern", "ask_light", "follow_up__hair-loss"]
    assert [label_of(name) for name in names] == [
        "ask_light/fern",
        "ask_light",
        "follow_up/hair-loss",
    ]


def test_the_project_has_rasas_pipeline_and_every_label_of_ours() -> None:
    folder = project(3, 100)
    config = yaml.safe_load((folder / "config.yml").read_text(encoding="utf-8"))
    epochs = {part["name"]: part.get("epochs") for part in config["pipeline"]}
    assert epochs["DIETClassifier"] == 3
    assert "policies" not in config
    blocks = yaml.safe_load((folder / "data" / "nlu.yml").read_text(encoding="utf-8"))["nlu"]
    names = [block["intent"] for block in blocks]
    assert len(set(names)) == len(names) > 150
    # A slash in an intent's name would make it a retrieval intent.
    assert not any("/" in name for name in names)


def test_what_was_trained_on_the_same_is_not_trained_again(monkeypatch: pytest.MonkeyPatch) -> None:
    trainings: list[Path] = []

    def train_in(folder: Path, epochs: int, share: int, *_command: str) -> Training:
        trainings.append(folder)
        (folder / "models").mkdir()
        (folder / "models" / MODEL).touch()
        training = Training(10.0, 20.0, epochs, share)
        (folder / "training.json").write_text(json.dumps(asdict(training)), encoding="utf-8")
        return training

    monkeypatch.setattr(understanding.recommended, "train_in", train_in)
    first, again = understanding.trained(1, 100), understanding.trained(1, 100)
    assert first == again
    assert first[0].exists()
    understanding.trained(2, 100)
    assert len(trainings) == 2


def replies(*kinds: str) -> list[Given]:
    return [Given("", (bare_payload(kind),)) for kind in kinds]


def test_the_comparison_is_sure_of_its_label_but_not_of_asking_back() -> None:
    questions = [Question(str(number), "m", "social") for number in range(3)]
    names = ("greet", "thanks", "nlu_fallback")
    parsed = [{"intent": {"name": name, "confidence": 0.8}} for name in names]
    found = reliability(questions, replies("social", "out_of_scope", "clarify"), parsed)
    assert [(each.count, each.right) for each in found] == [(2, 0.5)]


def test_both_are_told_side_by_side_with_how_the_comparison_was_trained() -> None:
    questions = [Question("a-1", "m", "social"), Question("b-1", "m", "not_covered")]
    runs = {
        OURS: score(questions, replies("social", "not_covered"), garden()),
        THEIRS: score(questions, replies("social", "clarify"), garden()),
    }
    report = report_of(Path("x.jsonl"), questions, runs, [], Training(9.0, 9.0, 1, 60))
    assert "1 of 100 epochs, every 60th question" in " ".join(report.facts)
    assert ("kind", "100.0%", "50.0%") in report.tables[0].rows
    assert report.tables[1].rows == (
        ("not_covered", "100.0%", "0.0%", "1"),
        ("social", "100.0%", "100.0%", "1"),
    )
