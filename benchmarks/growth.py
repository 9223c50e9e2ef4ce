"""What a reply costs as things grow: the knowledge base's entries, a conversation's turns."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import requests

from benchmarks import bots, edits, generated, made_model, measure
from footnote import paths, without_tensorflow
from footnote.channels.callers import LOCAL
from footnote.channels.callers import conversation as id_of
from footnote.knowledge import Entry, KnowledgeBase, load_knowledge
from footnote.serving.client import Conversation

SAMPLE = 40
"""Entries asked for, of any number."""
SLIPS = 8
"""Every so many messages the topic's name is mistyped."""
EDITS = 2
"""Answers edited of each knowledge base."""
RECORDED = 20
"""Turns of a real conversation, of which long ones are made."""
TOGETHER = 100
"""Turns stored at once."""


def with_entries(
    trained: Path, sizes: Sequence[int], rounds: int, scratch: Path
) -> dict[str, dict[str, list[float]]]:
    """Measure bots with knowledge bases of several sizes, asked in turns.

    Args:
        trained: the project's model, which each bot's is made from.
        sizes: how many entries each knowledge base has.
        rounds: times that every bot is asked, one bot after the other.
        scratch: where to make them.

    Returns:
        By size: `median`, `p95` and `cpu` (of all cores) of each round, `start` and `edit` (each
        edit's way to a reply) in seconds, `memory` in MB, and `right`, the share of messages that
        are answered from the entry that they ask for.
    """
    figures: dict[str, dict[str, list[float]]] = {}
    running: dict[str, tuple[bots.Started, list[str], Path]] = {}
    with ExitStack() as stack:
        for size in sizes:
            place = scratch / f"{size}-entries"
            place.mkdir()
            folder = generated.write(place / "knowledge", size)
            knowledge = load_knowledge(folder)
            model = made_model.make(trained, knowledge, place)
            bot = stack.enter_context(bots.ours(model, place, folder))
            asked = messages(knowledge)
            running[str(size)] = (bot, [*asked, *measure.SMALL_TALK], folder)
            figures[str(size)] = {"start": [bot.start], "right": [_right(bot.url, asked)]}
        for number in range(rounds):
            for name in measure.turned(list(running), number):
                bot, texts, _ = running[name]
                found = measure.replies(bot.url, bot.process_ids, len(texts), texts)
                round_of = {**measure.summary(found.seconds), "cpu": found.cpu_seconds}
                for key, value in round_of.items():
                    figures[name].setdefault(key, []).append(value)
        for name, (bot, _, folder) in running.items():
            figures[name]["edit"] = edits.to_live(bot.url, folder, EDITS).seconds
            figures[name]["memory"] = [measure.memory(bot.process_ids)]
    return figures


def messages(knowledge: KnowledgeBase) -> dict[str, str]:
    """Return what is asked of a generated knowledge base, and the entry that each asks for."""
    rng = random.Random(1)
    entries = rng.sample(list(knowledge.entries.values()), SAMPLE)
    return {_typed(entry, number % SLIPS == 0): entry.id for number, entry in enumerate(entries)}


def _typed(entry: Entry, mistyped: bool) -> str:
    # Without its last sign a question is not matched to the letter, as an option would be.
    text = entry.question.rstrip("?") + ", please"
    slip = entry.topic[:3] + entry.topic[2:]
    return text.replace(entry.topic, slip) if mistyped else text


def _right(url: str, asked: Mapping[str, str]) -> float:
    with requests.Session() as session:
        told = [
            entry in Conversation(url, session=session).ask(text, 60).payload.get("entries", ())
            for text, entry in asked.items()
        ]
    return sum(told) / len(told)


def with_turns(
    url: str, database: Path, counts: Sequence[int], rounds: int
) -> dict[str, list[float]]:
    """Measure replies late in conversations of several lengths, asked in turns.

    The turns before are put into the store by its own code, a hundred at once, as copies of a
    real conversation's: what a turn reads and writes does not depend on how they got there.

    Args:
        url: the running bot's address.
        database: its conversations.
        counts: turns that each conversation has before it is asked.
        rounds: messages for each.

    Returns:
        Seconds of each reply, by the count of turns before.
    """
    asked = measure.questions()
    with requests.Session() as session:
        recorded = Conversation(url, session=session)
        for text in islice(cycle(asked), RECORDED):
            recorded.ask(text, 60)
        talks = {count: Conversation(url, session=session) for count in counts}
        lengths = {_stored(talk): count for count, talk in talks.items()}
        asyncio.run(lengthen(database, _stored(recorded), lengths))
        seconds: dict[str, list[float]] = {str(count): [] for count in counts}
        for number, text in enumerate(islice(cycle(asked), rounds)):
            for name in measure.turned(list(seconds), number):
                begun = time.perf_counter()
                talks[int(name)].ask(text, 60)
                seconds[name].append(time.perf_counter() - begun)
    return seconds


def _stored(talk: Conversation) -> str:
    return id_of("rest", LOCAL, talk.sender)


async def lengthen(database: Path, recorded: str, lengths: Mapping[str, int]) -> None:
    """Store conversations made of the turns of a recorded one, over and over.

    Args:
        database: the SQLite file.
        recorded: the id of the conversation to copy.
        lengths: how many turns each new conversation gets, by its id.
    """
    without_tensorflow.install()
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.trackers import DialogueStateTracker

    from footnote.stores.tracker import FootnoteTrackerStore

    domain = Domain.load(str(paths.ROOT / "domain.yml"))
    store = FootnoteTrackerStore(domain, url=f"sqlite:///{database}")
    try:
        full = await store.retrieve_full_tracker(recorded)
        assert full is not None, "the conversation was just had"
        begin, turns = _turns_of(list(full.events))
        for key, count in lengths.items():
            copied = cycle(turns)
            for first in range(0, count, TOGETHER):
                stored = await store.retrieve(key)
                tracker = stored or DialogueStateTracker(key, domain.slots)
                several = islice(copied, min(TOGETHER, count - first))
                for event in (*(() if stored else begin), *(e for turn in several for e in turn)):
                    tracker.update(event)
                await store.save(tracker)
    finally:
        store.close()


def _turns_of(events: list[Any]) -> tuple[list[Any], list[list[Any]]]:
    """Return the events before the first message, and those of each turn."""
    from rasa.shared.core.events import UserUttered

    starts = [place for place, event in enumerate(events) if isinstance(event, UserUttered)]
    ends = [*starts[1:], len(events)]
    return events[: starts[0]], [events[a:b] for a, b in zip(starts, ends, strict=True)]
