"""What an HTTP channel refuses, in plain words."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footnote.channels.requests import MAX_BODY, MAX_SENDER, BadRequest, Incoming, parse


def body(**fields: object) -> bytes:
    return json.dumps(fields).encode()


def test_a_message_is_read_and_all_else_ignored() -> None:
    sent = body(sender=" me ", message=" hello ", input_channel="slack", metadata={"a": 1})
    assert parse(sent) == Incoming("me", " hello ")


def test_an_empty_message_is_a_message() -> None:
    assert parse(body(sender="me", message="")).text == ""


@pytest.mark.parametrize(
    ("sent", "status", "reason"),
    [
        (b"", 400, "not JSON"),
        (b"hello", 400, "not JSON"),
        (b'{"sender": "me", "message": "hi"', 400, "not JSON"),
        (b'{"sender": "me", "message": "\xff"}', 400, "UTF-8"),
        (b"[" * 20000, 400, "not JSON"),
        (b"[]", 400, "not an object"),
        (b'"hello"', 400, "not an object"),
        (b"null", 400, "not an object"),
        (body(message="hi"), 400, '"sender" is missing'),
        (body(sender="", message="hi"), 400, '"sender" is missing'),
        (body(sender="  ", message="hi"), 400, '"sender" is missing'),
        (body(sender=7, message="hi"), 400, '"sender" is missing'),
        (body(sender=None, message="hi"), 400, '"sender" is missing'),
        (body(sender="x" * (MAX_SENDER + 1), message="hi"), 400, "longer than 255"),
        (body(sender="web-abc", message="hi"), 400, "only the web chat"),
        (body(sender=" WEB-abc", message="hi"), 400, "only the web chat"),
        (body(sender="me"), 400, '"message" is missing or not a text'),
        (body(sender="me", message=None), 400, "not a text"),
        (body(sender="me", message=["hi"]), 400, "not a text"),
        (body(sender="me", message={"text": "hi"}), 400, "not a text"),
        (body(sender="me", message="x" * MAX_BODY), 413, "larger than"),
    ],
)
def test_what_cannot_be_used_is_refused(sent: bytes, status: int, reason: str) -> None:
    with pytest.raises(BadRequest, match=reason) as raised:
        parse(sent)
    assert raised.value.status == status


def test_a_refusal_does_not_repeat_what_was_sent() -> None:
    with pytest.raises(BadRequest) as raised:
        parse(b'{"sender": "me", "message": "my secret" oops')
    assert "secret" not in str(raised.value)


def test_half_a_character_pair_does_not_break_what_comes_after() -> None:
    incoming = parse(b'{"sender": "me", "message": "hi \\ud83d"}')
    assert incoming.text.encode("utf-8").startswith(b"hi ")


def test_half_a_character_pair_in_the_sender_can_be_stored_or_is_refused() -> None:
    try:
        incoming = parse(b'{"sender": "me\\ud83d", "message": "hi"}')
    except BadRequest as error:
        assert "sender" in str(error)
    else:
        assert incoming.sender.encode("utf-8")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(sent: bytes) -> None:
    try:
        incoming = parse(sent)
    except BadRequest as error:
        assert error.status in (400, 413)
    else:
        assert incoming.sender
