"""A mistake in a hand-edited file is one clear line: file, place in it, reason."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from footnote import paths
from footnote.knowledge import KnowledgeError, load_knowledge
from tests.helpers.folder import article_folder, change, copy_of_knowledge

CHEMO = "entries/chemotherapy.yml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_of_knowledge(tmp_path)


def problems(folder: Path) -> str:
    with pytest.raises(KnowledgeError) as raised:
        load_knowledge(folder)
    assert str(raised.value) == "\n".join(raised.value.problems)
    return str(raised.value)


def item(data: list[dict[str, Any]], key: str) -> dict[str, Any]:
    return next(one for one in data if key in (one.get("id"), one.get("aspect")))


def setting(key: str, field: str, value: Any) -> Callable[[Any], None]:
    def edit(data: list[dict[str, Any]]) -> None:
        item(data, key)[field] = value

    return edit


def test_a_copy_of_the_folder_loads_like_the_folder(folder: Path) -> None:
    assert load_knowledge(folder).entries == load_knowledge().entries


@pytest.mark.parametrize("name", ["topics.yml", "aspects.yml", "notes.yml", CHEMO])
def test_malformed_yaml_names_file_and_line(folder: Path, name: str) -> None:
    path = article_folder(folder) / name
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, "- id: x", "  terms: [a, b", "- id: y"]), encoding="utf-8")
    message = problems(folder)
    assert f"{name}, line " in message
    assert "not valid YAML" in message
    line = int(message.partition(", line ")[2].partition(":")[0])
    assert len(lines) < line <= len(lines) + 3


@pytest.mark.parametrize("name", ["topics.yml", "aspects.yml", "notes.yml", "../helplines.yml"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (article_folder(folder) / name).unlink()
    assert problems(folder).endswith(f"{Path(name).name}: the file is missing")


@pytest.mark.parametrize("name", ["topics.yml", CHEMO])
def test_a_file_that_is_no_list_is_named(folder: Path, name: str) -> None:
    (article_folder(folder) / name).write_text("id: alone\n", encoding="utf-8")
    assert f"{name}: expected a list" in problems(folder)


def test_a_file_that_is_not_utf_8_is_named(folder: Path) -> None:
    (article_folder(folder) / "notes.yml").write_bytes(b"- id: caf\xe9\n")
    assert "notes.yml: not UTF-8" in problems(folder)


@pytest.mark.parametrize(
    ("name", "edit", "expected"),
    [
        pytest.param(
            CHEMO,
            setting("forms", "anwser", "x"),
            ["forms > anwser", "extra fields not permitted"],
            id="unknown key",
        ),
        pytest.param(
            "topics.yml",
            setting("surgery", "trems", ["x"]),
            ["surgery > trems", "extra fields not permitted"],
            id="unknown key of a topic",
        ),
        pytest.param(
            CHEMO,
            lambda data: item(data, "forms").pop("answer"),
            ["forms > answer", "field required"],
            id="missing key",
        ),
        pytest.param(
            CHEMO,
            setting("forms", "sources", ["chemotherapy.99"]),
            ["chemotherapy/forms: sources", "no sentence 'chemotherapy.99'"],
            id="unknown source",
        ),
        pytest.param(
            CHEMO,
            setting("forms", "sources", []),
            ["forms > sources", "at least 1"],
            id="no source",
        ),
        pytest.param(
            CHEMO,
            setting("forms", "sources", ["chemotherapy.2", "chemotherapy.2"]),
            ["forms > sources", "names chemotherapy.2 twice"],
            id="a source twice",
        ),
        pytest.param(
            CHEMO,
            setting("forms", "aspect", "reach"),
            ["entry chemotherapy/reach", "two entries share this cell"],
            id="two entries in one cell",
        ),
        pytest.param(
            CHEMO,
            setting("forms", "aspect", "colour"),
            ["chemotherapy/colour", "aspects.yml has no aspect 'colour'"],
            id="unknown aspect",
        ),
        pytest.param(
            CHEMO,
            setting("forms", "next", ["chemotherapy/colour"]),
            ["chemotherapy/forms: next", "no entry 'chemotherapy/colour'"],
            id="dangling next",
        ),
        pytest.param(
            CHEMO,
            setting("forms", "next", ["chemotherapy/forms"]),
            ["chemotherapy/forms: next", "points at the entry itself"],
            id="next is itself",
        ),
        pytest.param(
            CHEMO,
            setting("forms", "notes", ["no-such-note"]),
            ["chemotherapy/forms: notes", "no note 'no-such-note'"],
            id="dangling note",
        ),
        pytest.param(
            "article.yml",
            lambda data: data.update(menu=["chemotherapy/colour"]),
            ["article.yml: menu", "no entry 'chemotherapy/colour'"],
            id="dangling menu",
        ),
        pytest.param(
            "article.yml",
            lambda data: data.update(date="some day"),
            ["article.yml: date", "invalid date format"],
            id="no date",
        ),
        pytest.param(
            "aspects.yml",
            setting("forms", "similar", ["colour"]),
            ["aspects.yml: forms: similar", "no aspect 'colour'"],
            id="dangling similar",
        ),
        pytest.param(
            "aspects.yml",
            setting("forms", "missing", "how it is given"),
            ["aspects.yml: forms > missing", "needs {topic}"],
            id="an aspect that cannot name the topic",
        ),
        pytest.param(
            "topics.yml",
            lambda data: item(data, "surgery")["terms"].append("Chemo"),
            ["topics.yml: term 'chemo'", "belongs to chemotherapy and surgery"],
            id="shared term",
        ),
        pytest.param(
            "topics.yml",
            setting("surgery", "id", "chemotherapy"),
            ["topic chemotherapy", "two topics have this id"],
            id="a topic twice",
        ),
        pytest.param(
            "topics.yml",
            setting("surgery", "uncovered", True),
            ["surgery/", "this topic is uncovered"],
            id="an uncovered topic with entries",
        ),
        pytest.param(
            CHEMO,
            setting("forms", "question", "é" * 33),
            ["forms > question", "66 bytes", "64"],
            id="a question too long for a button",
        ),
        pytest.param(
            "../helplines.yml",
            lambda data: data["countries"][0]["emergency"].pop("source"),
            ["helplines.yml: countries > 0 > emergency > source", "field required"],
            id="a number without a source",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(
    folder: Path, name: str, edit: Callable[[Any], Any], expected: list[str]
) -> None:
    path = article_folder(folder) / name
    change(path, edit)
    message = problems(folder)
    assert path.name in message or expected[0].startswith("entry ")
    for words in expected:
        assert words in message


def test_a_question_of_64_bytes_is_taken(folder: Path) -> None:
    change(article_folder(folder) / CHEMO, setting("forms", "question", "é" * 32))
    assert load_knowledge(folder).entries["chemotherapy/forms"].question == "é" * 32


def test_a_sentence_that_no_entry_uses_is_named(folder: Path) -> None:
    def add(data: dict[str, Any]) -> None:
        data["sections"][0]["sentences"].append("A sentence that nobody uses.")

    path = article_folder(folder) / "article.yml"
    change(path, add)
    section = load_knowledge().article.sections[0]
    unused = f"sentence {section.id}.{len(section.sentences) + 1}: no entry rests on it"
    assert f"article.yml: {unused}" in problems(folder)


def test_every_problem_is_told_at_once(folder: Path) -> None:
    change(article_folder(folder) / CHEMO, setting("forms", "next", ["a/b"]))
    change(article_folder(folder) / "aspects.yml", setting("forms", "similar", ["colour"]))
    assert len(problems(folder).splitlines()) == 2


def test_a_folder_without_an_article_says_what_it_expects(tmp_path: Path) -> None:
    assert "expected a folder with article.yml" in problems(tmp_path)


def test_two_articles_are_refused_by_name(folder: Path) -> None:
    first = article_folder(folder)
    shutil.copytree(first, folder / "another")
    message = problems(folder)
    assert "one article at a time" in message
    assert "another" in message
    assert first.name in message


def test_files_of_the_project_are_named_from_its_root(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "ROOT", folder.parent)
    (folder / "helplines.yml").unlink()
    assert problems(folder) == "knowledge/helplines.yml: the file is missing"


@pytest.mark.parametrize("number", ["000", "010", "112"])
def test_a_number_to_call_keeps_its_digits_when_the_quotes_are_forgotten(
    folder: Path, number: str
) -> None:
    """YAML reads 000 as 0 and 010 as 8: such a number is refused, or given as it was written."""
    path = folder / "helplines.yml"
    text = path.read_text(encoding="utf-8")
    assert 'numbers: ["911"]' in text
    path.write_text(text.replace('numbers: ["911"]', f"numbers: [{number}]", 1), encoding="utf-8")
    try:
        given = load_knowledge(folder).helplines.countries[0].emergency.numbers
    except KnowledgeError as error:
        assert "numbers" in str(error)
    else:
        assert given == [number]


def test_only_the_file_that_changed_is_read_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = load_knowledge(folder)
    change(article_folder(folder) / CHEMO, setting("forms", "answer", "As pills."))
    read: list[Path] = []
    text_of = Path.read_text

    def read_text(path: Path, *args: Any, **kwargs: Any) -> str:
        read.append(path)
        return text_of(path, *args, **kwargs)

    monkeypatch.setattr(Path, "read_text", read_text)
    after = load_knowledge(folder)
    assert read == [article_folder(folder) / CHEMO]
    assert after.entries["chemotherapy/forms"].answer == "As pills."
    assert before.entries["chemotherapy/forms"].answer != "As pills."
    assert after.entries["surgery/when"] is before.entries["surgery/when"]
