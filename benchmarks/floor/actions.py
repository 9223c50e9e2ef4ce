"""The floor's one action; `python -m benchmarks.floor.actions PORT` serves it on loopback."""

from __future__ import annotations

import sys
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import CollectingDispatcher


class ActionFloor(Action):
    """Says one sentence."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_floor"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say it."""
        dispatcher.utter_message(text="An answer.")
        return []


if __name__ == "__main__":
    create_app("benchmarks.floor.actions").run(
        "127.0.0.1", int(sys.argv[1]), access_log=False, motd=False
    )
