"""Turns behind a webhook: bounded, remembered, finished before a stop."""

from __future__ import annotations

import asyncio

import pytest

from footnote.channels.background import Seen, Turns
from footnote.channels.identity import conversation_id
from footnote.channels.messaging import HeldReply
from footnote.replies import METADATA_KEY, bare_payload


def test_the_latest_ids_are_remembered() -> None:
    seen = Seen(capacity=2)
    for event in ("a", "b", "a", "c"):
        seen.add(event)
    assert ["a" in seen, "b" in seen, "c" in seen] == [True, False, True]


def test_a_stop_waits_for_turns_and_takes_no_more() -> None:
    async def story() -> list[str]:
        done: list[str] = []
        go_on = asyncio.Event()

        async def turn() -> None:
            await go_on.wait()
            done.append("turn")

        turns = Turns(most=2)
        turns.start(turn())
        assert not turns.stopping
        stop = asyncio.ensure_future(turns.stop(20))
        await asyncio.sleep(0)
        assert turns.stopping
        go_on.set()
        await stop
        return done

    assert asyncio.run(story()) == ["turn"]


def test_a_turn_that_hangs_does_not_keep_the_server_from_stopping() -> None:
    async def story() -> str:
        ended = []

        async def turn() -> None:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                ended.append("cancelled")
                raise

        turns = Turns()
        turns.start(turn())
        await asyncio.sleep(0)
        await turns.stop(patience=0.01)
        return ended[0]

    assert asyncio.run(story()) == "cancelled"


def test_no_more_turns_than_allowed() -> None:
    async def story() -> bool:
        turns = Turns(most=1)
        turns.start(asyncio.sleep(0))
        full = turns.full
        await turns.stop()
        return full

    assert asyncio.run(story())


def test_a_turn_that_fails_is_logged_without_what_it_says(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def story() -> None:
        async def turn() -> None:
            raise ValueError("my secret")

        turns = Turns()
        turns.start(turn())
        await asyncio.sleep(0)
        await turns.stop()

    asyncio.run(story())
    assert "A message was not handled: ValueError" in caplog.text
    assert "my secret" not in caplog.text


def test_a_held_reply_can_be_taken_back() -> None:
    async def story() -> tuple[str, bool, str]:
        held = HeldReply("slack")
        first = {"text": "an answer", "metadata": {METADATA_KEY: bare_payload("answer")}}
        await held.send_response("me", first)
        held.retract()
        taken_back = held.reply is None and not held.delivered
        second = {"text": "sorry", "metadata": {METADATA_KEY: bare_payload("error")}}
        await held.close("me", second)
        assert held.reply is not None
        return held.reply.kind, taken_back, held.name()

    assert asyncio.run(story()) == ("error", True, "slack")


def test_an_id_depends_on_channel_person_place_and_secret() -> None:
    same = conversation_id("slack", "s", "T1", "U1")
    assert same == conversation_id("slack", "s", "T1", "U1")
    others = {
        conversation_id("telegram", "s", "T1", "U1"),
        conversation_id("slack", "t", "T1", "U1"),
        conversation_id("slack", "s", "T1U", "1"),
        conversation_id("slack", "s", "T1"),
    }
    assert len(others | {same}) == 5
    assert "U1" not in same
