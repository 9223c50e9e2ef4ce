"""What is printed, drawn and written of an evaluation, from replies made by hand."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from footnote import paths
from footnote.evaluation import pictures, run, tables
from footnote.evaluation.curve import Point, every
from footnote.evaluation.curve import table as curve_table
from footnote.evaluation.curve import write as write_curve
from footnote.evaluation.reliability import Bin, bins
from footnote.evaluation.report import SHOWN_FAILURES, Report
from footnote.evaluation.scores import Given, Question, Scores, score
from footnote.evaluation.typing import AS_TYPED, in_capitals
from tests.helpers.garden import garden

KNOWLEDGE = garden()
PNG = b"\x89PNG"
SCRIPT = "<script>alert(1)</script> & co"


def given(kind: str, *sources: str) -> Given:
    cited = [{"id": key, "quote": KNOWLEDGE.sentences[key].text} for key in sources]
    return Given("Call 999.", ({"kind": kind, "sources": cited},))


CASES = (
    (Question("pat-001", "water?", "answer", must=("fern.2",)), given("answer", "fern.2")),
    (Question("pat-002", "both?", "answer", must=("fern.2", "moss.2")), given("answer", "fern.2")),
    (Question("fam-001", "cost?", "not_covered", context=("hello",)), given("answer", "fern.2")),
    (Question("fam-002", SCRIPT, "emergency"), given("social")),
    (Question("fam-003", "hi", "social"), given("social")),
)
QUESTIONS = [question for question, _ in CASES]
REPLIES = [reply for _, reply in CASES]


@pytest.fixture
def scores() -> Scores:
    return score(QUESTIONS, REPLIES, KNOWLEDGE)


@pytest.fixture
def worse() -> Scores:
    """The same questions where only the small talk comes out right, and nothing is answered."""
    return score(QUESTIONS, [given("social")] * len(CASES), KNOWLEDGE)


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(paths, "RESULTS", tmp_path / "results")
    return tmp_path / "results" / "evaluation" / "some"


CURVES = {"right kind": bins([(0.95, True), (0.9, True), (0.4, False)])}


def written(scores: Scores, results: Path, curves: dict[str, list[Bin]] = CURVES) -> str:
    runs = {AS_TYPED: scores}
    report = run.report_of(Path("some.jsonl"), QUESTIONS, runs, curves)
    assert run.write("some", report, runs, curves) == results.relative_to(paths.ROOT)
    return (results / "report.html").read_text(encoding="utf-8")


# Tables


def row(text: str, name: str) -> list[str]:
    line = next(line for line in text.splitlines() if line.strip().startswith(f"{name}  "))
    return re.split(r"  +", line.strip())


def test_a_score_is_shown_with_its_counts(scores: Scores) -> None:
    text = tables.of_scores(scores, "Some").as_text()
    assert row(text, "answered in full") == ["answered in full", "50.0%", "1", "2"]
    assert row(text, "wrong answer (lower is better)")[1:] == ["33.3%", "1", "3"]


def test_groups_are_by_kind_by_voice_and_by_section(scores: Scores) -> None:
    by_kind, by_voice, by_section = (t.as_text() for t in tables.of_groups(scores))
    assert row(by_kind, "answer")[1:] == ["50.0%", "1", "2"]
    assert row(by_voice, "fam")[1:] == ["33.3%", "1", "3"]
    assert row(by_voice, "pat")[1:] == ["50.0%", "1", "2"]
    assert row(by_section, "fern")[1:] == ["50.0%", "1", "2"]


def test_one_voice_alone_has_no_table() -> None:
    one = score(QUESTIONS[:2], REPLIES[:2], KNOWLEDGE)
    assert [table.head[0] for table in tables.of_groups(one)] == ["kind", "section"]
    assert "voices" not in one.as_dict()


def test_side_by_side_tells_the_loss_in_points(scores: Scores, worse: Scores) -> None:
    columns = {"as typed": scores, "worse": worse}
    text = tables.side_by_side(columns, "Both", losses=True).as_text()
    assert row(text, "answered")[1:] == ["100.0%", "0.0%", "+100.0"]
    # Fewer wrong answers is a gain, a loss below zero.
    assert row(text, "wrong answer (lower is better)")[1:] == ["33.3%", "0.0%", "-33.3"]
    assert row(text, "kind")[1:] == ["33.3%", "33.3%", "+0.0"]


def test_a_score_over_other_questions_has_no_loss(scores: Scores) -> None:
    back = score(QUESTIONS, [given("clarify")] * len(CASES), KNOWLEDGE)
    text = tables.side_by_side({"a": scores, "b": back}, "Both", losses=True).as_text()
    assert row(text, "clarify with the right option")[1:] == ["-", "0.0%", "-"]


def test_groups_stand_beside_each_other(scores: Scores, worse: Scores) -> None:
    text = tables.groups_beside({"ours": scores, "theirs": worse}, "kind").as_text()
    assert row(text, "answer")[1:] == ["50.0%", "0.0%", "2"]
    assert row(text, "social")[1:] == ["100.0%", "100.0%", "1"]


def test_the_worst_failures_are_told_first_and_no_more_than_asked_for(scores: Scores) -> None:
    lines = tables.failure_lines(scores.failures, 2).splitlines()
    assert lines[1] == "3 not right:"
    assert lines[2].startswith("  fam-002 (missed danger): ")
    assert lines[5:] == [
        "  fam-001 (wrong answer): hello / cost?",
        "      want not_covered",
        "      got  answer fern.2",
    ]
    assert tables.failure_lines([], 2) == ""


# Pictures


def test_the_pictures_are_pictures(scores: Scores, tmp_path: Path) -> None:
    pictures.confusion(scores.confusion, tmp_path / "new" / "confusion.png")
    pictures.reliability(CURVES, tmp_path / "reliability.png")
    pictures.learning_curve([10, 20], {"kind": [0.5, 0.75]}, tmp_path / "curve.png")
    drawn = list(tmp_path.rglob("*.png"))
    assert len(drawn) == 3
    assert all(file.read_bytes().startswith(PNG) for file in drawn)


def test_the_darkest_cell_is_where_most_were_given(tmp_path: Path) -> None:
    from matplotlib import image

    pictures.confusion({("answer", "answer"): 9, ("social", "answer"): 9}, tmp_path / "c.png")
    picture = image.imread(tmp_path / "c.png")[:, :, :3]
    green = (picture[:, :, 1] > picture[:, :, 0] + 0.2).sum()
    red = (picture[:, :, 0] > picture[:, :, 1] + 0.2).sum()
    # What is right is green, what is wrong is red, each a cell of the same size.
    assert green > 1000
    assert red == pytest.approx(green, rel=0.2)


# The report


def test_the_report_needs_nothing_beside_it(scores: Scores, results: Path) -> None:
    page = written(scores, results)
    sources = re.findall(r'(?:src|href|url)\s*[=(]\s*"?([^")\s]+)', page)
    assert len(sources) == 2
    assert all(source.startswith("data:image/png;base64,iVBOR") for source in sources)
    assert "<script" not in page
    assert "default-src 'none'" in page


def test_what_was_typed_is_no_markup_in_the_report(scores: Scores, results: Path) -> None:
    page = written(scores, results)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co" in page


def test_the_report_tells_the_worst_first(scores: Scores, results: Path) -> None:
    page = written(scores, results)
    places = [
        page.index(f"<td>{name}<br>") for name in ("missed danger", "wrong answer", "not in full")
    ]
    assert places == sorted(places)
    assert "3 of 5 are not right." in page
    assert "expected calibration error" in page


def test_a_long_list_of_failures_is_cut_and_says_so() -> None:
    failure: dict[str, Any] = {
        **{"id": "1", "fault": "wrong kind", "context": [], "message": "m"},
        **{"kind": "social", "must": [], "got": "clarify", "sources": []},
    }
    page = Report("t", failures=[failure] * (SHOWN_FAILURES + 1), asked=200).as_html()
    assert f"the first {SHOWN_FAILURES} are shown" in page
    assert page.count("wrong kind<br>") == SHOWN_FAILURES


def test_where_all_is_right_no_failures_are_told(results: Path) -> None:
    right = score(QUESTIONS[:1], REPLIES[:1], KNOWLEDGE)
    assert "What went wrong" not in written(right, results)


def test_without_confidences_there_is_no_diagram(scores: Scores, results: Path) -> None:
    page = written(scores, results, {})
    assert "Confidence" not in page
    assert not (results / "reliability.png").exists()


def test_the_figures_are_written_too(scores: Scores, results: Path) -> None:
    written(scores, results)
    figures = json.loads((results / "scores.json").read_text(encoding="utf-8"))
    assert figures["scores"]["wrong answer"] == {"right": 1, "of": 3, "share": 0.3333}
    assert figures["kinds"]["answer"]["share"] == 0.5
    assert figures["voices"]["pat"] == {"right": 1, "of": 2, "share": 0.5}
    assert {"expected": "emergency", "given": "social", "count": 1} in figures["confusion"]
    curve = figures["reliability"]["right kind"]
    assert [each["count"] for each in curve["bins"]] == [1, 2]


# Asking otherwise


def test_a_question_typed_otherwise_keeps_what_is_right_for_it() -> None:
    [loud] = run.typed([QUESTIONS[2]], in_capitals)
    assert (loud.message, loud.context) == ("COST?", ("HELLO",))
    assert (loud.id, loud.kind, loud.must) == ("fam-001", "not_covered", ())


def test_the_report_of_several_ways_of_typing_has_the_losses(scores: Scores, worse: Scores) -> None:
    runs = {AS_TYPED: scores, "typos": worse}
    report = run.report_of(Path("some.jsonl"), QUESTIONS, runs, {})
    assert "loss, typos" in report.tables[1].head


# Confidence


def test_a_confidence_is_held_against_the_reply_of_questions_without_context(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def parse(model: Path, messages: list[str]) -> list[dict[str, Any]]:
        asked.extend(messages)
        kinds = ("answer", "answer", "clarify", "social")
        intent = {"name": "i", "confidence": 0.9}
        return [{"intent": intent, "understanding": {"kind": kind}} for kind in kinds]

    monkeypatch.setattr(run, "parse", parse)
    curves = run.reliability(Path("model"), QUESTIONS, REPLIES)
    assert asked == ["water?", "both?", SCRIPT, "hi"]
    # The one that asks back is left out; one answer is of the right kind, but not in full.
    assert [(each.count, each.right) for each in curves["right kind"]] == [(3, 1.0)]
    assert curves["right in full"][0].right == pytest.approx(2 / 3)


# The learning curve


def test_every_few_rows_of_each_label_are_kept_and_two_at_least() -> None:
    labels = ["a"] * 8 + ["b"] * 3 + ["c"]
    assert every(4, labels) == [0, 4, 8, 9, 11]
    assert every(1, labels) == list(range(12))


def test_the_curve_is_a_table_and_a_picture(results: Path) -> None:
    names = ("answered", "answered in full", "wrong answer", "kind")
    points = [Point(n, dict.fromkeys(names, n / 2000)) for n in (500, 1000)]
    points[0].scores["wrong answer"] = None
    text = curve_table(points, "Curve").as_text()
    assert row(text, "1,000")[1:] == ["50.0%"] * 4
    assert row(text, "500")[1:] == ["25.0%", "25.0%", "-", "25.0%"]
    assert (paths.ROOT / write_curve("some", points)).read_bytes().startswith(PNG)
    assert json.loads((results / "curve.json").read_text())[1]["questions"] == 1000
