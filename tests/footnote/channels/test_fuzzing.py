"""Whatever is posted to a webhook, signed or not: no server error, and the bot goes on.

A hundred bodies a channel here, ten thousand in `make test-full`.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.channel_server import ChannelServer
from tests.helpers.platforms import ALL, Call, Platform

pytestmark = pytest.mark.usefixtures("british_gateway")

FEW, MANY = 100, 10_000
WORDS = ("", "a", "id", "text", "\u00e9\u0000\ud800", "\U0001f600" * 9, "/restart", "x" * 3000)


@pytest.fixture(scope="module", params=ALL, ids=lambda platform: platform.setup.channel)
def served(request: pytest.FixtureRequest) -> Iterator[tuple[Platform, ChannelServer]]:
    with request.param() as platform, ChannelServer([platform.channel(pauses=())]) as server:
        yield platform, server


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths of everything in a JSON value, itself included."""
    inside: Any = ()
    if isinstance(data, dict):
        inside = data.items()
    elif isinstance(data, list):
        inside = enumerate(data)
    return [path, *(place for key, value in inside for place in places(value, (*path, key)))]


def changed(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Return a copy with another value at a path."""
    if not path:
        return value
    copied = copy.deepcopy(data)
    inside = copied
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = value
    return copied


def anything(dice: random.Random, depth: int = 3) -> Any:
    """Return a JSON value of any kind."""
    kind = dice.randrange(8 if depth else 6)
    if kind == 6:
        return [anything(dice, depth - 1) for _ in range(dice.randrange(3))]
    if kind == 7:
        return {dice.choice(WORDS): anything(dice, depth - 1) for _ in range(dice.randrange(3))}
    leaves = (None, True, dice.randrange(-9, 2**70), dice.random() * 1e300)
    return (*leaves, dice.choice(WORDS), dice.choice(WORDS))[kind]


def mutated(dice: random.Random, bodies: list[bytes]) -> bytes:
    """Return a real body of the platform's, wrong in one to three places."""
    body = dice.choice(bodies)
    form = not body.startswith(b"{")
    data: Any = dict(parse_qsl(body.decode(), keep_blank_values=True)) if form else json.loads(body)
    for _ in range(dice.randint(1, 3)):
        data = changed(data, dice.choice(places(data)), anything(dice))
    if not form or not isinstance(data, dict):
        return json.dumps(data).encode()
    return urlencode({str(k): str(v) for k, v in data.items()}, errors="replace").encode()


def attack(platform: Platform, server: ChannelServer, examples: int) -> None:
    good = [platform.question("what is it"), platform.press("x")]
    bodies = [call.body for call in (*good, *platform.unreadable(), *platform.silent())]
    kinds = sorted({call.headers["Content-Type"] for call in good})
    answered: set[int] = set()

    # Hypothesis draws a number, and the number the body: drawing bodies piece by piece takes
    # ten times as long as posting them.
    @settings(max_examples=examples, deadline=None, database=None)
    @given(st.integers(0, 2**64))
    def post(seed: int) -> None:
        dice = random.Random(seed)
        make = dice.choice((lambda: dice.randbytes(dice.randrange(200)), None, None, None))
        body = make() if make else mutated(dice, bodies)
        call = platform.signed(body)
        if dice.random() < 0.1:
            call = call.without(platform.signature)
        kind = dice.choice((*kinds, *kinds, *kinds, "text/plain"))
        answer = server.post(platform, call.with_headers(Content_Type=kind))
        answered.add(answer.status_code)
        assert answer.status_code < 500 or answer.text.startswith("too much in hand")

    post()
    assert 200 in answered
    assert answered & {400, 401, 403, 415}


def still_answers(platform: Platform, server: ChannelServer, call: Call) -> bool:
    return server.post(platform, call).status_code == 200


def test_malformed_bodies_are_no_server_error(served: tuple[Platform, ChannelServer]) -> None:
    platform, server = served
    attack(platform, server, FEW)
    assert still_answers(platform, server, platform.question("what is it", event="777"))


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_ten_thousand_malformed_bodies_are_no_server_error(
    served: tuple[Platform, ChannelServer],
) -> None:
    platform, server = served
    attack(platform, server, MANY)
    assert still_answers(platform, server, platform.question("what is it", event="778"))
