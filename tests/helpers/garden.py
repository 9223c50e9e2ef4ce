"""A small knowledge base on another subject, so that a test does not lean on the real one."""

from __future__ import annotations

from datetime import date
from typing import Any

from footnote.knowledge import Article, Aspect, Entry, KnowledgeBase, Note, Topic
from footnote.knowledge.models import Helplines

SENTENCES = {
    "fern": [
        "Ferns are plants without flowers.",
        "Water ferns twice a week.",
        "Ferns like shade.",
    ],
    "moss": ["Moss is a small plant.", "Water moss every day."],
    "orchid": ["Orchids like bright light."],
}
LIST_OF_COUNTRIES = [
    {
        "country": "GB",
        "name": "United Kingdom",
        "emergency": {"numbers": ["999", "112"], "source": "Ambulance service"},
        "crisis": {
            "name": "Samaritans",
            "numbers": ["116 123"],
            "text": "Text SHOUT to 85258.",
            "source": "Samaritans",
        },
    },
    {
        "country": "XK",
        "name": "A country without a crisis line",
        "emergency": {"numbers": ["192"], "source": "Its government"},
        "crisis": None,
    },
]
GENERAL = {
    "emergency": {
        "text": "Please call your emergency number now. It is 112 in the EU, 911 in the US. "
        "Elsewhere, please call your local emergency number.",
        "sources": [{"source": "A register"}],
    },
    "crisis": {
        "text": "You can find a crisis line for your country at findahelpline.com.",
        "sources": [{"source": "A register"}],
    },
}
ENTRIES: list[dict[str, Any]] = [
    {
        "topic": "fern",
        "aspect": "definition",
        "question": "What is a fern?",
        "answer": "A fern is a plant without flowers.",
        "sources": ["fern.1"],
        "next": ["fern/watering", "fern/light", "moss/watering"],
    },
    {
        "topic": "fern",
        "aspect": "watering",
        "question": "How do I water a fern?",
        "answer": "Twice a week.",
        "sources": ["fern.2"],
        "notes": ["rain"],
        "next": ["moss/watering"],
    },
    {
        "topic": "fern",
        "aspect": "light",
        "question": "Which light suits a fern?",
        "answer": "Ferns like shade.",
        "sources": ["fern.3"],
    },
    {
        "topic": "moss",
        "aspect": "watering",
        "question": "How do I water moss?",
        "answer": "Every day.",
        "sources": ["moss.2", "moss.1"],
        "notes": ["rain"],
    },
    {
        "topic": "orchid",
        "aspect": "light",
        "question": "Which light suits an orchid?",
        "answer": "Bright light.",
        "sources": ["orchid.1"],
    },
    {
        "topic": "plant",
        "aspect": "light",
        "question": "Which light do plants like?",
        "answer": "Some like shade, some bright light.",
        "sources": ["fern.3", "orchid.1"],
    },
]


def helplines() -> Helplines:
    """Return numbers of two countries, one of them without a crisis line."""
    return Helplines(countries=LIST_OF_COUNTRIES, general=GENERAL)


def garden() -> KnowledgeBase:
    """Return the knowledge base: three plants, a general topic and one that is uncovered."""
    article = Article(
        id="garden",
        title="Plants in the shade",
        date=date(2020, 2, 1),
        language="en",
        subject="plants",
        menu=["fern/definition", "moss/watering"],
        sections=[
            {"id": key, "title": key.title(), "sentences": texts}
            for key, texts in SENTENCES.items()
        ],
    )
    topics = [
        Topic(id="plant", title="plants", terms=["plant", "plants"], general=True),
        Topic(id="fern", title="ferns", terms=["fern", "ferns"], misspellings=["furn"]),
        Topic(id="moss", title="moss", terms=["moss", "PM"]),
        Topic(id="orchid", title="orchids", terms=["orchid", "moth orchid"]),
        Topic(id="cactus", title="cacti", terms=["cactus", "cacti"], uncovered=True),
    ]
    aspects = [
        _aspect("definition", "what {topic} are"),
        _aspect("watering", "how to water {topic}"),
        _aspect("light", "which light {topic} like"),
        _aspect("care", "how to care for {topic}", ["watering", "light"]),
        _aspect("why", "why it is so of {topic}", ["light"]),
        _aspect("cost", "what {topic} cost"),
        _aspect("other", "that about {topic}"),
    ]
    note = {"organisation": "The weather service", "title": "Rain"}
    notes = [Note(id="rain", text="Less when it rains.", source=note)]
    entries = [Entry(title=data["question"][:40], **data) for data in ENTRIES]
    return KnowledgeBase(article, topics, aspects, entries, notes, helplines())


def _aspect(key: str, missing: str, similar: list[str] | None = None) -> Aspect:
    general = missing.format(topic="they")
    return Aspect(
        id=key, title=key, missing=missing, missing_general=general, similar=similar or []
    )
