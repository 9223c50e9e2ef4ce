"""Calls of actions go over one connection and are otherwise those of Rasa."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import ClientConnectionError, web
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from sanic.config import DEFAULT_CONFIG

from footnote.rasa_patches import connections
from footnote.serving.environment import LOOPBACK, free_port

BODIES: list[dict[str, Any]] = [{"next_action": f"action_{number}"} for number in range(5)]
BODIES.append({"text": 'a/b "c" “d” é 😀 \u2028\n', "at": 1795853866.998365, "none": None})


@pytest.fixture(autouse=True)
def stock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin with Rasa's own sessions, whatever ran before."""
    own = getattr(EndpointConfig.session, "__wrapped__", EndpointConfig.session)
    monkeypatch.setattr(EndpointConfig, "session", own)


class ActionServer:
    """Answers with what it was asked, and remembers from which connections it was."""

    def __init__(self) -> None:
        self.port = free_port()
        self.callers: list[Any] = []
        self.endpoint = EndpointConfig(
            f"http://{LOOPBACK}:{self.port}/webhook",
            headers={"X-Mark": "mine"},
            basic_auth={"username": "a", "password": "b"},
            token="t",
        )

    async def answer(self, request: web.Request) -> web.Response:
        assert request.transport is not None
        self.callers.append(request.transport.get_extra_info("peername"))
        body = await request.json()
        heard = {name: request.headers.get(name) for name in ("X-Mark", "Authorization")}
        status = 400 if body.get("reject") else 200
        return web.json_response(
            {"body": body, "query": dict(request.query), **heard}, status=status
        )

    async def start(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_post("/webhook", self.answer)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, LOOPBACK, self.port).start()
        return runner


def run(talk: Callable[[ActionServer], Awaitable[Any]]) -> tuple[Any, ActionServer]:
    async def main() -> tuple[Any, ActionServer]:
        server = ActionServer()
        runner = await server.start()
        try:
            return await talk(server), server
        finally:
            await connections._connections(asyncio.get_running_loop()).close()
            await runner.cleanup()

    return asyncio.run(main())


async def ask_in_turn(server: ActionServer) -> list[Any]:
    return [await server.endpoint.request(json=body) for body in BODIES]


async def ask_side_by_side(server: ActionServer) -> list[Any]:
    return list(await asyncio.gather(*(server.endpoint.request(json=body) for body in BODIES)))


@pytest.mark.parametrize("ask", [ask_in_turn, ask_side_by_side])
def test_what_is_said_and_heard_is_the_same(ask: Callable[..., Any]) -> None:
    expected, stock_server = run(ask)
    connections.share_connections()
    assert run(ask)[0] == expected
    assert expected[0]["X-Mark"] == "mine"
    assert expected[0]["query"] == {"token": "t"}
    assert len(set(stock_server.callers)) == len(BODIES)


def test_calls_in_turn_share_one_connection() -> None:
    connections.share_connections()
    _, server = run(ask_in_turn)
    assert len(server.callers) == len(BODIES)
    assert len(set(server.callers)) == 1


def test_a_rejection_is_told_and_the_next_call_is_answered() -> None:
    async def talk(server: ActionServer) -> Any:
        with pytest.raises(ClientResponseError) as raised:
            await server.endpoint.request(json={"reject": True})
        assert raised.value.status == 400
        return await server.endpoint.request(json=BODIES[0])

    connections.share_connections()
    assert run(talk)[0]["body"] == BODIES[0]


def test_a_server_that_starts_again_is_called_again() -> None:
    async def main() -> None:
        server = ActionServer()
        try:
            for _ in range(2):
                runner = await server.start()
                assert (await server.endpoint.request(json=BODIES[0]))["body"] == BODIES[0]
                await runner.cleanup()
                with pytest.raises(ClientConnectionError):
                    await server.endpoint.request(json=BODIES[0])
        finally:
            await connections._connections(asyncio.get_running_loop()).close()

    connections.share_connections()
    asyncio.run(main())


def test_an_idle_connection_is_given_up_before_the_action_server_closes_it() -> None:
    assert DEFAULT_CONFIG["KEEP_ALIVE_TIMEOUT"] > connections.IDLE_SECONDS
