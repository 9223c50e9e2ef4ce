"""docs/api/openapi.yaml is OpenAPI, tells of every route of ours and of no other."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import requests
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate_spec
from rasa.core.channels.channel import register
from sanic import Sanic

from footnote import paths
from footnote.channels.callback import CallbackInput
from footnote.channels.rest import RestInput
from footnote.channels.setup import SETUPS
from footnote.channels.web import WebInput
from footnote.operations.health import HealthInput, MetricsInput
from footnote.replies import KINDS
from footnote.serving.servers import Bot
from tests.helpers.platforms import ALL

METHODS = ("get", "head", "post", "options", "put", "delete", "patch", "trace")
PLATFORM = re.compile("/webhooks/(?:" + "|".join(setup.channel for setup in SETUPS) + ")(?=/|$)")
Operations = set[tuple[str, str]]


def operations(description: dict[str, Any]) -> Operations:
    """Return the methods and paths that are described, a last slash left out."""
    return {
        (method.upper(), path.rstrip("/"))
        for path, item in description["paths"].items()
        for method in METHODS
        if method in item
    }


@pytest.fixture(scope="module")
def routes() -> Iterator[Operations]:
    """Every route of ours, with every channel on; what the platforms share is one."""
    with ExitStack() as stack:
        platforms = [stack.enter_context(platform()).channel() for platform in ALL]
        callback = CallbackInput.from_credentials({"url": "http://127.0.0.1:9/"})
        web = WebInput.from_credentials({})
        own = [RestInput(), callback, web, HealthInput(), MetricsInput()]
        app = Sanic(f"routes_{uuid.uuid4().hex}", configure_logging=False)
        app.ctx.agent = None
        register([*own, *platforms], app, "/webhooks/")
        yield {
            (method, "/" + route.path.strip("/"))
            for route in app.router.routes
            for method in route.methods
        }


def shared(found: Operations, described: Operations) -> Operations:
    """Return routes with the platform's name as a parameter, where none of its own is described."""
    return {
        one if one in described else (one[0], PLATFORM.sub("/webhooks/{platform}", one[1]))
        for one in found
    }


def test_it_is_openapi(description: dict[str, Any]) -> None:
    validate_spec(description)


def test_every_route_of_ours_is_described_and_no_other(
    description: dict[str, Any], routes: Operations
) -> None:
    described = operations(description)
    # Rasa's own `/`, which the web channel takes over.
    assert shared(routes, described) | {("GET", ""), ("HEAD", "")} == described


def test_every_described_path_exists_in_the_running_bot(
    description: dict[str, Any], api_bot: Bot
) -> None:
    for method, path in sorted(operations(description)):
        answer = requests.request(method, f"{api_bot.url}{path}", timeout=30)
        known = description["paths"].get(path) or description["paths"][f"{path}/"]
        statuses = set(known[method.lower()]["responses"])
        # What is said of a channel that is not set up is so, too.
        assert str(answer.status_code) in statuses, (method, path, answer.status_code)
        assert (answer.status_code == 404) == ("404" in statuses), (method, path)


@pytest.mark.parametrize("method", ["DELETE", "TRACE"])
@pytest.mark.parametrize(
    ("path", "allowed"), [("/", "GET, HEAD"), ("/webhooks/rest/webhook", "POST")]
)
def test_another_method_is_told_which_are_allowed(
    api_bot: Bot, method: str, path: str, allowed: str
) -> None:
    answer = requests.request(method, f"{api_bot.url}{path}", json={"sender": "me"}, timeout=30)
    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)


def test_the_kinds_are_those_that_are_replied(description: dict[str, Any]) -> None:
    kinds = description["components"]["schemas"]["Payload"]["properties"]["kind"]["enum"]
    assert tuple(kinds) == KINDS


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Does chemotherapy have side effects?", "answer"),
        ("What does chemotherapy cost?", "not_covered"),
        ("I can't breathe", "emergency"),
        ("I want to die", "crisis"),
        ("Should I stop my chemotherapy?", "personal_advice"),
        ("hello", "social"),
    ],
)
def test_replies_of_every_sort_fit_the_schema(
    description: dict[str, Any], api_bot: Bot, text: str, kind: str
) -> None:
    body = {"sender": uuid.uuid4().hex, "message": text}
    (reply,) = requests.post(f"{api_bot.url}/webhooks/rest/webhook", json=body, timeout=60).json()
    assert reply["custom"]["kind"] == kind
    schema = {"$ref": "#/components/schemas/Reply", "components": description["components"]}
    Draft202012Validator(schema).validate(reply)


@pytest.mark.parametrize("page", ["payload.md", "operations.md", "web.md"])
def test_the_docs_lead_to_it(page: str) -> None:
    assert "(api/openapi.yaml)" in (paths.ROOT / "docs" / page).read_text(encoding="utf-8")
