"""Hold every answer against its sentences, and against a reading grade.

Lexical checks: they cannot prove that a sentence follows from another, but no number, drug
or procedure gets into an answer that its sources do not have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from footnote.english import english_words
from footnote.knowledge.base import KnowledgeBase
from footnote.knowledge.loader import KnowledgeError, load_knowledge
from footnote.knowledge.models import Entry, Topic

MAX_GRADE = 8.0
NEAR = 88
"""Similarity from which two words are taken for spellings of one."""
MIN_GRADED_WORDS = 8
"""A grade says nothing about a few words."""


def check() -> int:
    """Check the project's knowledge base and print the result; return the exit code.

    Raises:
        KnowledgeError: something is wrong; each problem names file, entry and reason.
    """
    knowledge = load_knowledge()
    problems = claims(knowledge)
    if problems:
        raise KnowledgeError(problems)
    print(
        f"Knowledge base: {len(knowledge.sentences)} sentences, {len(knowledge.entries)} entries, "
        f"{len(knowledge.topics)} topics, {len(knowledge.aspects)} aspects: all in order."
    )
    return 0


def claims(knowledge: KnowledgeBase) -> list[str]:
    """Return what the answers claim beyond their sources or say in too hard words."""
    return [
        f"entries/{entry.topic}.yml: {entry.id}: {problem}"
        for entry in knowledge.entries.values()
        for problem in (
            *_numbers(knowledge, entry),
            *_names(knowledge, entry),
            *_grade(knowledge, entry),
        )
    ]


def _numbers(knowledge: KnowledgeBase, entry: Entry) -> Iterator[str]:
    told = set(re.findall(r"\d+(?:[.,]\d+)?", entry.answer))
    allowed = set(re.findall(r"\d+(?:[.,]\d+)?", _sources(knowledge, entry)))
    # The subject's own number ("stage 4") is no claim.
    allowed |= set(re.findall(r"\d+", knowledge.article.subject))
    for number in sorted(told - allowed):
        yield f"the answer holds the number {number}, which its sources do not"


def _names(knowledge: KnowledgeBase, entry: Entry) -> Iterator[str]:
    """Drugs and procedures that the answer names and its sources do not."""
    own = {entry.topic, *(source.rpartition(".")[0] for source in entry.sources)}
    source_text = _sources(knowledge, entry).lower()
    source_words = re.findall(r"[a-z0-9]+", source_text)
    article_words = set(
        re.findall(r"[a-z0-9]+", " ".join(s.text.lower() for s in knowledge.sentences.values()))
    )
    plain = set(re.findall(r"[a-z0-9]+", knowledge.article.subject.lower()))
    plain |= {word for key in own & set(knowledge.topics) for word in _title_words(knowledge, key)}
    for topic in knowledge.topics.values():
        if topic.general:
            continue
        for term in _mentioned(topic, entry.answer):
            words = re.findall(r"[a-z0-9]+", term)
            if term.removesuffix("s") in source_text or _spelt_like(words[-1], source_words):
                continue
            single = len(words) == 1 and term not in plain
            if topic.id not in own or (single and _is_name(term, article_words)):
                yield f"the answer names {term!r}, which its sources do not"


def _title_words(knowledge: KnowledgeBase, topic: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", knowledge.topics[topic].title.lower())


def _is_name(word: str, article_words: set[str]) -> bool:
    """Whether a word names a drug or the like: no English word, or one of the article's own."""
    return word in article_words or word not in english_words()


def _mentioned(topic: Topic, text: str) -> list[str]:
    return [
        term.lower()
        for term in topic.terms
        if _whole_word(term.lower()).search(text.lower())
        and not (term.isupper() and term not in text)
    ]


@cache
def _whole_word(*terms: str) -> re.Pattern[str]:
    """Return a pattern for any of the terms as whole words, the longest first."""
    longest_first = sorted(terms, key=len, reverse=True)
    return re.compile(
        rf"(?<!\w)(?:{'|'.join(re.escape(term) for term in longest_first)})(?!\w)", re.IGNORECASE
    )


def _spelt_like(term: str, words: list[str]) -> bool:
    from rapidfuzz import fuzz

    return any(fuzz.ratio(term, word) >= NEAR for word in words)


def _grade(knowledge: KnowledgeBase, entry: Entry) -> Iterator[str]:
    grade = reading_grade(knowledge, entry.answer)
    if grade > MAX_GRADE:
        yield f"the answer reads at grade {grade:.1f}; write it in shorter words ({MAX_GRADE:.0f})"


def reading_grade(knowledge: KnowledgeBase, text: str) -> float:
    """Return the US school grade that a text asks for (Flesch and Kincaid 1975).

    Names of drugs and treatments are left out: they cannot be said in shorter words.
    """
    import textstat

    plain = text.replace("\n- ", ". ").replace(":", ".")
    names = {name for topic in knowledge.topics.values() for name in (*topic.terms, topic.title)}
    plain = _whole_word(*sorted(names)).sub("it", plain)
    if len(plain.split()) < MIN_GRADED_WORDS:
        return 0.0
    return float(textstat.flesch_kincaid_grade(plain))


def _sources(knowledge: KnowledgeBase, entry: Entry) -> str:
    return " ".join(knowledge.sentences[key].text for key in entry.sources)
