"""The spaCy pipeline: tokens, and the knowledge base's terms as entities.

spaCy's trained English packages are not on PyPI under their own name, and nothing here
needs one: the pipeline is blank English with an entity ruler, built from the knowledge base.
"""

from __future__ import annotations

import hashlib
import json

import spacy
from spacy.language import Language

from footnote.knowledge import KnowledgeBase, Topic

LABEL = "TOPIC"


def build_pipeline(knowledge: KnowledgeBase) -> Language:
    """Return a spaCy pipeline whose entities are the knowledge base's topics.

    An entity's `label_` is TOPIC and its `ent_id_` the topic's id.
    """
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    patterns = [
        {"label": LABEL, "pattern": pattern, "id": topic.id}
        for topic in knowledge.topics.values()
        for pattern in _patterns(topic)
    ]
    ruler.add_patterns(patterns)  # type: ignore[attr-defined]
    return nlp


def _patterns(topic: Topic) -> list[str | list[dict[str, str]]]:
    """Return a topic's phrases; an all-capitals abbreviation matches in capitals only."""
    return [
        [{"ORTH": term}] if _is_abbreviation(term) else term
        for term in [*topic.terms, *topic.misspellings]
    ]


def _is_abbreviation(term: str) -> bool:
    return term.isupper() and term.isalpha() and len(term) <= 3


def fingerprint(knowledge: KnowledgeBase) -> str:
    """Return a hash of the topics, which readings are made from beside this package's code."""
    data = [[t.id, t.title, t.terms, t.misspellings] for t in knowledge.topics.values()]
    content = json.dumps([spacy.__version__, data])
    return hashlib.sha256(content.encode("utf-8")).hexdigest()
