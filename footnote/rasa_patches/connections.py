"""Calls of actions share connections instead of opening one each, and are written by ujson."""

from __future__ import annotations

import asyncio
from functools import lru_cache, wraps

import aiohttp
import rasa.utils.endpoints as rasa_endpoints
import ujson
from rasa.utils.endpoints import EndpointConfig

IDLE_SECONDS = 3.0
"""How long an idle connection is kept: less than the 5 s after which the action server closes
it, so that no call is sent into a connection that closes."""


@lru_cache(maxsize=1)
def _connections(loop: asyncio.AbstractEventLoop) -> aiohttp.TCPConnector:
    """Return a loop's connections, of any number, as Rasa's are; a server has one loop."""
    return aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_SECONDS)


def share_connections() -> None:
    """Let the sessions that Rasa opens, one a call, use the same connections."""

    @wraps(EndpointConfig.session)
    def session(self: EndpointConfig) -> aiohttp.ClientSession:
        auth = self.basic_auth
        return aiohttp.ClientSession(
            headers=self.headers,
            auth=aiohttp.BasicAuth(auth["username"], auth["password"]) if auth else None,
            timeout=aiohttp.ClientTimeout(total=rasa_endpoints.DEFAULT_REQUEST_TIMEOUT),
            # Some 25 kB of events a call: in less than half of the time of json.
            json_serialize=ujson.dumps,
            connector=_connections(asyncio.get_running_loop()),
            # Rasa closes the session after the call; the connections stay.
            connector_owner=False,
        )

    EndpointConfig.session = session
