"""Training data: unique, of one mind with the domain, and free of what measures it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from rapidfuzz import fuzz, process

from footnote import paths
from footnote.conversation import Plan
from footnote.nlu import told
from footnote.nlu.grounding import CLARIFY_INTENT
from footnote.text import clean

DATA = paths.ROOT / "data"
NLU = DATA / "nlu.yml"
MEASURING = sorted((paths.ROOT / "tests" / "evaluation").glob("*.jsonl"))
NEAR = 92
NEAR_SET = 97
MIN_WORDS = 5
"""Shorter messages ("thanks", "what is chemo?") are everybody's; only the same ones count."""
LENGTHS_ALIKE = 0.8
"""A set of words says nothing where one text is much longer than the other."""
SUBJECT = re.compile(
    r"cancer|chemo|breast|tumou?r|oncolog|metasta|mastect|radiother|trastuzumab|letrozol|tamoxifen"
    r"|her2",
    re.IGNORECASE,
)


@lru_cache(maxsize=1)
def blocks() -> list[dict[str, Any]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return list(yaml.load(NLU.read_text(encoding="utf-8"), Loader=loader)["nlu"])


def examples(block: dict[str, Any]) -> list[str]:
    lines = block["examples"].splitlines()
    return [line.removeprefix("- ").strip() for line in lines if line.strip()]


def questions() -> list[str]:
    return [example for block in blocks() for example in examples(block)]


def typed(text: str) -> str:
    """Return what a person typed of a training question: a follow-up has its entry in front."""
    return told.split(text).message


def normal(text: str) -> str:
    return " ".join(re.findall(r"\w+", clean(text).lower()))


def measured() -> dict[str, str]:
    """Return the messages of the evaluation files, normalised, by file and id."""
    found = {}
    for path in MEASURING:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            data = json.loads(line)
            # What comes first in followups.jsonl sets the scene in everybody's words.
            scene = () if path.name == "followups.jsonl" else data.get("context") or ()
            texts = [data["message"], *scene]
            for place, text in enumerate(texts):
                found[f"{path.name}, line {number}, text {place}"] = normal(text)
    return found


def strings() -> Iterator[tuple[str, str]]:
    """Give every text that the bot is made from, with its place."""
    for text in questions():
        yield f"data/nlu.yml: {text}", typed(text)
    folders = ("knowledge", "actions", "footnote", "data")
    for path in (p for folder in folders for p in sorted((paths.ROOT / folder).rglob("*"))):
        if path.suffix in (".yml", ".py", ".md") and path != NLU:
            name = path.relative_to(paths.ROOT)
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
                yield f"{name}, line {number}", line


def words_alike(one: str, other: str) -> bool:
    lengths = sorted((len(one.split()), len(other.split())))
    return lengths[0] >= MIN_WORDS and lengths[0] / lengths[1] >= LENGTHS_ALIKE


def test_there_are_questions_to_measure_with() -> None:
    assert len(measured()) >= 180


def test_nothing_that_measures_the_bot_is_in_what_it_is_made_from() -> None:
    # The text of what measures is not printed: whoever reads this must not fit to it.
    held_out = measured()
    made = [(place, normal(text)) for place, text in strings()]
    found = set()
    # Only texts of like length are compared: most pairs are not.
    for length in {len(text.split()) for text in held_out.values()}:
        names = [name for name, text in held_out.items() if len(text.split()) == length]
        near = [one for one in made if words_alike(held_out[names[0]], one[1])]
        for scorer, least in ((fuzz.ratio, NEAR), (fuzz.token_set_ratio, NEAR_SET)):
            alike = process.cdist(
                [held_out[name] for name in names],
                [text for _, text in near],
                scorer=scorer,
                score_cutoff=least,
                workers=2,
            )
            found |= {
                f"{names[row]} is near to {near[column][0]}"
                for row, column in np.argwhere(alike > 0)
            }
    assert not found, "\n".join(sorted(found))


def test_what_measures_is_not_copied_even_where_it_is_short() -> None:
    made = {normal(typed(text)) for text in questions()}
    long_enough = {k: v for k, v in measured().items() if len(v.split()) >= MIN_WORDS - 1}
    assert [name for name, text in long_enough.items() if text in made] == []


def test_a_near_copy_is_noticed() -> None:
    one, other = "what can you tell me about ferns", "what can you tell me about fern"
    assert words_alike(one, other)
    assert fuzz.ratio(one, other) >= NEAR


def test_a_follow_up_is_compared_without_its_topic() -> None:
    assert typed("radiation-therapy/when: how long?") == "how long?"
    assert typed("two things: how long, and when?") == "two things: how long, and when?"
    assert sum(typed(text) != text for text in questions()) > 1000


def test_there_are_at_least_two_thousand_questions() -> None:
    assert len(questions()) >= 2000


def test_no_question_is_there_twice() -> None:
    counts = Counter(text.lower() for text in questions())
    assert [text for text, count in counts.items() if count > 1] == []


def test_no_question_stands_under_two_labels() -> None:
    labels: dict[str, set[str]] = {}
    for block in blocks():
        metadata = block.get("metadata") or {}
        label = f"{block['intent']}/{metadata.get('topic') or metadata.get('aspect') or ''}"
        for text in examples(block):
            labels.setdefault(normal(text), set()).add(label)
    assert {text: found for text, found in labels.items() if len(found) > 1 and text} == {}


def test_no_training_question_is_a_test_question() -> None:
    path = paths.ROOT / "tests" / "nlu.yml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
    tested = {normal(text) for block in data for text in examples(block)} - {""}
    assert tested
    assert sorted(tested & {normal(text) for text in questions()}) == []


def domain() -> dict[str, Any]:
    return dict(yaml.safe_load((paths.ROOT / "domain.yml").read_text(encoding="utf-8")))


def intents_of_rules() -> set[str]:
    text = (DATA / "rules.yml").read_text(encoding="utf-8")
    return set(re.findall(r"intent: (\w+)", text))


def test_every_intent_with_questions_is_in_the_domain() -> None:
    assert {block["intent"] for block in blocks()} <= set(domain()["intents"])


def test_every_intent_of_the_domain_has_questions_or_is_set_by_a_component() -> None:
    set_by_components = {"too_long", "unreadable"}
    missing = set(domain()["intents"]) - {block["intent"] for block in blocks()}
    assert missing <= set_by_components


def test_every_intent_of_the_domain_leads_to_a_reply() -> None:
    assert set(domain()["intents"]) - intents_of_rules() == set()
    assert intents_of_rules() - set(domain()["intents"]) <= {CLARIFY_INTENT}


def test_every_kind_that_a_follow_up_can_have_leads_to_a_reply() -> None:
    text = (DATA / "rules.yml").read_text(encoding="utf-8")
    kinds = set(re.findall(r"reply_kind: (\w+)", text))
    assert kinds == {Plan(kind).kind for kind in ("answer", "not_covered", "clarify")}


def source_files() -> list[Path]:
    files = [*(paths.ROOT / "actions").glob("*.py"), *(paths.ROOT / "footnote").rglob("*.py")]
    return sorted(files)


@pytest.mark.parametrize("path", source_files(), ids=lambda p: str(p.relative_to(paths.ROOT)))
def test_code_holds_no_word_of_the_subject(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [f"{n}: {line}" for n, line in enumerate(lines, start=1) if SUBJECT.search(line)] == []


@pytest.mark.parametrize("intent", domain()["intents"])
def test_an_intents_name_holds_no_word_of_the_subject(intent: str) -> None:
    assert not SUBJECT.search(intent)
