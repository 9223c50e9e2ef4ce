"""Resolve a message that leans on the conversation: "and the side effects?", "the second one".

Pure functions from what was understood and what was said before to a plan that an action
can carry out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from footnote.knowledge import KnowledgeBase

_ORDINALS = {
    **dict.fromkeys(("1", "first", "1st", "one", "a", "top", "former"), 0),
    **dict.fromkeys(("2", "second", "2nd", "two", "b", "middle", "latter"), 1),
    **dict.fromkeys(("3", "third", "3rd", "three", "c", "last", "bottom"), 2),
}


@dataclass(frozen=True)
class Context:
    """What a conversation holds for its next message.

    Attributes:
        topic: the topic last spoken of, or None.
        aspect: what was last asked of it, or None.
        entries: entries told in this conversation, oldest first.
        options: entries offered with the last reply, in order.
    """

    topic: str | None = None
    aspect: str | None = None
    entries: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What to reply: `answer`, `not_covered` or `clarify`, with what it needs."""

    kind: str
    entries: tuple[str, ...] = ()
    missing: tuple[tuple[str | None, str], ...] = ()
    options: tuple[str, ...] = ()

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Plan:
        """Read a plan from an understanding or from a slot (plain JSON types)."""
        return cls(
            kind=data["kind"],
            entries=tuple(data.get("entries") or ()),
            missing=tuple((topic, aspect) for topic, aspect in data.get("missing") or ()),
            options=tuple(data.get("options") or ()),
        )


def resolve(
    knowledge: KnowledgeBase,
    intent: str,
    understanding: Mapping[str, Any],
    context: Context,
    text: str,
) -> Plan:
    """Return the plan for a follow-up.

    Args:
        knowledge: the grid.
        intent: `follow_up`, `other_topic`, `why`, `tell_more` or `choose_option`.
        understanding: what the pipeline understood of the message alone.
        context: what came before it.
        text: the message, for "the second one".
    """
    named = [t for t in understanding.get("topics") or () if t in knowledge.topics]
    if intent == "choose_option":
        return _choice(knowledge, context, text)
    if intent == "tell_more":
        return _more(knowledge, named, context)
    if intent == "why":
        return _why(knowledge, named, context, understanding)
    if intent == "other_topic":
        if not named:
            return _alone(understanding)
        return _of_topic(knowledge, named, context, context.aspect, understanding)
    if understanding.get("in_context"):
        return Plan.of(understanding["in_context"])
    if not named and understanding.get("aspect") is None:
        return _detail(knowledge, context, understanding)
    return _of_topic(knowledge, named, context, understanding.get("aspect"), understanding)


def _detail(knowledge: KnowledgeBase, context: Context, understanding: Mapping[str, Any]) -> Plan:
    """Tell again what a question on a detail of it is about: "always?", "which two?"."""
    last = context.entries[-1] if context.entries else ""
    if last and last == f"{context.topic}/{context.aspect}":
        return Plan("answer", (last,))
    return _of_topic(knowledge, (), context, None, understanding)


def _of_topic(
    knowledge: KnowledgeBase,
    named: Sequence[str],
    context: Context,
    aspect: str | None,
    understanding: Mapping[str, Any],
) -> Plan:
    """Keep the topic and change the aspect, or keep the aspect and change the topic."""
    uncovered = knowledge.uncovered(named)
    if uncovered:
        return Plan("not_covered", missing=((uncovered[0], aspect or "other"),))
    specific = knowledge.specific(named)
    general = [topic for topic in named if knowledge.topics[topic].general]
    topic = specific[0] if specific else context.topic
    if topic is None:
        # "For stage 4" alone says little: it counts where it has an entry for what was asked.
        found = next((e for t in general if aspect and (e := knowledge.closest(t, aspect))), None)
        if found:
            return Plan("answer", (found.id,))
        alone = _alone(understanding)
        if alone.kind == "clarify" and aspect and aspect != "why" and not knowledge.tells(aspect):
            return Plan("not_covered", missing=((None, aspect),))
        return alone
    if aspect is None:
        return _overview(knowledge, topic, context)
    entry = knowledge.closest(topic, aspect)
    if entry:
        return Plan("answer", (entry.id,))
    alone = _alone(understanding)
    if named and any(key.endswith(f"/{aspect}") for key in alone.entries):
        # "better if it's caught early?" names what another topic's entry answers.
        return alone
    return Plan("not_covered", missing=((topic, aspect),), options=_offer(knowledge, topic))


def _why(
    knowledge: KnowledgeBase,
    named: Sequence[str],
    context: Context,
    understanding: Mapping[str, Any],
) -> Plan:
    """Give the reason of what was just told; there is none to give for what was not."""
    if not named and context.topic and f"{context.topic}/{context.aspect}" not in context.entries:
        missing = ((context.topic, "why"),)
        return Plan("not_covered", missing=missing, options=_offer(knowledge, context.topic))
    told = knowledge.entries.get(context.entries[-1]) if context.entries and not named else None
    if told and told.why:
        return Plan("answer", (told.why,))
    return _of_topic(knowledge, named, context, "why", understanding)


def _overview(knowledge: KnowledgeBase, topic: str, context: Context) -> Plan:
    """A topic alone: what it is where the article tells, else its entries to choose from."""
    entry = knowledge.closest(topic, "definition")
    if entry and entry.id not in context.entries:
        return Plan("answer", (entry.id,))
    return Plan("clarify", options=_offer(knowledge, topic))


def _more(knowledge: KnowledgeBase, named: Sequence[str], context: Context) -> Plan:
    """Tell what comes next after the last entry, else what else there is on the topic."""
    if named:
        return _overview(knowledge, named[0], context)
    last = knowledge.entries.get(context.entries[-1]) if context.entries else None
    follow = list(last.next) if last else []
    if context.topic:
        follow += _offer(knowledge, context.topic)
    fresh = [key for key in dict.fromkeys(follow) if key not in context.entries]
    if fresh:
        return Plan("answer", (fresh[0],))
    return Plan("clarify", options=context.options)


def _choice(knowledge: KnowledgeBase, context: Context, text: str) -> Plan:
    """Tell the option that the words point at; ask again where they point at none."""
    found = re.findall(r"[a-z0-9]+", text.lower())
    picked = [_ORDINALS[word] for word in found if word in _ORDINALS]
    options = [key for key in context.options if key in knowledge.entries]
    if "last" in found and options:
        return Plan("answer", (options[-1],))
    if picked and picked[0] < len(options):
        return Plan("answer", (options[picked[0]],))
    return Plan("clarify", options=tuple(options))


def _alone(understanding: Mapping[str, Any]) -> Plan:
    """What the message means where nothing came before it."""
    standalone = understanding.get("standalone")
    return Plan.of(standalone) if standalone else Plan("clarify")


def _offer(knowledge: KnowledgeBase, topic: str) -> tuple[str, ...]:
    """Return the first entries of a topic, to choose from."""
    return tuple(entry.id for entry in knowledge.entries_of(topic))[:3]
