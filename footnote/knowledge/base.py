"""The knowledge base in memory: look-ups over the grid, and whether its ids fit together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from footnote.knowledge.models import (
    Article,
    Aspect,
    Entry,
    Helplines,
    Note,
    Sentence,
    Topic,
)


class KnowledgeBase:
    """One article, its entries on the grid of topic by aspect, and the words people use.

    Attributes:
        sentences: the article's sentences by id, in article order.
        topics, aspects, entries, notes: by id, in file order. An entry's id is `topic/aspect`.
    """

    def __init__(
        self,
        article: Article,
        topics: Sequence[Topic],
        aspects: Sequence[Aspect],
        entries: Sequence[Entry],
        notes: Sequence[Note],
        helplines: Helplines,
    ) -> None:
        self.article = article
        self.helplines = helplines
        self.sentences: dict[str, Sentence] = {
            sentence.id: sentence for section in article.sections for sentence in section.numbered()
        }
        self.topics = {topic.id: topic for topic in topics}
        self.aspects = {aspect.id: aspect for aspect in aspects}
        self.entries = {entry.id: entry for entry in entries}
        self.notes = {note.id: note for note in notes}
        # Looked up with every reply, however many entries there are.
        self._place = {key: place for place, key in enumerate(self.sentences)}
        self._of_topic: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries.values():
            self._of_topic[entry.topic].append(entry)
        self._told = {entry.aspect for entry in self.entries.values()}
        self._listed = {
            "topic": [topic.id for topic in topics],
            "aspect": [aspect.id for aspect in aspects],
            "entry": [entry.id for entry in entries],
            "note": [note.id for note in notes],
        }

    def entry(self, topic: str, aspect: str) -> Entry | None:
        """Return the entry of a cell, or None where the article does not tell."""
        return self.entries.get(f"{topic}/{aspect}")

    def closest(self, topic: str, aspect: str) -> Entry | None:
        """Return the entry of a cell, else the topic's entry for a similar aspect, else None."""
        similar = self.aspects[aspect].similar if aspect in self.aspects else []
        found = (self.entry(topic, candidate) for candidate in (aspect, *similar))
        return next((entry for entry in found if entry), None)

    def entries_of(self, topic: str) -> list[Entry]:
        """Return the topic's entries in file order."""
        return list(self._of_topic.get(topic, ()))

    def tells(self, aspect: str) -> bool:
        """Whether any topic has an entry for an aspect; else it is a gap of every topic."""
        return aspect in self._told

    def specific(self, topics: Iterable[str]) -> list[str]:
        """Return those topics that a question can be about and that the article treats."""
        known = self.topics
        return [key for key in topics if not known[key].general and not known[key].uncovered]

    def uncovered(self, topics: Iterable[str]) -> list[str]:
        """Return those topics that the article never treats."""
        return [key for key in topics if self.topics[key].uncovered]

    def subject(self, topics: Sequence[str]) -> str | None:
        """Return what a message that names these topics is about, or None.

        What the article lacks comes first, then what it treats; a general topic is no subject.
        """
        return next(iter([*self.uncovered(topics), *self.specific(topics)]), None)

    def quotes(self, ids: Iterable[str]) -> list[Sentence]:
        """Return the sentences with these ids, in article order, each once."""
        known = {key for key in ids if key in self._place}
        return [self.sentences[key] for key in sorted(known, key=self._place.__getitem__)]

    def problems(self) -> list[str]:
        """Return every way in which the parts do not fit together, one line each."""
        return [
            *self._repeated_ids(),
            *self._dangling_references(),
            *self._unknown_menu(),
            *self._unknown_similar(),
            *self._unused_sentences(),
            *self._shared_terms(),
        ]

    def _repeated_ids(self) -> list[str]:
        wording = {"entry": "two entries share this cell of the grid"}
        return [
            f"{self.article.id}: {kind} {key}: {wording.get(kind, f'two {kind}s have this id')}"
            for kind, ids in self._listed.items()
            for key, count in Counter(ids).items()
            if count > 1
        ]

    def _dangling_references(self) -> list[str]:
        found = []
        for entry in self.entries.values():
            place = f"entries/{entry.topic}.yml: {entry.id}"
            topic = self.topics.get(entry.topic)
            if topic is None:
                found.append(f"{place}: topics.yml has no topic {entry.topic!r}")
            elif topic.uncovered:
                found.append(f"{place}: topics.yml says that this topic is uncovered")
            if entry.aspect not in self.aspects:
                found.append(f"{place}: aspects.yml has no aspect {entry.aspect!r}")
            references = (
                ("sources", entry.sources, self.sentences, "the article has no sentence"),
                ("notes", entry.notes, self.notes, "notes.yml has no note"),
                ("next", entry.next, self.entries, "there is no entry"),
                ("why", [entry.why] if entry.why else [], self.entries, "there is no entry"),
            )
            for field, ids, known, reason in references:
                found += [f"{place}: {field}: {reason} {key!r}" for key in ids if key not in known]
            if entry.id in entry.next:
                found.append(f"{place}: next: points at the entry itself")
        return found

    def _unknown_menu(self) -> list[str]:
        missing = [key for key in self.article.menu if key not in self.entries]
        return [f"article.yml: menu: there is no entry {key!r}" for key in missing]

    def _unknown_similar(self) -> list[str]:
        return [
            f"aspects.yml: {aspect.id}: similar: there is no aspect {other!r}"
            for aspect in self.aspects.values()
            for other in aspect.similar
            if other not in self.aspects
        ]

    def _unused_sentences(self) -> list[str]:
        used = {source for entry in self.entries.values() for source in entry.sources}
        return [
            f"article.yml: sentence {key}: no entry rests on it, so it can never be an answer"
            for key in self.sentences
            if key not in used
        ]

    def _shared_terms(self) -> list[str]:
        owners: dict[str, str] = {}
        found = []
        for topic in self.topics.values():
            for term in {term.lower(): None for term in [*topic.terms, *topic.misspellings]}:
                owner = owners.setdefault(term, topic.id)
                if owner != topic.id:
                    found.append(f"topics.yml: term {term!r} belongs to {owner} and {topic.id}")
        return found
