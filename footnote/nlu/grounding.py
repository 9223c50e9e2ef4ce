"""Decide what a reply can rest on: an entry, an empty cell, or a question back.

Pure functions from hypotheses (labels with probabilities) and the topics named in a
message to an `Understanding`. A wrong medical answer costs far more than a question
back, so an answer needs a clear majority, and a named topic is never answered with a
neighbour's entry.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from footnote.knowledge import KnowledgeBase
from footnote.nlu.wording import Wording
from footnote.safety import DANGERS

ANSWER = "answer"
NOT_COVERED = "not_covered"
CLARIFY = "clarify"
CLARIFY_INTENT = "nlu_fallback"
"""Rasa's own intent for "not sure"; the dialogue model sees it where we ask back."""
FOLLOW_UPS = frozenset({"follow_up", "other_topic", "why", "tell_more", "choose_option"})
RESOLVED_LATER = frozenset({"why", "tell_more", "choose_option"})
"""Follow-ups that only the conversation itself can resolve (footnote/conversation.py)."""
OUTSIDE = frozenset({"out_of_scope", "other_illness", "personal_advice", "distress"})
"""Kinds that a question may seem to be of to somebody who does not know what was spoken of."""
LEANING = "follow_up/leaning"
"""The label of messages that only somebody who knows what was told can read. It says no more than
that, so the other labels share its probability where the conversation is known."""
ASK = "ask_"
NEAR = 0.01
"""The least probability of a cell that is offered beside a reply that is no answer, where its topic
was not named."""
MOST_CELLS = 3
"""Told of a message as a whole; what its parts ask for surely comes on top."""


@dataclass(frozen=True)
class Thresholds:
    """Probabilities from which a decision is taken; docs/evaluation.md says how they were chosen.

    Attributes:
        danger: the least for an emergency or a crisis.
        danger_part: the least for one in a part of a message.
        danger_hint: the least for one in the whole message, where a part tells of it.
        gap: the least for a gap's aspect to be named; below, none is claimed.
        answer: the least that all answering cells hold together.
        lift: how many times its probability an answer counts against other kinds of reply.
        cell: the least share of that for the cells told.
        second: the share from which a second cell is told as well.
        part: the least for a part of a message to be a question of its own.
        part_plain: the same, where the message as a whole is plain.
        part_named: the same for a part that names the topic that it would be answered on.
        part_said: the same for a part without the form of a question ("ways it is given").
        certain: above this, a message is no question, whatever its parts look like.
        hint: the least for an aspect to be taken from a message that says hardly more than a name.
        override: above this a cell stands although the message names another topic, or none.
        wording: how much more likely, in a conversation, an entry gets by each nat of words that
            it shares with the message (see `footnote.nlu.wording`).
    """

    danger: float = 0.5
    danger_part: float = 0.9
    danger_hint: float = 0.1
    gap: float = 0.3
    answer: float = 0.25
    lift: float = 2.0
    cell: float = 0.5
    second: float = 0.1
    part: float = 0.45
    part_plain: float = 0.8
    part_named: float = 0.6
    part_said: float = 0.95
    certain: float = 0.9
    hint: float = 0.1
    override: float = 0.6
    wording: float = 0.5


@dataclass(frozen=True)
class Understanding:
    """What a message asks for, as far as it can be told without its conversation.

    Attributes:
        kind: `answer`, `not_covered`, `clarify`, `follow_up`, or the intent's own name.
        intent: the intent that the dialogue model sees.
        confidence: its probability.
        entries: ids of the entries that answer, in the order they were asked for.
        missing: what the article does not tell: pairs of topic (or None) and aspect.
        options: entries to offer where the message could mean several.
        aspect: what was asked, for follow-ups and for the next message.
        topics: the topics named in the message.
        standalone: for a follow-up, what the message means where nothing came before it.
        in_context: for a follow-up, what it means of the topic spoken of, where that is plain.
    """

    kind: str
    intent: str
    confidence: float
    entries: tuple[str, ...] = ()
    missing: tuple[tuple[str | None, str], ...] = ()
    options: tuple[str, ...] = ()
    aspect: str | None = None
    topics: tuple[str, ...] = ()
    standalone: Understanding | None = None
    in_context: Understanding | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return asdict(self)


@dataclass(frozen=True)
class Hypotheses:
    """A message's (or part's) labels with their probabilities.

    Attributes:
        probabilities: by label, in the labels' order; cells that are out of the question may be
            missing, the rest sums to 1 with them.
        topics: the topics that the message names.
        leans: whether its words lean on something said before ("it", "that one").
        asks: whether it has the form of a question.
        danger: how likely it is a cry for help; see `footnote.nlu.danger`.
        text: the message as read.
    """

    probabilities: Mapping[str, float]
    topics: tuple[str, ...] = ()
    leans: bool = False
    asks: bool = False
    danger: float = 0.0
    text: str = ""

    def best(self, labels: Iterable[str]) -> str:
        """Return the likeliest of some labels."""
        return max(labels, key=lambda label: self.probabilities.get(label, 0.0))

    def total(self, labels: Iterable[str]) -> float:
        """Return the probability that one of some labels is right."""
        return sum(self.probabilities.get(label, 0.0) for label in labels)


def _is_detail(found: Understanding) -> bool:
    """Whether a message asks on a detail of what was just told: "always?", "which two?"."""
    return found.intent == "follow_up" and found.aspect is None


def _told(probabilities: Mapping[str, float]) -> Mapping[str, float]:
    """Return probabilities without the label that says only that a message leans on others."""
    rest = 1.0 - probabilities.get(LEANING, 0.0)
    if rest == 1.0 or rest <= 0.0:
        return probabilities
    return {label: value / rest for label, value in probabilities.items() if label != LEANING}


def intent_of(aspect: str) -> str:
    """Return the intent that asks for an aspect: `ask_side_effects` for `side-effects`."""
    return ASK + aspect.replace("-", "_")


def label_of_cell(topic: str, aspect: str) -> str:
    """Return a cell's label: `ask_side_effects/surgery`."""
    return f"{intent_of(aspect)}/{topic}"


def cell_of(knowledge: KnowledgeBase, label: str) -> tuple[str, str] | None:
    """Return the topic and the aspect of a label that the article answers, else None."""
    intent, _, topic = label.partition("/")
    if intent.startswith(ASK) and f"{topic}/{_aspect_of(intent)}" in knowledge.entries:
        return topic, _aspect_of(intent)
    return None


def _aspect_of(intent: str) -> str:
    return "other" if intent == NOT_COVERED else intent.removeprefix(ASK).replace("_", "-")


class Grounder:
    """Turns hypotheses into an `Understanding` against one knowledge base.

    Args:
        knowledge: the grid of entries.
        labels: every label that hypotheses give a probability to.
        thresholds: when to answer, to ask back or to say that the article does not tell.
    """

    def __init__(
        self, knowledge: KnowledgeBase, labels: Sequence[str], thresholds: Thresholds | None = None
    ) -> None:
        self._knowledge = knowledge
        self._t = thresholds or Thresholds()
        self._cells = {label: cell for label in labels if (cell := cell_of(knowledge, label))}
        self._gaps = [label for label in labels if self._is_gap(label)]
        questions = {*self._cells, *self._gaps}
        self._labels_of = {
            f"{topic}/{aspect}": name for name, (topic, aspect) in self._cells.items()
        }
        self._wording = Wording(knowledge)
        self._follow_ups = [label for label in labels if label.split("/")[0] in FOLLOW_UPS]
        self._elliptic = [label for label in self._follow_ups if "/" in label and label != LEANING]
        aspects = Counter(entry.aspect for entry in knowledge.entries.values())
        self._general = [topic.id for topic in knowledge.topics.values() if topic.general]
        self._shared = {aspect for aspect, count in aspects.items() if count > 1} | {
            self._aspect(label) for label in self._gaps
        }
        self._others = [
            label for label in labels if label not in questions and label not in self._follow_ups
        ]
        self._groups = {
            "gaps": self._gaps,
            "follow_ups": self._follow_ups,
            **{label: [label] for label in self._others if label not in DANGERS},
        }

    def decide(
        self,
        whole: Hypotheses,
        parts: Sequence[Hypotheses] = (),
        in_context: Hypotheses | None = None,
        topic: str | None = None,
    ) -> Understanding:
        """Return what a message asks for.

        Args:
            whole: the hypotheses for the whole message.
            parts: those for its parts, where it may hold several questions.
            in_context: those for the message as a follow-up of what was told last; its danger is
                that of the message with the topic spoken of in front of it.
            topic: that topic.
        """
        if in_context is not None and not self._knowledge.subject(whole.topics):
            # "The tablets in his drawer, which are those?" may sound like danger, unless one knows
            # what was spoken of.
            whole = replace(whole, danger=(whole.danger + in_context.danger) / 2)
        alone = self._alone(whole, parts)
        several = parts and len(alone.entries) + len(alone.missing) > 1
        if in_context is None or several or not self._is_open(whole, in_context, alone):
            return alone
        found = self._alone(self._blend(whole, in_context, topic), ())
        if found.kind in (CLARIFY, "follow_up"):
            return alone
        if found.kind not in (ANSWER, NOT_COVERED):
            # "Thanks! Does it hurt?" stays the question that a part of it asks.
            asked = alone.kind in (ANSWER, NOT_COVERED) and self._is_question_in(parts)
            return alone if asked else found
        if (found.kind, found.entries, found.missing) == (alone.kind, alone.entries, alone.missing):
            return alone
        follows = alone.kind == "follow_up"
        return Understanding(
            kind="follow_up",
            intent="follow_up",
            confidence=found.confidence,
            aspect=found.aspect,
            topics=whole.topics,
            standalone=alone.standalone if follows else alone,
            in_context=found,
        )

    def _is_open(self, whole: Hypotheses, in_context: Hypotheses, alone: Understanding) -> bool:
        """Whether the conversation may change what a message was taken for."""
        if alone.kind in DANGERS or self._knowledge.uncovered(whole.topics):
            return False
        later = alone.intent in RESOLVED_LATER
        if later and whole.probabilities[alone.intent] >= self._t.certain:
            return False
        if later or (_is_detail(alone) and not self._leans(whole)):
            return max(in_context.probabilities.values()) >= self._t.override
        # A thank-you or a yes is one in any conversation.
        own = alone.kind in self._others and alone.kind not in OUTSIDE
        return not own or whole.probabilities[alone.kind] < self._t.override

    def _leans(self, whole: Hypotheses) -> bool:
        return LEANING in whole.probabilities and whole.best(self._follow_ups) == LEANING

    def _blend(self, whole: Hypotheses, in_context: Hypotheses, topic: str | None) -> Hypotheses:
        """Return the mean of a message read alone and read after what was told.

        A follow-up's aspect becomes that cell of the topic named, or else spoken of, or that gap.
        An entry that speaks with the message's own words gains by them.
        """
        alone, after = _told(whole.probabilities), _told(in_context.probabilities)
        # A label may be missing in either.
        mean = {
            label: (alone.get(label, 0.0) + after.get(label, 0.0)) / 2
            for label in dict.fromkeys((*alone, *after))
        }
        subject = self._knowledge.subject(whole.topics) or topic
        for label in self._elliptic:
            target = self._label_of(subject, label.partition("/")[2])
            if target:
                mean[target] = mean.get(target, 0.0) + mean.get(label, 0.0)
                mean[label] = 0.0
        return Hypotheses(self._worded(mean, whole.text), whole.topics, asks=whole.asks)

    def _worded(self, probabilities: Mapping[str, float], text: str) -> Mapping[str, float]:
        """Return probabilities with the cells whose entries share a message's words raised."""
        raised = dict(probabilities)
        for entry, nats in self._wording.shared(text).items():
            label = self._labels_of.get(entry, "")
            if label in raised:
                raised[label] *= math.exp(self._t.wording * nats)
        total = sum(raised.values())
        return {label: value / total for label, value in raised.items()}

    def _label_of(self, topic: str | None, aspect: str) -> str | None:
        """Return the label of a topic's cell for an aspect, else that of the gap, else None."""
        entry = self._knowledge.closest(topic, aspect) if topic else None
        names = [label_of_cell(entry.topic, entry.aspect)] if entry else []
        names += [intent_of(aspect), NOT_COVERED]
        return next((name for name in names if name in self._cells or name in self._gaps), None)

    def _alone(self, whole: Hypotheses, parts: Sequence[Hypotheses]) -> Understanding:
        """Return what a message asks for as if nothing came before it."""
        danger = self._danger(whole) or self._danger_in(whole, parts)
        if danger:
            return self._plain(whole, danger)
        mass = {"cells": self._answerable(whole) * self._t.lift}
        mass |= {name: whole.total(labels) for name, labels in self._groups.items() if labels}
        top = max(mass, key=lambda name: mass[name])
        certain = mass[top] >= self._t.certain
        if top in ("cells", "gaps") or (not certain and self._is_question_in(parts)):
            return self._left_open(whole, self._question(whole, parts, mass))
        if top == "follow_ups":
            return self._follow_up(whole, self._question(whole, (), mass))
        if mass[top] < self._t.cell and mass["cells"] >= 1 - self._t.answer:
            return self._left_open(whole, self._question(whole, parts, mass))
        return self._plain(whole, top)

    # What a message is, by its likeliest group

    def _danger(self, whole: Hypotheses) -> str | None:
        if whole.danger < self._t.danger:
            return None
        return whole.best([label for label in DANGERS if label in whole.probabilities])

    def _danger_in(self, whole: Hypotheses, parts: Sequence[Hypotheses]) -> str | None:
        """A cry for help in one sentence counts, if the whole message bears it out a little."""
        if whole.danger < self._t.danger_hint:
            return None
        likely = [part for part in parts if part.danger >= self._t.danger_part]
        return self._danger(likely[0]) if likely else None

    def _plain(self, whole: Hypotheses, label: str) -> Understanding:
        advice = label == "personal_advice"
        return Understanding(
            kind=label,
            intent=label,
            confidence=whole.probabilities[label],
            options=self._offered(whole, 2, NEAR) if advice else (),
            aspect=self._asked(whole)[1] if advice else None,
            topics=whole.topics,
        )

    def _follow_up(self, whole: Hypotheses, standalone: Understanding) -> Understanding:
        label = whole.best(self._follow_ups)
        if label == "other_topic" and not whole.topics and self._elliptic:
            # No topic is named that it could turn to: "lungs too?" keeps to the one before.
            elliptic = whole.best(self._elliptic)
            sure = whole.probabilities[elliptic] >= self._t.hint
            label = elliptic if sure else label
        intent, _, aspect = label.partition("/")
        aspect = "" if label == LEANING else aspect
        if whole.topics and aspect and not self._knowledge.tells(aspect):
            # It names what it is about, and no topic has an entry for that: nothing to wait for.
            return self._missing(whole, [(self._knowledge.subject(whole.topics), aspect)])
        return Understanding(
            kind="follow_up",
            intent=intent,
            confidence=whole.total(self._follow_ups),
            aspect=aspect or None,
            topics=whole.topics,
            standalone=standalone,
        )

    def _left_open(self, whole: Hypotheses, found: Understanding) -> Understanding:
        """Leave a question that names no topic but leans on one ("is it given as a pill?") open.

        Only an aspect that several topics share can mean another topic than the likeliest.
        """
        aspect = found.aspect
        if max(whole.probabilities[label] for label in self._likely(whole)) >= self._t.override:
            return found
        aspects = {entry.partition("/")[2] for entry in found.entries}
        if not whole.leans or aspect not in self._shared or len(aspects) > 1:
            return found
        if self._knowledge.subject(whole.topics) or found.kind == CLARIFY:
            return found
        return replace(
            found,
            kind="follow_up",
            intent="follow_up",
            entries=(),
            missing=(),
            topics=whole.topics,
            standalone=found,
        )

    def _question(
        self, whole: Hypotheses, parts: Sequence[Hypotheses], mass: Mapping[str, float]
    ) -> Understanding:
        """Return what a question asks for: its parts' cells, a gap, one answer, or a choice.

        Args:
            whole: the hypotheses for the message.
            parts: those for its parts.
            mass: the probability of each group of labels, that of the cells lifted.
        """
        if self._compares(whole):
            # "Freezing it or heating it, what's the difference?" is one question.
            parts = ()
        # Where the message as a whole is plain, a part of it must be as plain to count.
        plain = max(whole.probabilities.values()) >= self._t.certain
        least = self._t.part_plain if plain else self._t.part
        cells = [cell for part in parts if (cell := self._certain(part, whole, least)) is not None]
        if parts and self._answerable(whole) >= self._t.answer:
            cells += self._shares(whole)
        if cells and plain:
            # What the whole says most plainly is asked, too: often the other question alone.
            cells.append(self._asked(whole))
        found = list(dict.fromkeys([*cells, *self._of_each(whole, cells)]))
        if len(found) > 1 or (found and max(whole.probabilities.values()) < self._t.cell):
            return self._several(whole, found)
        if mass["cells"] < self._t.answer * self._t.lift:
            if mass["gaps"] >= mass["cells"]:
                return self._gap(whole)
            return self._unsure(whole, mass["cells"])
        return self._answer(whole, self._answerable(whole))

    def _answer(self, whole: Hypotheses, total: float) -> Understanding:
        """Answer with the likeliest cell, and with what is compared or nearly as likely."""
        ranked = self._ranked(whole)
        best = ranked[0]
        topic, aspect = self._cells[best]
        share = whole.probabilities[best] / total
        named = self._knowledge.specific(whole.topics)
        foreign = self._knowledge.uncovered(whole.topics)
        if whole.probabilities[best] < self._t.override:
            if foreign and topic not in named:
                return self._missing(whole, [(foreign[0], aspect)])
            if named and topic not in named and not self._is_general(topic):
                return self._named(whole, ranked, named, aspect)
        entries = [f"{topic}/{aspect}", *self._entries_of(named, aspect)]
        for label in ranked[1:2]:
            second = whole.probabilities[label] / total
            other = self._cells[label][0]
            fits = not named or other in named or self._is_general(other)
            if second >= self._t.second and fits:
                entries.append("/".join(self._cells[label]))
                share += second
        if share < self._t.cell:
            return self._unsure(whole, total)
        return self._answered(whole, entries)

    def _named(
        self, whole: Hypotheses, ranked: Sequence[str], named: Sequence[str], aspect: str
    ) -> Understanding:
        """Keep to the topics that the message names: their own entry, or an honest gap."""
        own = self._entries_of(named, aspect)
        if own:
            return self._answered(whole, own)
        best = next((label for label in ranked if self._cells[label][0] in named), None)
        if best and whole.probabilities[best] >= whole.probabilities[ranked[0]] / 2:
            return self._answered(whole, ["/".join(self._cells[best])])
        return self._missing(whole, [(named[0], aspect)])

    def _several(self, whole: Hypotheses, cells: Sequence[tuple[str | None, str]]) -> Understanding:
        """Tell each part of a message with several questions, answered or not."""
        entries = [f"{topic}/{aspect}" for topic, aspect in cells]
        answered = [entry for entry in entries if entry in self._knowledge.entries]
        missing = [c for c, e in zip(cells, entries, strict=True) if e not in answered]
        if not answered:
            return self._missing(whole, missing)
        return self._answered(whole, answered, missing)

    def _unsure(self, whole: Hypotheses, total: float) -> Understanding:
        """Ask back with the likeliest cells."""
        return Understanding(
            kind=CLARIFY,
            intent=CLARIFY_INTENT,
            confidence=total,
            options=self._offered(whole, 3),
            topics=whole.topics,
        )

    def _gap(self, whole: Hypotheses) -> Understanding:
        """Say what the article lacks, unless the topic named does have an entry for the aspect."""
        label = whole.best(self._gaps)
        sure = whole.probabilities[label] >= self._t.gap * whole.total(self._gaps)
        aspect = self._aspect(label) if sure else "other"
        named = self._knowledge.specific(whole.topics)
        if len(named) > 1 and self._knowledge.aspects[aspect].compares:
            told = [entry.id for t in named if (entry := self._knowledge.closest(t, aspect))]
            foreign = [(t, aspect) for t in self._knowledge.uncovered(whole.topics)]
            return self._answered(whole, told, foreign) if told else self._missing(whole, foreign)
        own = self._entries_of(named, aspect)
        if own and not self._knowledge.uncovered(whole.topics):
            # Of two topics named, what the article does tell of one is told all the same.
            others = [(t, aspect) for t in named if f"{t}/{aspect}" not in own]
            return self._answered(whole, own, others)
        return self._missing(whole, [(self._knowledge.subject(whole.topics), aspect)])

    # The shapes of an understanding

    def _answered(
        self,
        whole: Hypotheses,
        entries: Sequence[str],
        missing: Sequence[tuple[str | None, str]] = (),
    ) -> Understanding:
        topic, aspect = entries[0].split("/")
        return Understanding(
            kind=ANSWER,
            intent=intent_of(aspect),
            confidence=self._answerable(whole),
            entries=tuple(dict.fromkeys(entries)),
            missing=tuple(missing),
            aspect=aspect,
            topics=tuple(dict.fromkeys((*whole.topics, topic))),
        )

    def _missing(
        self, whole: Hypotheses, missing: Sequence[tuple[str | None, str]]
    ) -> Understanding:
        return Understanding(
            kind=NOT_COVERED,
            intent=NOT_COVERED,
            confidence=whole.total(self._gaps),
            missing=tuple(missing),
            options=self._offered(whole, 2, NEAR),
            aspect=missing[0][1],
            topics=whole.topics,
        )

    # Reading labels and topics against the grid

    def _is_gap(self, label: str) -> bool:
        intent = label.partition("/")[0]
        return (intent.startswith(ASK) or intent == NOT_COVERED) and label not in self._cells

    def _aspect(self, label: str) -> str:
        return _aspect_of(label.partition("/")[0])

    def _certain(
        self, part: Hypotheses, whole: Hypotheses, least: float
    ) -> tuple[str | None, str] | None:
        """Return the cell that a part surely asks for, or None.

        A part that names no topic ("and how is it given?") is asked of the message's own.
        """
        own = self._knowledge.specific(part.topics) or self._knowledge.uncovered(part.topics)
        inherited = [] if part.topics else self._knowledge.specific(whole.topics)
        if inherited:
            part = self._leaning(part)
        cells = [
            label
            for label in self._likely(part)
            if not inherited
            or self._cells[label][0] in inherited
            or part.probabilities[label] >= self._t.certain
        ]
        candidates = [*cells, *self._gaps, *self._elliptic]
        total = part.total(candidates)
        label = part.best(candidates)
        if label in self._cells and self._cells[label][0] in own:
            # It says itself what it is about.
            least = min(least, self._t.part_named)
        if total < least or part.probabilities[label] < least * total:
            return None
        said = label in self._cells and part.probabilities[label] >= self._t.part_said
        if not (part.asks or said):
            return None
        if label in self._cells:
            return self._cells[label]
        subject = next(iter([*own, *inherited]), None)
        if label not in self._elliptic:
            return subject, self._aspect(label)
        aspect = label.partition("/")[2]
        if subject is None:
            # "Can anything be done, and to what end?" is asked of treatment at large.
            told = (t for t in self._general if self._knowledge.entry(t, aspect))
            return next(((t, aspect) for t in told), None)
        entry = self._knowledge.closest(subject, aspect)
        return (entry.topic, entry.aspect) if entry else (subject, aspect)

    def _leaning(self, part: Hypotheses) -> Hypotheses:
        """Return a part's hypotheses where it surely leans on the message's topic.

        "When is it used?" is then no question on a gap's aspect at large, but on that topic's.
        """
        probabilities = dict(part.probabilities)
        for label in self._elliptic:
            gap = intent_of(label.partition("/")[2])
            if gap in self._gaps:
                probabilities[label] += probabilities[gap]
                probabilities[gap] = 0.0
        return replace(part, probabilities=probabilities)

    def _of_each(
        self, whole: Hypotheses, cells: Sequence[tuple[str | None, str]]
    ) -> list[tuple[str | None, str]]:
        """Return the cells of an aspect that a message asks of each topic that it names."""
        aspects = {aspect for _, aspect in cells}
        if len(aspects) != 1:
            return []
        (aspect,) = aspects
        told = self._entries_of(self._knowledge.specific(whole.topics), aspect)
        return [(entry.partition("/")[0], aspect) for entry in told]

    def _entries_of(self, topics: Iterable[str], aspect: str) -> list[str]:
        """Return the ids of the entries for an aspect that some topics have."""
        found = (self._knowledge.entry(topic, aspect) for topic in topics)
        return [entry.id for entry in found if entry]

    def _compares(self, whole: Hypotheses) -> bool:
        """Whether a message plainly asks how topics that it names differ."""
        if not self._gaps or len(self._knowledge.specific(whole.topics)) < 2:
            return False
        label = whole.best(self._gaps)
        compares = self._knowledge.aspects[self._aspect(label)].compares
        return compares and whole.probabilities[label] >= self._t.override

    def _asked(self, whole: Hypotheses) -> tuple[str | None, str]:
        """Return the likeliest cell, or gap, of a message."""
        label = whole.best([*self._likely(whole), *self._gaps])
        return self._cells.get(label) or (
            self._knowledge.subject(whole.topics),
            self._aspect(label),
        )

    def _shares(self, whole: Hypotheses) -> list[tuple[str | None, str]]:
        """Return the cells that a message of several parts spreads its belief over."""
        likeliest = self._ranked(whole)[:MOST_CELLS]
        least = self._t.second * self._answerable(whole)
        return [self._cells[label] for label in likeliest if whole.probabilities[label] >= least]

    def _is_question_in(self, parts: Sequence[Hypotheses]) -> bool:
        return any(part.asks and self._answerable(part) >= self._t.override for part in parts)

    def _offered(self, whole: Hypotheses, count: int, least: float = 0.0) -> tuple[str, ...]:
        """Return the likeliest cells to offer: on a topic named, or at least as likely as given."""
        return tuple(
            "/".join(self._cells[label])
            for label in self._ranked(whole)[:count]
            if whole.probabilities[label] >= least or self._cells[label][0] in whole.topics
        )

    def _ranked(self, whole: Hypotheses) -> list[str]:
        """Return the cells' labels, likeliest first."""
        return sorted(self._likely(whole), key=lambda label: -whole.probabilities[label])

    def _likely(self, whole: Hypotheses) -> list[str]:
        """Return the labels of the cells that a message may be about, in the labels' order."""
        return [label for label in whole.probabilities if label in self._cells]

    def _answerable(self, whole: Hypotheses) -> float:
        """Return the probability that the article answers a message."""
        return whole.total(self._likely(whole))

    def _is_general(self, topic: str) -> bool:
        return self._knowledge.topics[topic].general
