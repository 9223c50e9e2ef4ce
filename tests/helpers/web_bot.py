"""The real web channel with a scripted bot behind it: no model, a start of seconds.

Run as `python -c START PORT DATABASE CREDENTIALS` (YAML; see tests/helpers/web.py). What it says
is made of the project's knowledge; a few messages make it slow, fail or erase.
"""

from __future__ import annotations

import asyncio
from typing import Any

import yaml
from rasa.core.channels.channel import UserMessage, register
from rasa.core.lock_store import InMemoryLockStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from footnote import paths, replies
from footnote.channels.rest import RestInput
from footnote.channels.web import WebInput
from footnote.knowledge import load_knowledge
from footnote.operations.health import HealthInput, MetricsInput
from footnote.replies import METADATA_KEY, Reply, bare_payload
from footnote.safety import triage
from footnote.safety.wording import SafetyWording
from footnote.settings import Settings
from footnote.stores.tracker import ERASE_SLOT, FootnoteTrackerStore

SLOW = "a slow question"
SLOW_SECONDS = 2.0
FAILS = "a question that fails"
MARKUP = (
    '<img src=x onerror="document.title=1"><script>document.title=2</script> javascript:alert(3)'
)
NOTED = "what of microwave ablation"


class ScriptedAgent:
    """Stands in for Rasa's agent: the same store, lock and events, replies from a script."""

    def __init__(self, database: str) -> None:
        domain = Domain.load(str(paths.ROOT / "domain.yml"))
        self.tracker_store = FootnoteTrackerStore(domain=domain, dialect="sqlite", db=database)
        self.lock_store = InMemoryLockStore()
        self._knowledge = load_knowledge()
        self._wording = SafetyWording.of(self._knowledge.helplines, Settings.from_environment())

    def is_ready(self) -> bool:
        return True

    async def handle_message(self, message: UserMessage) -> None:
        async with self.lock_store.lock(message.sender_id):
            tracker = await self.tracker_store.get_or_create_tracker(message.sender_id)
            tracker.update(
                UserUttered(
                    message.text,
                    message_id=message.message_id,
                    input_channel=message.input_channel,
                )
            )
            if message.text == SLOW:
                await asyncio.sleep(SLOW_SECONDS)
            if message.text == FAILS:
                raise ValueError("as scripted")
            text, metadata = self._reply(message.text)
            event = BotUttered(text, metadata=metadata)
            tracker.update(event)
            await message.output_channel.send_response(message.sender_id, event.message())
            if metadata.get("utter_action") == "utter_erased":
                tracker.update(SlotSet(ERASE_SLOT, True))
            await self.tracker_store.save(tracker)

    def _reply(self, text: str) -> tuple[str, dict[str, Any]]:
        if danger := triage(text):
            return getattr(self._wording, danger.kind), _metadata(bare_payload(danger.kind))
        if text == "delete my data":
            return "Shall I?", _metadata(bare_payload("social"), "utter_ask_erase")
        if text == "yes":
            return "Done. It is deleted.", _metadata(bare_payload("social"), "utter_erased")
        if text == "show markup":
            return MARKUP, _metadata(bare_payload("social"))
        questions = {entry.question: key for key, entry in self._knowledge.entries.items()}
        entry = questions.get(text)
        if text == NOTED:
            entry = next(key for key, each in self._knowledge.entries.items() if each.notes)
        if entry is None:
            reply = Reply("social", f"You said: {text}")
        else:
            reply = replies.answer(self._knowledge, [entry])
        return reply.text, _metadata(replies.payload(self._knowledge, reply))


def _metadata(payload: dict[str, Any], response: str | None = None) -> dict[str, Any]:
    metadata: dict[str, Any] = {"metadata": {METADATA_KEY: payload}}
    return {**metadata, "utter_action": response} if response else metadata


def main(port: str, database: str, credentials: str) -> None:
    app = Sanic("scripted_web_bot", configure_logging=False)

    @app.get("/")
    async def hello(_request: Request) -> HTTPResponse:  # as Rasa has it
        return response.text("Hello from Rasa")

    app.ctx.agent = ScriptedAgent(database)
    web = WebInput.from_credentials(yaml.safe_load(credentials))
    # With what proxies and a stop rely on, and with what must stay inside.
    register([web, RestInput(), HealthInput(), MetricsInput()], app, "/webhooks/")
    app.run("127.0.0.1", int(port), access_log=False, motd=False)
