"""The comparison bot: made from our data, kept under a hash of it, named for what it is."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest
import yaml

from benchmarks import recommended
from benchmarks.recommended import MODEL, Training, project, trained


@pytest.fixture(autouse=True)
def _kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recommended, "KEPT", tmp_path)


def keep(epochs: int, share: int) -> None:
    """Pretend that a training ended."""
    folder = project(epochs, share)
    (folder / "models").mkdir()
    (folder / "models" / MODEL).touch()
    training = Training(10.0, 20.0, epochs, share)
    (folder / "training.json").write_text(json.dumps(asdict(training)), encoding="utf-8")


def test_it_has_rasas_pipeline_with_as_many_epochs_as_asked_for() -> None:
    config = yaml.safe_load((project(3, 10) / "config.yml").read_text(encoding="utf-8"))
    parts = {part["name"]: part for part in [*config["pipeline"], *config["policies"]]}
    assert {parts[name]["epochs"] for name in ("DIETClassifier", "TEDPolicy")} == {3}
    assert "epochs" not in parts["RulePolicy"]


def test_a_share_of_the_questions_keeps_every_intent() -> None:
    def blocks(share: int) -> list[dict[str, str]]:
        text = (project(1, share) / "data" / "nlu.yml").read_text(encoding="utf-8")
        return list(yaml.safe_load(text)["nlu"])

    whole, few = blocks(1), blocks(10)
    assert [block["intent"] for block in few] == [block["intent"] for block in whole]
    count = [sum(len(b["examples"].splitlines()) for b in found) for found in (whole, few)]
    assert 8 < count[0] / count[1] < 11


def test_nothing_trained_is_told_as_such() -> None:
    assert trained() is None
    project(1, 10)
    assert trained() is None


def test_the_most_complete_training_is_taken() -> None:
    keep(1, 10)
    keep(2, 10)
    keep(2, 5)
    found = trained()
    assert found is not None
    assert (found[1].epochs, found[1].share) == (2, 5)


def test_a_training_on_other_data_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    keep(1, 10)
    monkeypatch.setattr(recommended, "MODEL", "other.tar.gz")
    files = recommended._files
    monkeypatch.setattr(recommended, "_files", lambda e, s: {**files(e, s), "domain.yml": "new"})
    assert trained() is None


@pytest.mark.parametrize(
    ("epochs", "share", "told"),
    [(100, 1, ""), (1, 1, "1 of 100 epochs"), (1, 10, "1 of 100 epochs, every 10th question")],
)
def test_a_shorter_training_is_named(epochs: int, share: int, told: str) -> None:
    assert Training(1.0, 1.0, epochs, share).described == told
