"""Whatever Rasa does behind it, a message gets one reply with one payload, danger first."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage

from footnote.channels.gateway import Gateway, Handler, PayloadChannel, as_message, without_slashes
from footnote.channels.rest import RestOutput
from footnote.replies import METADATA_KEY, bare_payload
from footnote.safety.wording import SafetyWording
from footnote.settings import Settings
from tests.helpers.garden import helplines

SOON = 0.05
GENEROUS = 20.0
CRY = "I can't breathe"
LINE = "Please call 999 or 112 now."
RESPONSE = {"text": "An answer.", "metadata": {METADATA_KEY: bare_payload("answer")}}


class Turn:
    """Stands in for Rasa's handler: records the messages, then does what it is told."""

    def __init__(self, *responses: dict[str, Any], hang: bool = False, fail: bool = False) -> None:
        self.seen: list[UserMessage] = []
        self._responses = responses
        self._fail = fail
        self._go_on = asyncio.Event()
        if not hang:
            self._go_on.set()

    def go_on(self) -> None:
        self._go_on.set()

    async def __call__(self, message: UserMessage) -> None:
        self.seen.append(message)
        await self._go_on.wait()
        if self._fail:
            raise ValueError(f"cannot handle {message.text!r}")
        for response in self._responses:
            await message.output_channel.send_response(message.sender_id, response)


def gateway(timeout: float = GENEROUS) -> Gateway:
    settings = Settings(country="GB", reply_timeout=timeout)
    return Gateway(settings, SafetyWording.of(helplines(), settings))


async def say(text: str | None, turn: Handler, timeout: float = GENEROUS) -> RestOutput:
    output = RestOutput()
    message = UserMessage(text, output, "someone", input_channel="rest", message_id="its-own-id")
    await asyncio.wait_for(gateway(timeout).handle(message, turn), GENEROUS * 2)
    return output


def kinds(output: RestOutput) -> list[str]:
    return [message["custom"]["kind"] for message in output.messages]


async def soon() -> None:
    """Let the tasks behind a reply run."""
    for _ in range(10):
        await asyncio.sleep(0)


def test_an_answer_goes_through() -> None:
    async def story() -> None:
        turn = Turn(RESPONSE)
        output = await say("what is it", turn)
        assert output.messages == [
            {"recipient_id": "someone", "text": "An answer.", "custom": bare_payload("answer")}
        ]
        assert [message.text for message in turn.seen] == ["what is it"]

    asyncio.run(story())


@pytest.mark.parametrize(
    ("cry", "kind", "number"),
    [
        (CRY, "emergency", "999"),
        ("I want to die", "crisis", "116 123"),
        ("/" + CRY, "emergency", "999"),
    ],
)
@pytest.mark.parametrize("behind", [{"hang": True}, {"fail": True}, {}])
def test_danger_is_answered_whatever_happens_behind(
    cry: str, kind: str, number: str, behind: dict[str, bool]
) -> None:
    async def story() -> None:
        output = await say(cry, Turn(RESPONSE, **behind))
        await soon()
        assert kinds(output) == [kind]
        assert output.messages[0]["custom"] == bare_payload(kind)
        assert number in output.messages[0]["text"]

    asyncio.run(story())


def test_the_turn_of_a_danger_is_recorded_behind_the_reply() -> None:
    async def story() -> None:
        turn = Turn(RESPONSE)
        output = await say(CRY, turn)
        await soon()
        (recorded,) = turn.seen
        assert (recorded.text, recorded.sender_id) == (CRY, "someone")
        assert recorded.input_channel == "rest"
        assert recorded.message_id == "its-own-id"
        assert recorded.output_channel is not output
        assert kinds(output) == ["emergency"]

    asyncio.run(story())


def test_a_hanging_turn_is_told_and_its_late_reply_dropped() -> None:
    async def story() -> None:
        turn = Turn(RESPONSE, hang=True)
        output = await say("what is it", turn, timeout=SOON)
        assert kinds(output) == ["error"]
        assert LINE in output.messages[0]["text"]
        turn.go_on()
        await soon()
        assert len(turn.seen) == 1
        assert kinds(output) == ["error"]

    asyncio.run(story())


class SentAtOnce(PayloadChannel):
    """A channel whose messages are out of its hands once they are sent."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[dict[str, Any]] = []

    async def deliver(self, recipient_id: str, message: dict[str, Any]) -> None:
        self.messages.append(message)


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize(
    ("channel", "given"), [(RestOutput, "error"), (SentAtOnce, "answer")], ids=["held", "sent"]
)
def test_an_answer_whose_turn_was_not_stored_is_taken_back_where_it_can_be(
    channel: type[RestOutput] | type[SentAtOnce], given: str, fails: bool
) -> None:
    async def story() -> None:
        async def answers_and_does_not_store(message: UserMessage) -> None:
            await message.output_channel.send_response("someone", RESPONSE)
            if fails:
                raise RuntimeError
            await asyncio.sleep(GENEROUS)

        output = channel()
        message = UserMessage("what is it", output, "someone", input_channel="rest")
        await gateway(GENEROUS if fails else SOON).handle(message, answers_and_does_not_store)
        assert [sent["custom"]["kind"] for sent in output.messages] == [given]

    asyncio.run(story())


def test_a_stop_waits_for_what_is_in_hand() -> None:
    async def story() -> None:
        turn, messages = Turn(RESPONSE, hang=True), gateway()
        output = RestOutput()
        message = UserMessage("what is it", output, "someone", input_channel="rest")
        asked = asyncio.ensure_future(messages.handle(message, turn))
        await soon()
        stopping = asyncio.ensure_future(messages.work.drain())
        await soon()
        assert messages.work.stopping
        assert not stopping.done()
        turn.go_on()
        await asyncio.wait_for(stopping, GENEROUS)
        assert asked.done()
        assert kinds(output) == ["answer"]

    asyncio.run(story())


@pytest.mark.parametrize(
    "turn",
    [
        pytest.param(lambda: Turn(fail=True), id="fails"),
        pytest.param(lambda: Turn(), id="sends nothing"),
        pytest.param(lambda: Turn({"text": "no payload"}), id="sends no payload"),
    ],
)
def test_a_turn_that_comes_to_nothing_is_one_error_with_the_number_to_call(turn) -> None:
    async def story() -> None:
        output = await say("what is it", turn())
        assert kinds(output) == ["error"]
        assert LINE in output.messages[0]["text"]

    asyncio.run(story())


def test_only_the_first_of_several_responses_is_sent() -> None:
    async def story() -> None:
        output = await say("what is it", Turn({"text": "aside"}, RESPONSE, RESPONSE))
        assert kinds(output) == ["answer"]

    asyncio.run(story())


@pytest.mark.parametrize("cry", ["what of my secret lump", f"{CRY} my secret lump"])
@pytest.mark.parametrize("behind", [{"hang": True}, {"fail": True}])
def test_a_failure_is_logged_without_the_message(
    cry: str, behind: dict[str, bool], caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        turn = Turn(**behind)
        await say(cry, turn, timeout=SOON)
        await soon()

    with caplog.at_level(logging.DEBUG, logger="footnote"):
        asyncio.run(story())
    logged = [record for record in caplog.records if record.name.startswith("footnote")]
    assert logged or "hang" in behind
    assert "secret" not in caplog.text
    assert "someone" not in caplog.text


def test_a_failure_is_logged_with_its_kind(caplog: pytest.LogCaptureFixture) -> None:
    asyncio.run(say("what is it", Turn(fail=True)))
    assert "A turn failed: ValueError" in caplog.text


@pytest.mark.parametrize(
    "typed", ["/restart", "//restart", " /restart", "/ /restart", "/ / restart", '/greet{"a": 1}']
)
def test_a_slash_message_never_reaches_rasa_as_one(typed: str) -> None:
    async def story() -> None:
        turn = Turn(RESPONSE)
        await say(typed, turn)
        assert not turn.seen[0].text.lstrip().startswith("/")

    asyncio.run(story())


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("hello", "hello"),
        ("/restart", "restart"),
        ("and/or", "and/or"),
        ("  hi  ", "hi"),
        ("", "?"),
        ("///", "?"),
        (" / / ", "?"),
        ("x" * 20_000, "x" * 10_000),
    ],
)
def test_slashes_in_front_are_taken_away(typed: str, expected: str) -> None:
    assert without_slashes(typed) == expected


def test_no_text_at_all_is_still_replied_to() -> None:
    async def story() -> None:
        assert kinds(await say(None, Turn(RESPONSE))) == ["answer"]

    asyncio.run(story())


def test_buttons_go_with_the_message() -> None:
    buttons = [{"title": "a", "payload": "b"}]
    message = as_message("me", {"text": None, "buttons": buttons}, bare_payload("clarify"))
    assert message == {
        "recipient_id": "me",
        "text": "",
        "buttons": buttons,
        "custom": bare_payload("clarify"),
    }


def test_a_channel_has_to_say_how_it_delivers() -> None:
    with pytest.raises(NotImplementedError):
        asyncio.run(PayloadChannel().send_response("me", RESPONSE))
