"""Whatever is posted to a webhook, signed or not: no server error, and the bot goes on.

A hundred bodies a channel here, ten thousand in `make test-full`.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.helpers.channel_server import ChannelServer
from tests.helpers.platforms import ALL, Call, Platform

pytestmark = pytest.mark.usefixtures("british_gateway")

FEW, MANY = 100, 10_000
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


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


@st.composite
def mutated(draw: st.DrawFn, bodies: list[bytes]) -> bytes:
    """A real body of the platform's, wrong in one to three places."""
    body = draw(st.sampled_from(bodies))
    form = not body.startswith(b"{")
    data: Any = dict(parse_qsl(body.decode(), keep_blank_values=True)) if form else json.loads(body)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(places(data)))
        data = changed(data, path, draw(JSON))
    if not form or not isinstance(data, dict):
        return json.dumps(data).encode()
    return urlencode(
        {str(key): str(value) for key, value in data.items()}, errors="replace"
    ).encode()


def attack(platform: Platform, server: ChannelServer, examples: int) -> None:
    good = [platform.question("what is it"), platform.press("x")]
    bodies = [call.body for call in (*good, *platform.unreadable(), *platform.silent())]
    kinds = sorted({call.headers["Content-Type"] for call in good})
    answered: set[int] = set()

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        body=st.binary(max_size=200) | JSON.map(json.dumps).map(str.encode) | mutated(bodies),
        kind=st.sampled_from([*kinds, "text/plain"]),
        signed=st.integers(0, 9).map(bool),
    )
    def post(body: bytes, kind: str, signed: bool) -> None:
        call = platform.signed(body)
        if not signed:
            call = call.without(platform.signature)
        answer = server.post(platform, call.with_headers(Content_Type=kind))
        answered.add(answer.status_code)
        assert answer.status_code < 500 or answer.text.startswith("too much in hand")

    post()
    assert 200 in answered and answered & {401, 403}


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
