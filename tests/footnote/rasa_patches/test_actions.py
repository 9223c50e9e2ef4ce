"""An action's result is accepted and refused as by Rasa itself."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from rasa.core.actions.action import RemoteAction

from footnote.rasa_patches import actions

SLOT = {"event": "slot", "name": "topic", "value": "chemotherapy", "timestamp": None}
RESULTS: list[Any] = [
    {},
    {"events": [], "responses": []},
    {"events": [SLOT, SLOT], "responses": [{"text": "Yes."}]},
    {"events": [{"event": "restart"}, {"event": "undo"}]},
    {"events": [{"event": "slot"}]},
    {"events": [{"event": "slot", "name": 3}]},
    {"events": [{"event": "unheard-of"}]},
    {"events": [{"event": ["slot"]}]},
    {"events": [{}]},
    {"events": ["slot"]},
    {"events": None},
    {"events": 3},
    {"responses": [1]},
    {"responses": "text"},
    [],
    None,
    "text",
]


def outcome(result: Any) -> str:
    try:
        RemoteAction("an_action", None)._validate_action_result(result)
    except jsonschema.ValidationError as error:
        return error.message
    return "accepted"


@pytest.fixture
def ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        RemoteAction, "_validate_action_result", RemoteAction._validate_action_result
    )
    actions.validate_with_one_validator()


def refused_by_rasa(result: Any) -> bool:
    try:
        jsonschema.validate(result, RemoteAction.action_response_format_spec())
    except jsonschema.ValidationError:
        return True
    return False


@pytest.mark.parametrize("result", RESULTS, ids=[str(result)[:40] for result in RESULTS])
def test_a_result_is_taken_or_refused_as_rasa_does(ours: None, result: Any) -> None:
    assert (outcome(result) != "accepted") == refused_by_rasa(result)


def test_a_refusal_says_what_is_wrong(ours: None) -> None:
    assert "unheard-of" in outcome({"events": [{"event": "unheard-of"}]})
