"""Fixed responses with the deployment's words in them, for Rasa's `nlg` endpoint."""

from __future__ import annotations

from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from footnote.knowledge import load_knowledge
from footnote.replies import METADATA_KEY, Reply, buttons, payload
from footnote.safety import DANGERS
from footnote.safety.wording import SafetyWording
from footnote.settings import Settings


class FootnoteResponses(TemplatedNaturalLanguageGenerator):
    """Fills `{emergency}`, `{crisis}`, `{contact}` and the like.

    A response marked `menu: true` offers the article's menu. The reply after an emergency or
    a crisis still says whom to call.
    """

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        super().__init__(domain.responses)
        settings = Settings.from_environment()
        knowledge = load_knowledge()
        self._safety = SafetyWording.of(knowledge.helplines, settings)
        self._menu = Reply("social", "", options=tuple(knowledge.article.menu))
        self._knowledge = knowledge
        self._words = {
            "emergency": self._safety.emergency,
            "crisis": self._safety.crisis,
            "emergency_line": self._safety.emergency_line,
            "crisis_line": self._safety.crisis_line,
            "contact": settings.contact,
            "subject": knowledge.article.subject,
            "article_title": knowledge.article.title,
            "article_date": f"{knowledge.article.date:%B %Y}",
        }

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """Generate a response (see the base class)."""
        words = {**self._words, **kwargs}
        response = await super().generate(utter_action, tracker, output_channel, **words)
        if response and (response.get("metadata") or {}).pop("menu", False):
            response["buttons"] = buttons(self._knowledge, self._menu)
            response["metadata"][METADATA_KEY] = payload(self._knowledge, self._menu)
        if response and response.get("text") and _follows_danger(tracker):
            response["text"] = f"{response['text']}\n{self._safety.reminder}"
        return response


def _follows_danger(tracker: DialogueStateTracker) -> bool:
    intents = [e.intent_name for e in reversed(tracker.events) if isinstance(e, UserUttered)][:2]
    return len(intents) == 2 and intents[1] in DANGERS and intents[0] not in DANGERS
