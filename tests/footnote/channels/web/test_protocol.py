"""The web channel's socket, driven without a browser: what strangers try, and what must hold."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

import jwt
import pytest
import websockets

from footnote.channels.web.limits import MAX_CHARACTERS, MAX_FRAME
from footnote.channels.web.tokens import Tokens, new_session
from tests.footnote.channels.web.conftest import FRIEND
from tests.helpers.web import SECRET, Refused, WebBot, connect, new_address, wait
from tests.helpers.web_bot import FAILS, MARKUP, SLOW

QUESTION = "Does chemotherapy have side effects?"
CRY = "I can't breathe"
LINE = "Please call 999 or 112 now."


def story(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Run an async test; a hang fails it."""

    @wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        asyncio.run(asyncio.wait_for(test(*args, **kwargs), 120))

    return run


@story
async def test_a_question_is_answered_with_its_sentences(protocol_bot: WebBot) -> None:
    window = await connect(protocol_bot)
    reply = await window.reply(QUESTION)
    assert reply["kind"] == "answer"
    assert [source["id"] for source in reply["sources"]] == ["chemotherapy.4", "chemotherapy.5"]
    assert "Source:" not in reply["text"]
    assert reply["choices"]
    await window.close()


# Sessions


@story
async def test_a_token_brings_back_the_conversation(protocol_bot: WebBot) -> None:
    window = await connect(protocol_bot)
    token = (await window.ask("start"))["token"]
    reply = await window.reply(QUESTION)
    await window.close()
    again = await connect(protocol_bot, token)
    assert (await again.ask("start"))["resumed"] is True
    messages = (await again.ask("history"))["messages"]
    assert [each["from"] for each in messages] == ["person", "bot"]
    assert messages[1] == {**reply, "at": messages[1]["at"]}
    await again.close()


def _unsigned(session: str) -> str:
    def part(data: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")

    claims = {"sub": session, "aud": "footnote-web", "iat": 1, "exp": time.time() + 999}
    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}."


def _claims(session: object, **changed: object) -> dict[str, Any]:
    now = int(time.time())
    return {"sub": session, "aud": "footnote-web", "iat": now, "exp": now + 999, **changed}


@pytest.mark.parametrize(
    "forge",
    [
        pytest.param(lambda session, good: session, id="the bare id"),
        pytest.param(lambda session, good: _unsigned(session), id="no signature"),
        pytest.param(lambda session, good: good[:-4] + "AAAA", id="a broken signature"),
        pytest.param(lambda session, good: good.rsplit(".", 1)[0] + ".", id="signature cut off"),
        pytest.param(
            lambda session, good: Tokens("another secret of 32 characters!!", 30).issue(session),
            id="another key",
        ),
        pytest.param(
            lambda session, good: jwt.encode(_claims(session, exp=1), SECRET), id="expired"
        ),
        pytest.param(
            lambda session, good: jwt.encode(_claims(session, aud="other"), SECRET),
            id="for something else",
        ),
        pytest.param(
            lambda session, good: jwt.encode(_claims(session), SECRET + "x" * 32, "HS512"),
            id="another algorithm",
        ),
        pytest.param(lambda session, good: {"token": good}, id="no text"),
        pytest.param(lambda session, good: [session], id="a list"),
        pytest.param(lambda session, good: "x" * 10_000, id="very long"),
        pytest.param(lambda session, good: "", id="empty"),
    ],
)
@story
async def test_a_stolen_id_without_its_signature_gives_nothing(
    protocol_bot: WebBot, forge: Callable[[str, str], Any]
) -> None:
    victim = await connect(protocol_bot)
    good = (await victim.ask("start"))["token"]
    session = jwt.decode(good, options={"verify_signature": False})["sub"]
    await victim.reply("my secret name is Zebra")
    thief = await connect(protocol_bot, forge(session, good))
    start = await thief.ask("start")
    assert start["resumed"] is False
    assert (await thief.ask("history"))["messages"] == []
    await victim.reply("and I live in Zebraland")
    await thief.reply("what did I say")
    assert "Zebra" not in json.dumps(thief.said)
    assert "what did I say" not in json.dumps(victim.said)
    assert jwt.decode(start["token"], options={"verify_signature": False})["sub"] != session
    await thief.close()
    await victim.close()


@pytest.mark.parametrize("session", ["default", "someone", "web-short", "", 5, None, {"a": 1}])
@story
async def test_even_a_signed_token_opens_web_conversations_only(
    protocol_bot: WebBot, session: object
) -> None:
    try:
        token = jwt.encode(_claims(session), SECRET)
    except TypeError:
        pytest.skip("PyJWT does not sign that at all")
    window = await connect(protocol_bot, token)
    assert (await window.ask("start"))["resumed"] is False
    await window.close()


@pytest.mark.parametrize("auth", [None, [], "token", 5, {"token": None}, {"country": {"a": 1}}])
@story
async def test_an_odd_handshake_begins_a_new_conversation(protocol_bot: WebBot, auth: Any) -> None:
    window = await connect(protocol_bot, auth=auth)
    assert (await window.ask("start"))["resumed"] is False
    await window.close()


@story
async def test_two_strangers_do_not_hear_each_other(protocol_bot: WebBot) -> None:
    one, other = await connect(protocol_bot), await connect(protocol_bot)
    await one.reply(QUESTION)
    await other.reply("hello")
    assert {each["text"] for each in other.said if each["from"] == "person"} == {"hello"}
    await one.close()
    await other.close()


@story
async def test_two_windows_of_one_conversation_stay_in_step(protocol_bot: WebBot) -> None:
    one = await connect(protocol_bot)
    two = await connect(protocol_bot, (await one.ask("start"))["token"])
    reply = await one.reply(QUESTION)
    await two.until(lambda each: each["id"] == reply["id"])
    assert one.said == two.said
    rated = await two.ask("rate", {"reply": reply["id"], "helpful": True})
    assert rated["ok"]
    assert await one.until_told("rated") == {"reply": reply["id"], "helpful": True}
    assert (await one.ask("history"))["messages"][1]["helpful"] is True
    await one.close()
    await two.close()


@story
async def test_a_reply_made_while_the_client_was_away_is_there_when_it_comes_back(
    protocol_bot: WebBot,
) -> None:
    window = await connect(protocol_bot)
    token = (await window.ask("start"))["token"]
    await window.send(SLOW)
    await window.close()
    again = await connect(protocol_bot, token)
    assert (await again.ask("start"))["busy"] is True
    await again.until(lambda each: each["from"] == "bot")
    messages = (await again.ask("history"))["messages"]
    assert [each["text"] for each in messages] == [SLOW, f"You said: {SLOW}"]
    await again.close()


@story
async def test_a_message_sent_twice_is_taken_once(protocol_bot: WebBot) -> None:
    window = await connect(protocol_bot)
    message_id = window.new_id()
    for again in (False, True, False):
        assert (await window.send(QUESTION, message_id, again=again))["ok"]
    await window.reply("hello")
    messages = (await window.ask("history"))["messages"]
    assert [each["text"] for each in messages if each["from"] == "person"] == [QUESTION, "hello"]
    await window.close()


@story
async def test_messages_are_taken_one_after_the_other(protocol_bot: WebBot) -> None:
    window = await connect(protocol_bot)
    for text in (SLOW, "second", "third"):
        assert (await window.send(text))["ok"]
    await window.until(lambda each: each["text"] == "You said: third")
    replies = [each["text"] for each in window.said if each["from"] == "bot"]
    assert replies == [f"You said: {SLOW}", "You said: second", "You said: third"]
    await window.close()


# Erasing


@story
async def test_erasing_leaves_nothing_and_the_old_token_begins_anew(protocol_bot: WebBot) -> None:
    window = await connect(protocol_bot)
    token = (await window.ask("start"))["token"]
    session = jwt.decode(token, options={"verify_signature": False})["sub"]
    await window.reply("my secret name is Okapi")
    asked = await window.reply("delete my data")
    assert [choice["send"] for choice in asked["choices"]] == ["yes", "no"]
    assert session.encode() in protocol_bot.stored()
    await window.reply("yes")
    await window.until_told("erased")
    assert session.encode() not in protocol_bot.stored()
    assert b"Okapi" not in protocol_bot.stored()
    assert (await window.send("hello again"))["code"] == "erased"
    assert not (await window.ask("rate", {"reply": "x.r", "helpful": True})).get("ok")
    assert session.encode() not in protocol_bot.stored()
    await window.close()
    later = await connect(protocol_bot, token)
    assert (await later.ask("start"))["resumed"] is False
    await later.close()


@story
async def test_what_another_window_sends_while_erasing_is_not_kept(protocol_bot: WebBot) -> None:
    one = await connect(protocol_bot)
    token = (await one.ask("start"))["token"]
    session = jwt.decode(token, options={"verify_signature": False})["sub"]
    two = await connect(protocol_bot, token)
    await one.reply("delete my data")
    await asyncio.gather(one.send("yes"), two.send("and this?"), two.send(CRY))
    assert (await two.until(lambda each: each.get("kind") == "emergency"))["text"].count(LINE)
    await two.until_told("erased")
    assert session.encode() not in protocol_bot.stored()
    await one.close()
    await two.close()


# Danger


@story
async def test_a_cry_for_help_passes_everything_that_waits(protocol_bot: WebBot) -> None:
    window = await connect(protocol_bot)
    for _ in range(5):
        assert (await window.send(SLOW))["ok"]
    reply = await window.reply(CRY)
    assert reply["kind"] == "emergency"
    assert LINE in reply["text"]
    assert [link["href"] for link in reply["links"]] == ["tel:999", "tel:112"]
    assert not [each for each in window.said if each.get("text") == f"You said: {SLOW}"]
    await window.close()


@pytest.mark.parametrize(
    ("text", "code"),
    [(f"{CRY} {'and so on ' * 60}", "too-long"), (CRY, "too-fast"), (f"/{CRY}", "too-fast")],
)
@story
async def test_a_refused_message_still_passes_triage(
    protocol_bot: WebBot, text: str, code: str
) -> None:
    window = await connect(protocol_bot)
    if code == "too-fast":
        while (await window.send("hello")).get("ok"):
            pass
    assert (await window.send(text.replace(CRY, "hello there")))["code"] == code
    assert (await window.reply(text))["kind"] == "emergency"
    await window.close()


@pytest.mark.parametrize(("country", "number"), [("US", "911"), ("gb", "999"), ("ZZ", "999")])
@story
async def test_a_page_says_which_countrys_numbers_to_give(
    protocol_bot: WebBot, country: str, number: str
) -> None:
    window = await connect(protocol_bot, country=country)
    start = await window.ask("start")
    assert number in start["emergency"]["text"]
    assert number in (await window.reply(CRY))["text"]
    stored: list[dict[str, Any]] = []
    for _ in range(100):
        stored = (await window.ask("history"))["messages"]
        if len(stored) > 1:
            break
        await asyncio.sleep(0.05)
    assert number in stored[1]["text"]
    await window.close()


@story
async def test_a_turn_that_fails_is_told_with_the_number_to_call(protocol_bot: WebBot) -> None:
    window = await connect(protocol_bot)
    reply = await window.reply(FAILS)
    assert reply["kind"] == "error"
    assert LINE in reply["text"]
    assert (await window.reply("hello"))["kind"] == "social"
    await window.close()


# Text as text


@story
async def test_markup_comes_through_as_text(protocol_bot: WebBot) -> None:
    window = await connect(protocol_bot)
    assert (await window.reply("show markup"))["text"] == MARKUP
    echoed = await window.reply("<b>bold</b>")
    assert echoed["text"] == "You said: <b>bold</b>"
    await window.close()


@pytest.mark.parametrize("text", ["/restart", "//restart", "/session_start", '/greet{"a": 1}'])
@story
async def test_slash_messages_are_text(protocol_bot: WebBot, text: str) -> None:
    window = await connect(protocol_bot)
    reply = await window.reply(text)
    assert reply["text"] == f"You said: {text.lstrip('/')}"
    await window.close()


# What cannot be used


@pytest.mark.parametrize(
    "data",
    [
        (),
        (None,),
        ([],),
        ("text",),
        ({},),
        ({"text": "hello"},),
        ({"text": "hello", "id": "short"},),
        ({"text": "hello", "id": "../../../etc/passwd"},),
        ({"text": "hello", "id": "x" * 41},),
        ({"text": {"a": 1}, "id": "a-good-id-1"},),
        ({"text": "", "id": "a-good-id-2"},),
        ({"text": "\u0000", "id": "a-good-id-3"},),
        ({"text": "hello", "id": {"$gt": ""}},),
        ({"text": "hello"}, {"id": "x"}, 1, 2, 3),
    ],
)
@pytest.mark.parametrize("event", ["message", "rate"])
@story
async def test_what_cannot_be_read_is_refused_in_plain_words(
    protocol_bot: WebBot, event: str, data: tuple[Any, ...]
) -> None:
    window = await connect(protocol_bot)
    answer = await window.ask(event, *data)
    assert answer["ok"] is False
    assert answer["text"]
    assert (await window.reply("hello"))["kind"] == "social"
    await window.close()


@story
async def test_an_odd_character_is_stored_and_given_back(protocol_bot: WebBot) -> None:
    window = await connect(protocol_bot)
    await window.raw('42["message",{"id":"half-a-pair-1","text":"half \\ud83d of a pair"}]')
    reply = await window.until(lambda each: each["id"] == "half-a-pair-1.r")
    assert reply["text"] == "You said: half ? of a pair"
    await window.close()


@story
async def test_a_message_may_have_500_characters(protocol_bot: WebBot) -> None:
    window = await connect(protocol_bot)
    assert (await window.send("x" * MAX_CHARACTERS))["ok"]
    answer = await window.send("x" * (MAX_CHARACTERS + 1))
    assert answer["code"] == "too-long"
    assert "500 characters" in answer["text"]
    await window.close()


@pytest.mark.parametrize(
    "frame",
    [
        "4",
        "4x",
        "42",
        "42[",
        "42{}",
        "42[]",
        "42" + "[" * 5000,
        '42["no-such-event",{}]',
        '42["connect",{}]',
        '42["disconnect"]',
        '42[["message"],{}]',
        '42[{"message":1}]',
        "40",
        '40/admin,{"token":1}',
        "41",
        "4199999999999999999999",
        "43",
        '4399["x"]',
        '451-["message",{"_placeholder":true,"num":0}]',
        '4599999999-["message",{"_placeholder":true,"num":0}]',
        "46",
        "9",
        "x",
        "",
        b"\x04binary",
        b"\x00" * 1000,
    ],
)
@story
async def test_an_odd_frame_harms_nobody_else(protocol_bot: WebBot, frame: str | bytes) -> None:
    bystander, attacker = await connect(protocol_bot), await connect(protocol_bot)
    try:
        for _ in range(3):
            await attacker.raw(frame)
    except websockets.ConnectionClosed:
        pass
    assert (await bystander.reply("hello"))["kind"] == "social"
    await attacker.close()
    await bystander.close()


@pytest.mark.parametrize("size", [MAX_FRAME + 1, 900_000])
@story
async def test_a_big_frame_ends_its_connection_only(protocol_bot: WebBot, size: int) -> None:
    bystander, attacker = await connect(protocol_bot), await connect(protocol_bot)
    frame = json.dumps(["message", {"id": "a-big-message", "text": "x" * size}])
    await attacker.raw(f"42{frame}")
    await wait(lambda: attacker.closed, "the connection stays open")
    assert (await bystander.reply("hello"))["kind"] == "social"
    await bystander.close()


# Floods


@story
async def test_a_flood_of_messages_is_refused_and_others_are_served(protocol_bot: WebBot) -> None:
    bystander, flooder = await connect(protocol_bot), await connect(protocol_bot)
    answers = [await flooder.send("hello") for _ in range(30)]
    refused = [each for each in answers if not each["ok"]]
    assert {each["code"] for each in refused} == {"too-fast"}
    assert len(refused) >= 15
    assert all("wait" in each["text"] for each in refused)
    assert (await bystander.reply("hello"))["kind"] == "social"
    await flooder.close()
    await bystander.close()


@story
async def test_a_flood_of_frames_ends_its_connection(protocol_bot: WebBot) -> None:
    bystander, flooder = await connect(protocol_bot), await connect(protocol_bot)
    try:
        for _ in range(500):
            await flooder.raw('42["nothing",{}]')
    except websockets.ConnectionClosed:
        pass
    await wait(lambda: flooder.closed, "the flood goes on")
    assert (await bystander.reply("hello"))["kind"] == "social"
    await bystander.close()


@story
async def test_an_address_has_so_many_windows_at_once(protocol_bot: WebBot) -> None:
    address = new_address()
    windows = [await connect(protocol_bot, address=address) for _ in range(5)]
    with pytest.raises(Refused) as refused:
        await connect(protocol_bot, address=address)
    assert refused.value.data["data"]["code"] == "too-many"
    assert "close one" in refused.value.data["data"]["text"]
    await (await connect(protocol_bot)).close()
    await windows[0].close()
    for _ in range(100):
        try:
            windows[0] = await connect(protocol_bot, address=address)
            break
        except Refused:
            await asyncio.sleep(0.05)
    assert (await windows[0].reply("hello"))["kind"] == "social"
    for window in windows:
        await window.close()


@story
async def test_a_forged_forwarded_address_does_not_help(protocol_bot: WebBot) -> None:
    # The proxy appends the true address; only the last one counts.
    address = new_address()
    windows = [await connect(protocol_bot, address=f"198.51.100.{i}, {address}") for i in range(5)]
    with pytest.raises(Refused):
        await connect(protocol_bot, address=f"198.51.100.99, {address}")
    for window in windows:
        await window.close()


# Origins


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "https://hospital.example.evil.example",
        "http://hospital.example",
        "https://hospital.example:8443",
        "file://",
    ],
)
@story
async def test_a_foreign_origin_is_refused(protocol_bot: WebBot, origin: str) -> None:
    with pytest.raises(websockets.InvalidStatusCode):
        await connect(protocol_bot, origin=origin)


@story
async def test_the_own_origin_and_the_listed_one_are_let_in(protocol_bot: WebBot) -> None:
    for origin in (protocol_bot.url, FRIEND):
        window = await connect(protocol_bot, origin=origin)
        assert (await window.ask("start"))["ok"]
        await window.close()


# What is logged


def test_nothing_that_was_said_is_in_the_log(protocol_bot: WebBot) -> None:
    @story
    async def say() -> None:
        window = await connect(protocol_bot)
        for text in ("my quagga", f"{CRY} quagga", FAILS, "x quagga" * 100):
            await window.send(text)
        await window.raw('42["message",{"text":"quagga"')
        await wait(lambda: window.closed, "the connection stays open")

    say()
    log = protocol_bot.logged()
    assert "quagga" not in log
    assert "Traceback" not in log
    assert "web-" not in log.replace("web-secret", "")


def test_a_new_session_is_not_guessable() -> None:
    ids = {new_session() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(len(each) == len("web-") + 22 for each in ids)
