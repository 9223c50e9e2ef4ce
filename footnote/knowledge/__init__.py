"""The knowledge base: one folder an article, as typed and checked data."""

from footnote.knowledge.base import KnowledgeBase
from footnote.knowledge.loader import KnowledgeError, load_knowledge
from footnote.knowledge.models import (
    Article,
    Aspect,
    Entry,
    Note,
    Sentence,
    Topic,
)

__all__ = [
    "Article",
    "Aspect",
    "Entry",
    "KnowledgeBase",
    "KnowledgeError",
    "Note",
    "Sentence",
    "Topic",
    "load_knowledge",
]
