"""Hostile input to our HTTP entries: no 5xx, no crash, one answer each, nobody else's data.

A short run in `make test`; 50,000 inputs with `-m long`.
"""

from __future__ import annotations

import json
import socket
import uuid
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footnote.channels.callers import Callers
from footnote.channels.requests import BadRequest, parse
from footnote.serving.servers import Bot
from tests.helpers.fleet import CRY
from tests.helpers.hostile import JSON, NAUGHTY, NESTED, TEXT

SHORT, LONG = 60, 50_000
QUICK = settings(
    max_examples=SHORT,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
SECRET = f"zebra{uuid.uuid4().hex}"

BODY = st.one_of(
    st.fixed_dictionaries({"sender": TEXT | NAUGHTY, "message": TEXT | NAUGHTY}),
    st.fixed_dictionaries({"sender": JSON, "message": JSON}, optional={"metadata": JSON}),
    JSON,
).map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass"))
RAW = BODY | st.binary(max_size=400) | NESTED.map(str.encode)
KNOWN_PATHS = (
    *("/", "/webhooks/rest/", "/webhooks/rest/webhook", "/health/ready", "/metrics", "/status"),
    *("/version", "/model", "/conversations/x/tracker", "/webhooks/../model", "//", "/%00"),
    *("/webhooks/rest/webhook?stream=true", "/webhooks/callback/webhook", "/%2e%2e/%2e%2e/etc"),
)
METHODS = st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE"])
PATHS = st.one_of(
    st.sampled_from([*KNOWN_PATHS]),
    st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), max_size=40).map(
        lambda text: "/" + text.replace("#", "").replace("?", "")
    ),
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["Content-Type", "Authorization", "X-Forwarded-For", "Origin", "Accept-Encoding", "Cookie"]
    ),
    st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=60).map(
        str.strip
    ),
    max_size=3,
)


@given(RAW)
@settings(max_examples=500, deadline=None)
def test_any_body_is_read_or_refused_in_plain_words(body: bytes) -> None:
    """The pure part, without a server."""
    try:
        incoming = parse(body)
    except BadRequest as refused:
        assert 400 <= refused.status < 500
        assert str(refused)
    else:
        assert incoming.sender.strip()
        incoming.text.encode("utf-8")


@given(TEXT | NAUGHTY, TEXT | NAUGHTY)
@settings(max_examples=300, deadline=None)
def test_any_header_is_no_token(authorization: str, host: str) -> None:
    headers = {"authorization": authorization, "host": host}
    request = SimpleNamespace(ip="192.0.2.1", headers=headers)
    for callers in (Callers({}), Callers({"portal": "p" * 40})):
        with pytest.raises(BadRequest):
            callers.of(request)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def witness(bot: Bot) -> str:
    """A conversation with a secret in it, which no other request may bring to light."""
    sender = f"witness-{uuid.uuid4().hex}"
    answer = ask(bot, {"sender": sender, "message": f"my name is {SECRET}"})
    assert answer.status_code == 200
    return sender


def ask(bot: Bot, body: Any) -> requests.Response:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return requests.post(f"{bot.url}/webhooks/rest/webhook", data=sent, timeout=60)


def hold(bot: Bot, body: bytes) -> None:
    """Send a body to the rest channel and hold what must be true of any reply."""
    response = ask(bot, body)
    assert response.status_code in (200, 400, 413), body[:200]
    assert SECRET not in response.text
    data = response.json()
    if response.status_code == 200:
        assert len(data) == 1
        assert data[0]["custom"]["kind"] != "error", body[:200]
    else:
        assert data["error"]


@given(RAW)
@QUICK
def test_any_body_gets_one_reply(bot: Bot, witness: str, body: bytes) -> None:
    hold(bot, body)


@given(METHODS, PATHS, HEADERS, st.binary(max_size=100))
@QUICK
def test_any_request_is_answered_without_a_failure(
    bot: Bot, witness: str, method: str, path: str, headers: dict[str, str], body: bytes
) -> None:
    response = requests.request(
        method, bot.url + path, headers=headers, data=body, timeout=60, allow_redirects=False
    )
    stopping = response.status_code == 503 and path.startswith("/health/ready")
    assert response.status_code < 500 or response.status_code == 501 or stopping, (method, path)
    assert SECRET not in response.text
    assert "Traceback" not in response.text


@given(st.binary(min_size=1, max_size=300) | st.just(b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 3000))
@settings(parent=QUICK, max_examples=30)
def test_bytes_that_are_no_http_end_the_connection_only(
    bot: Bot, witness: str, sent: bytes
) -> None:
    place = urlsplit(bot.url)
    with socket.create_connection((place.hostname, place.port), timeout=10) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        try:
            answer = connection.recv(65536)
        except OSError:
            answer = b""
    assert SECRET.encode() not in answer
    assert b"Traceback" not in answer


def test_after_all_that_danger_is_answered_and_the_witness_is_as_it_was(
    bot: Bot, witness: str
) -> None:
    assert bot.server.poll() is None
    assert bot.actions.poll() is None
    reply = ask(bot, {"sender": f"x{uuid.uuid4().hex}", "message": CRY}).json()
    assert reply[0]["custom"]["kind"] == "emergency"
    assert SECRET not in ask(bot, {"sender": "another", "message": "repeat that"}).text


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_fifty_thousand_inputs_without_a_failure_or_growth(bot: Bot, witness: str) -> None:
    server, sizes, count = psutil.Process(bot.server.pid), [], [0]

    @given(RAW)
    @settings(parent=QUICK, max_examples=LONG, database=None)
    def run(body: bytes) -> None:
        hold(bot, body)
        count[0] += 1
        if count[0] % 5_000 == 0:
            sizes.append(server.memory_info().rss / 1e6)
            print(f"{count[0]} inputs, {sizes[-1]:.0f} MB", flush=True)

    run()
    assert sizes[-1] < sizes[0] + 100
