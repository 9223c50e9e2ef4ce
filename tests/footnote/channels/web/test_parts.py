"""The web channel's small parts: tokens, buckets, files, messages, sessions."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered

from footnote.channels.web.files import Body, accepts_gzip
from footnote.channels.web.limits import Buckets
from footnote.channels.web.messages import history, without_apparatus
from footnote.channels.web.output import WebOutput
from footnote.channels.web.safety import Countries, dial
from footnote.channels.web.sessions import Sessions
from footnote.channels.web.tokens import Tokens, new_session
from footnote.knowledge import load_knowledge
from footnote.replies import METADATA_KEY, answer, bare_payload, payload
from footnote.settings import Settings

KNOWLEDGE = load_knowledge()


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def countries() -> Countries:
    return Countries(KNOWLEDGE.helplines, Settings(country=None, care_team_phone="020 7946 0000"))


# Tokens


def test_a_token_counts_for_its_days_and_no_longer(clock: Clock) -> None:
    tokens, session = Tokens("x" * 32, 2, clock), new_session()
    token = tokens.issue(session)
    clock.now += 2 * 86400 - 1
    assert tokens.session(token) == session
    clock.now += 1
    assert tokens.session(token) is None


# Buckets


def test_a_bucket_refills_with_time(clock: Clock) -> None:
    buckets = Buckets(2, 0.5, clock=clock)
    assert [buckets.take("a") for _ in range(3)] == [True, True, False]
    assert buckets.take("b")
    assert buckets.wait("a") == 2
    clock.now += 2
    assert [buckets.take("a") for _ in range(2)] == [True, False]
    clock.now += 1000
    assert [buckets.take("a") for _ in range(3)] == [True, True, False]


def test_buckets_forget_the_oldest_and_the_full(clock: Clock) -> None:
    buckets = Buckets(2, 1, keys=3, clock=clock)
    for key in range(10):
        buckets.take(key)
    assert len(buckets._levels) == 3
    clock.now += 10
    buckets.take("new")
    assert list(buckets._levels) == ["new"]


# Files


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        ("gzip, deflate, br", True),
        ("br;q=1.0, gzip;q=0.8", True),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0", False),
        ("", False),
        ("identity", False),
    ],
)
def test_gzip_is_sent_to_those_who_take_it(header: str, taken: bool) -> None:
    assert accepts_gzip(header) is taken


def test_a_body_has_the_same_etag_and_gzip_every_time() -> None:
    assert Body(b"x" * 100, "text/plain") == Body(b"x" * 100, "text/plain")
    assert Body(b"x", "text/plain").etag != Body(b"y", "text/plain").etag


# Messages


def test_no_entry_of_the_knowledge_base_keeps_its_source_and_note_lines() -> None:
    for key in KNOWLEDGE.entries:
        reply = answer(KNOWLEDGE, [key])
        text = without_apparatus(reply.text, payload(KNOWLEDGE, reply))
        assert text == KNOWLEDGE.entries[key].answer.strip()


def test_what_looks_like_a_source_line_in_a_plain_reply_stays() -> None:
    text = "Source: nobody knows.\nEditor's note: nor I."
    assert without_apparatus(text, bare_payload("social")) == text


def _bot(text: str, reply: dict[str, Any] | None, response: str | None = None) -> BotUttered:
    metadata = {"metadata": {METADATA_KEY: reply}} if reply else {}
    return BotUttered(text, metadata={**metadata, "utter_action": response})


def test_history_pairs_each_message_with_its_reply(countries: Countries) -> None:
    events = [
        _bot("before anybody spoke", bare_payload("social")),
        UserUttered("/session_start", message_id="s"),
        UserUttered("one", message_id="m1"),
        _bot("an aside", None),
        _bot("reply one", bare_payload("answer")),
        _bot("a second reply", bare_payload("answer")),
        UserUttered("two", message_id="m2"),
        UserUttered("erase", message_id="m3"),
        _bot("Shall I?", bare_payload("social"), "utter_ask_erase"),
        SlotSet("feedback", {"reply": "m1.r", "helpful": False}),
        SlotSet("feedback", {"reply": "nothing", "helpful": True}),
        SlotSet("feedback", None),
    ]
    messages = history(events, countries.get(None))
    assert [each["id"] for each in messages] == ["m1", "m1.r", "m2", "m3", "m3.r"]
    assert messages[1]["helpful"] is False
    assert [choice["send"] for choice in messages[4]["choices"]] == ["yes", "no"]


# Whom to call


def test_where_no_country_is_named_all_numbers_of_the_text_can_be_dialled(
    countries: Countries,
) -> None:
    safety = countries.get(None)
    assert [link.text for link in safety.links(safety.wording.emergency)] == ["112", "911", "999"]
    crisis = {link.text: link.href for link in safety.links(safety.wording.crisis)}
    assert crisis["findahelpline.com"] == "https://findahelpline.com"


@pytest.mark.parametrize("code", [each.country for each in KNOWLEDGE.helplines.countries])
def test_every_countrys_numbers_take_the_place_of_the_general_ones(
    countries: Countries, code: str
) -> None:
    general, safety = countries.get(None), countries.get(code.lower())
    for name in ("emergency", "crisis", "emergency_line", "crisis_line", "reminder"):
        text = f"Before. {getattr(general.wording, name)} After."
        assert safety.localised(text) == f"Before. {getattr(safety.wording, name)} After."
    shown = [link.text for link in safety.links(safety.wording.emergency)]
    found = next(each for each in KNOWLEDGE.helplines.countries if each.country == code)
    assert set(found.emergency.numbers) <= set(shown)


def test_the_care_teams_number_can_be_dialled_wherever_it_is_named(countries: Countries) -> None:
    (link,) = countries.get("GB").links("Ask the nurses (020 7946 0000). About 112 people did.")
    assert link.href == "tel:02079460000"


@pytest.mark.parametrize("country", [None, "", "XX", 5, ["GB"], "GB' --", "G" * 1000])
def test_an_unknown_country_gets_the_deployments_numbers(
    countries: Countries, country: object
) -> None:
    assert countries.get(country) is countries.get(None)


def test_a_number_is_dialled_without_its_spaces() -> None:
    assert dial("+44 (0)20-7946") == "tel:+440207946"


# Late replies


def test_a_late_reply_follows_the_error_under_an_id_of_its_own(countries: Countries) -> None:
    said: list[dict[str, Any]] = []

    async def say(message: dict[str, Any]) -> None:
        said.append(message)

    async def late() -> None:
        output = WebOutput("m1", countries.get(None), say)
        for kind in ("error", "answer", "answer"):
            response = {"text": kind, "metadata": {METADATA_KEY: bare_payload(kind)}}
            if kind == "error":
                await output.close("me", response)
            else:
                await output.send_response("me", response)

    asyncio.run(late())
    assert [each["id"] for each in said] == ["m1.e", "m1.r"]


def test_a_danger_reply_is_followed_by_nothing(countries: Countries) -> None:
    said: list[dict[str, Any]] = []

    async def say(message: dict[str, Any]) -> None:
        said.append(message)

    async def danger() -> None:
        output = WebOutput("m1", countries.get(None), say)
        for kind in ("emergency", "answer"):
            response = {"text": kind, "metadata": {METADATA_KEY: bare_payload(kind)}}
            await output.close("me", response)

    asyncio.run(danger())
    assert [each["kind"] for each in said] == ["emergency"]


# Sessions


def test_an_erased_conversation_is_not_handed_to_rasa_again(clock: Clock) -> None:
    sessions, seen = Sessions(clock), []

    async def rasa(message: UserMessage) -> None:
        seen.append(message.text)

    async def after() -> None:
        seen.append("after")

    async def run() -> None:
        session = sessions.join("web-one")
        await session.handler(rasa, after)(UserMessage("one"))
        sessions.erase(session)
        await session.handler(rasa, after)(UserMessage("two"))
        await session.settled()

    asyncio.run(run())
    assert seen == ["one", "after"]
    assert sessions.is_erased("web-one")
    clock.now += 3601
    assert not sessions.is_erased("web-one")
