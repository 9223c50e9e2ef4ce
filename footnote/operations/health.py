"""Health and metrics over HTTP, as two input channels that take no messages.

`/health/live`: the process runs. `/health/serving`: the model is loaded, so cries for help are
answered, whatever is down behind it; this is what a load balancer should ask, or a database
that is away would take the safety replies away as well. `/health/ready`: all that an answer
needs is there; what monitoring and a rollout should ask. `/metrics`: Prometheus.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from footnote.channels.gateway import gateway

logger = logging.getLogger(__name__)

CHECK_SECONDS = 2.0
KEPT_SECONDS = 1.0
"""Checks are not made more often than this, however many ask."""

Check = Callable[[], Awaitable[Any]]


class Readiness:
    """Asks everything that an answer needs, side by side and within a bounded time."""

    def __init__(self) -> None:
        self._asked = -KEPT_SECONDS
        self._states: dict[str, str] = {}
        self._lock = asyncio.Lock()

    async def states(self, agent: Any) -> dict[str, str]:
        """Return `ok` or what is wrong, for each thing needed."""
        async with self._lock:
            if time.monotonic() - self._asked >= KEPT_SECONDS:
                checks = checks_of(agent)
                states = await asyncio.gather(*(_state(check) for check in checks.values()))
                self._states = dict(zip(checks, states, strict=True))
                self._asked = time.monotonic()
            return self._states


def checks_of(agent: Any) -> dict[str, Check]:
    """Return how to ask for each thing that a turn needs, by its name."""

    async def model() -> None:
        if agent is None or not agent.is_ready():
            raise RuntimeError

    async def actions() -> None:
        base = agent.action_endpoint.url.rsplit("/", 1)[0]
        timeout = aiohttp.ClientTimeout(total=CHECK_SECONDS)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(f"{base}/health") as answer,
        ):
            answer.raise_for_status()

    checks: dict[str, Check] = {"model": model}
    if agent is None:
        return checks
    checks["actions"] = actions
    # Rasa wraps the tracker store.
    store = getattr(agent.tracker_store, "_tracker_store", agent.tracker_store)
    for name, part in (("conversations", store), ("locks", agent.lock_store)):
        if hasattr(part, "ping"):
            checks[name] = part.ping
    return checks


async def _state(check: Check) -> str:
    try:
        await asyncio.wait_for(check(), CHECK_SECONDS)
    except Exception as error:
        return type(error).__name__
    return "ok"


class HealthInput(InputChannel):
    """GET /health/live, /health/serving, /health/ready; at a stop, what is in hand is finished."""

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return "health"

    def url_prefix(self) -> str:
        """Return where the routes are."""
        return "/health"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the channel's routes."""
        health = Blueprint("footnote_health")
        readiness: list[Readiness] = []
        work = gateway().work

        @health.route("/live", methods=["GET"])
        async def live(request: Request) -> HTTPResponse:
            return response.json({"live": True})

        @health.route("/serving", methods=["GET"])
        async def serving(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            ok = agent is not None and agent.is_ready() and not work.stopping
            return response.json({"serving": ok}, status=200 if ok else 503)

        @health.route("/ready", methods=["GET"])
        async def ready(request: Request) -> HTTPResponse:
            if not readiness:
                # Made here: its lock belongs to the loop that runs.
                readiness.append(Readiness())
            states = await readiness[0].states(getattr(request.app.ctx, "agent", None))
            if work.stopping:
                states = {**states, "server": "stopping"}
            ok = all(state == "ok" for state in states.values())
            body = {"ready": ok, "checks": states}
            return response.json(body, status=200 if ok else 503)

        @health.listener("before_server_stop")
        async def finish(*_: Any) -> None:
            await work.drain()

        return health


class MetricsInput(InputChannel):
    """GET /metrics, in Prometheus' text format."""

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return "metrics"

    def url_prefix(self) -> str:
        """Return where the route is."""
        return "/metrics"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the channel's route."""
        metrics = Blueprint("footnote_metrics")

        @metrics.route("/", methods=["GET"])
        async def give(request: Request) -> HTTPResponse:
            return response.raw(generate_latest(), content_type=CONTENT_TYPE_LATEST)

        return metrics
