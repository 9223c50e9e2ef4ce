"""Twilio's own: SMS and WhatsApp at one address, the public address signed, opt-outs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.helpers.channel_server import ChannelServer
from tests.helpers.platforms import TwilioPlatform
from tests.helpers.platforms.twilio import NUMBER

pytestmark = pytest.mark.usefixtures("british_gateway")


@pytest.fixture
def twilio() -> Iterator[TwilioPlatform]:
    with TwilioPlatform() as running:
        yield running  # type: ignore[misc]


@pytest.fixture
def server(twilio: TwilioPlatform) -> Iterator[ChannelServer]:
    with ChannelServer([twilio.channel()]) as running:
        yield running


def test_sms_and_whatsapp_are_answered_from_the_number_written_to(
    twilio: TwilioPlatform, server: ChannelServer
) -> None:
    server.post(twilio, twilio.question("what is it", "1"))
    server.post(twilio, twilio.whatsapp("what is it", "2"))
    twilio.wait(2)
    pairs = {(sent.raw["From"], sent.to) for sent in twilio.sent}
    assert pairs == {(NUMBER, "+1555011"), (f"whatsapp:{NUMBER}", "whatsapp:+1555011")}


def test_twilio_is_told_to_say_nothing_itself(
    twilio: TwilioPlatform, server: ChannelServer
) -> None:
    answer = server.post(twilio, twilio.question("what is it"))
    assert answer.headers["Content-Type"].startswith("text/xml")
    assert answer.text.endswith("<Response></Response>")


def test_a_query_is_part_of_what_is_signed(twilio: TwilioPlatform, server: ChannelServer) -> None:
    body = twilio.question("what is it").body
    assert server.post(twilio, twilio.signed(body, query="bodySHA256=x&a=b")).status_code == 200
    assert server.post(twilio, twilio.question("what is it", "2")).status_code == 200
    unsigned = twilio.signed(body)
    forged = type(unsigned)(unsigned.body, unsigned.headers, "a=c")
    assert server.post(twilio, forged).status_code == 403


def test_there_is_no_payload_in_a_numbered_list(
    twilio: TwilioPlatform, server: ChannelServer
) -> None:
    server.post(twilio, twilio.question("what is it"))
    (sent,) = twilio.wait(1)
    assert sent.text.endswith(
        "Source: Treatment, sentence 1.\nReply with a number:\n"
        "1. How it works\n2. Side effects of the treatment"
    )


def test_numbers_to_call_stand_apart_so_that_a_phone_finds_them(
    twilio: TwilioPlatform, server: ChannelServer
) -> None:
    server.post(twilio, twilio.question("I can't breathe"))
    assert " 999 or 112 " in twilio.wait(1)[0].text


def test_who_opted_out_is_not_tried_again(
    twilio: TwilioPlatform, server: ChannelServer, caplog: pytest.LogCaptureFixture
) -> None:
    twilio.unsubscribed.add("+1555011")
    server.post(twilio, twilio.question("what is it"))
    server.stop()
    assert "a reply was not delivered (HTTP 400 21610, tries: 1)" in caplog.text
