"""Read a message into what the classifier and the grounding look at."""

from __future__ import annotations

import re
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc

from footnote.knowledge import KnowledgeBase
from footnote.nlu.spelling import SpellingRepairer
from footnote.text import clean

MIN_PART_WORDS = 2
MIN_SENTENCE_WORDS = 3
"""A part of a message, or a sentence, with fewer words is too little to be asked by itself."""
_MASKS = _TOPIC, _GENERAL, _UNCOVERED = "zztopic", "zzgeneral", "zzother"

SHORT = 3
"""Up to so many words, a question that names no topic is taken to be about the one before."""
_ASKING = frozenset(
    """
    what whats what's which who whos who's whom whose when where why how hows how's is are was
    were am do does did can could will would should shall may might has have had isn't aren't
    doesn't don't can't cant doesnt tell explain list name describe give any
    """.split()
)
_QUESTION_WORDS = frozenset("what whats what's which who when where why how whether".split())
_SENTENCES = (
    r"(?<=[?!.;])\s+"
    r"|,?\s+(?:and also|and then|and|also|plus|as well as|&)\s+"
    # "what is it, how is it made": a comma before a question's first word; "1) ... 2) ...".
    r"|[,:]\s+(?=(?:what|which|who|when|where|why|how|is|are|does|do|can|could|will|would)\b)"
    r"|(?:^|\s+)\(?[1-9][).]\s+"
)
# "ferns: when, which soil"; "ferns / light".
_PARTS = _SENTENCES + r"|,?\s+n\s+|[,:]\s+|\s+[/–-]+\s+"
_PRONOUNS = frozenset(
    """
    it its it's that this these those they them there one ones both
    """.split()
)


@dataclass(frozen=True)
class TopicMention:
    """A term found in a message; `start` and `end` are character offsets in the cleaned text."""

    topic: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Reading:
    """A message as understood word by word.

    Attributes:
        text: the cleaned text with its spelling repaired, lower case.
        masked: the same with each term replaced by the kind of its topic, so that what
            is asked can be learnt apart from what it is asked of.
        mentions: the terms found, in order.
        told: the topic and the aspect of the entry told just before, where that is to count.
    """

    text: str
    masked: str
    mentions: tuple[TopicMention, ...]
    told: tuple[str, ...] = ()

    @property
    def leans(self) -> bool:
        """Whether the words lean on something said before: a pronoun, or only a few words."""
        found = self.text.split()
        return len(found) <= SHORT or any(word.strip("?.,!'") in _PRONOUNS for word in found)

    @property
    def asks(self) -> bool:
        """Whether the words have the form of a question or a request."""
        found = self.text.split()
        if self.text.rstrip().endswith("?") or (found and found[0] in _ASKING):
            return True
        return any(word in _QUESTION_WORDS for word in found)

    @property
    def only_names(self) -> bool:
        """Whether the words hardly say more than what they are about: "moss", "moss grows"."""
        found = [word.strip("?.,!'") for word in self.masked.split()]
        words = [word for word in found if word and word not in _MASKS]
        if not self.mentions or any(word in _QUESTION_WORDS for word in words):
            return False
        return len(words) < MIN_PART_WORDS and len(self.text.split()) <= SHORT

    @property
    def topics(self) -> tuple[str, ...]:
        """Return the topics named, each once, in order."""
        return tuple(dict.fromkeys(mention.topic for mention in self.mentions))


class Reader:
    """Turns text into a `Reading` with the spaCy pipeline and the spelling repairer."""

    def __init__(self, nlp: Language, repairer: SpellingRepairer, knowledge: KnowledgeBase) -> None:
        self._nlp = nlp
        self._repairer = repairer
        self._masks = {
            topic.id: _GENERAL if topic.general else _UNCOVERED if topic.uncovered else _TOPIC
            for topic in knowledge.topics.values()
        }

    def read(self, text: str) -> Reading:
        """Read one message (or a part of one)."""
        typed = self._nlp.make_doc(clean(text))
        repaired = Doc(
            self._nlp.vocab,
            words=self._repairer.repair_all([token.text for token in typed]),
            spaces=[bool(token.whitespace_) for token in typed],
        )
        doc = self._nlp(repaired)
        mentions = []
        for entity in doc.ents:
            first, last = typed[entity.start], typed[entity.end - 1]
            start, end = first.idx, last.idx + len(last.text)
            mentions.append(TopicMention(entity.ent_id_, start, end, typed.text[start:end]))
        denied = {e.ent_id_ for e in doc.ents if e.start and doc[e.start - 1].lower_ == "not"}
        if any(mention.topic not in denied for mention in mentions):
            # "not ferns, I meant moss" is about moss.
            mentions = [mention for mention in mentions if mention.topic not in denied]
        return Reading(doc.text.lower(), self._masked(doc), tuple(mentions))

    def _masked(self, doc: Doc) -> str:
        words = []
        for token in doc:
            if token.ent_iob_ == "B":
                words.append(self._masks[token.ent_id_])
            elif token.ent_iob_ == "O":
                words.append(token.lower_)
        return " ".join(words)


def parts(text: str) -> list[str]:
    """Split a message into the questions it may hold, at commas, too.

    Returns:
        The parts in order, or an empty list where the message is a single one.
    """
    return _split(text, _PARTS, MIN_PART_WORDS)


def sentences(text: str) -> list[str]:
    """Split a message only where a sentence or a question begins.

    Returns:
        As `parts`.
    """
    return _split(text, _SENTENCES, MIN_SENTENCE_WORDS)


def _split(text: str, between: str, least: int) -> list[str]:
    lines = [clean(line) for line in text.splitlines()]
    pieces = [piece for line in lines for piece in re.split(between, line, flags=re.IGNORECASE)]
    found = [piece.strip(" ,.;!") for piece in pieces]
    found = [piece for piece in found if len(piece.split()) >= least]
    return found if len(found) > 1 else []
