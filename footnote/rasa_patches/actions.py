"""How long an action may take, and how its result is checked."""

from __future__ import annotations

from typing import Any

import jsonschema
import rasa.core.actions.action as rasa_actions

MARGIN = 0.5
"""An action's time ends this many seconds before the person is told that something failed."""


def bound_wait(reply_timeout: float) -> None:
    """Wait for an action less long than for a reply; Rasa waits 300 s and has no setting.

    Args:
        reply_timeout: seconds after which a person is told that something failed.
    """
    rasa_actions.DEFAULT_REQUEST_TIMEOUT = max(reply_timeout - MARGIN, reply_timeout / 2)


def validate_with_one_validator() -> None:
    """`jsonschema.validate` checks the schema itself on each call: 80% of an action's turn.

    Nor is each event tried against the forms of all twenty kinds of event: its name says which.
    """
    schema = rasa_actions.RemoteAction.action_response_format_spec()
    validator_class = jsonschema.validators.validator_for(schema)
    validator_class.check_schema(schema)
    whole = validator_class(schema)
    shared = dict(schema["properties"]["events"]["items"])
    forms = {
        form["properties"]["event"]["const"]: validator_class({**shared, "allOf": [form]})
        for form in shared.pop("oneOf")
    }
    without_events = {**schema, "properties": {**schema["properties"], "events": {"type": "array"}}}
    frame = validator_class(without_events)

    def fits_its_form(event: Any) -> bool:
        name = event.get("event") if isinstance(event, dict) else None
        return isinstance(name, str) and name in forms and forms[name].is_valid(event)

    def fits(result: Any) -> bool:
        return frame.is_valid(result) and all(map(fits_its_form, result.get("events", ())))

    def validate(self: Any, result: dict[str, Any]) -> bool:
        if not fits(result):
            # The whole schema decides, and says what is wrong.
            whole.validate(result)
        return True

    rasa_actions.RemoteAction._validate_action_result = validate
