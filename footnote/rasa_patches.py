"""The places where Rasa 3.6.21 offers no setting, changed at one point each.

Applied when a channel starts, so that `rasa run` and `footnote serve` behave alike.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import jsonschema
import rasa.core.actions.action as rasa_actions
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.events import Event

MARGIN = 0.5
"""An action's time ends this many seconds before the person is told that something failed."""


def apply(reply_timeout: float) -> None:
    """Bound the wait for an action, check its result without re-checking the schema, and look
    up the classes of stored events once each.

    Args:
        reply_timeout: seconds after which a person is told that something failed.
    """
    rasa_actions.DEFAULT_REQUEST_TIMEOUT = max(reply_timeout - MARGIN, reply_timeout / 2)
    _validate_with_one_validator()
    _remember_event_classes()


def _remember_event_classes() -> None:
    """Rasa walks through all subclasses anew for each event it reads: 8% of a turn."""
    resolve = Event.resolve_by_type
    if not hasattr(resolve, "cache_info"):
        Event.resolve_by_type = staticmethod(lru_cache(maxsize=256)(resolve))


def raise_store_errors() -> None:
    """Let a tracker store's failure end the turn.

    Rasa wraps every store so that a failing one goes unseen: it answers from a blank
    conversation, and keeps the turn in a memory that nobody reads.
    """

    def fail(_store: FailSafeTrackerStore, error: Exception) -> None:
        raise error

    FailSafeTrackerStore.on_tracker_store_error = fail
    FailSafeTrackerStore.on_tracker_store_retrieve_error = fail


def _validate_with_one_validator() -> None:
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
