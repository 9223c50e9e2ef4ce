"""Generated knowledge bases are valid ones, of the size asked for, the same each time."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from benchmarks import generated
from footnote import paths
from footnote.knowledge import KnowledgeBase, load_knowledge


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generated.write(tmp_path_factory.mktemp("generated") / "knowledge", 400)


@pytest.fixture(scope="module")
def knowledge(folder: Path) -> KnowledgeBase:
    return load_knowledge(folder)


def test_it_loads_with_as_many_entries_sentences_and_terms(knowledge: KnowledgeBase) -> None:
    assert len(knowledge.entries) == len(knowledge.sentences) == 400
    terms = [t for topic in knowledge.topics.values() for t in (*topic.terms, *topic.misspellings)]
    assert len(set(terms)) == 400


def test_no_two_entries_ask_the_same(knowledge: KnowledgeBase) -> None:
    assert len({entry.question for entry in knowledge.entries.values()}) == 400


def test_each_entry_asks_for_an_intent_of_the_domain(knowledge: KnowledgeBase) -> None:
    domain = yaml.safe_load((paths.ROOT / "domain.yml").read_text(encoding="utf-8"))
    asked = {f"ask_{entry.aspect.replace('-', '_')}" for entry in knowledge.entries.values()}
    assert len(asked) == generated.ASPECTS
    assert asked <= set(domain["intents"])


def test_a_second_one_is_the_same(folder: Path, tmp_path: Path) -> None:
    again = generated.write(tmp_path / "knowledge", 400)
    assert {p.relative_to(again): p.read_bytes() for p in again.rglob("*.yml")} == {
        p.relative_to(folder): p.read_bytes() for p in folder.rglob("*.yml")
    }


@pytest.mark.parametrize("entries", [0, 5, 41])
def test_a_size_that_cannot_be_is_refused(entries: int, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="multiple of 10"):
        generated.write(tmp_path / "knowledge", entries)
    assert not list(tmp_path.iterdir())
