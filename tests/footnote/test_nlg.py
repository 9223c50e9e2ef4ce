"""Fixed responses: the deployment's words, the menu, and the reminder after a danger."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from footnote import paths
from footnote.knowledge import load_knowledge
from footnote.nlg import FootnoteResponses
from footnote.replies import KINDS, METADATA_KEY, bare_payload

DOMAIN = Domain.from_path(paths.ROOT / "domain.yml")
SETTINGS = ("COUNTRY", "CARE_TEAM", "CARE_TEAM_PHONE", "REPLY_TIMEOUT")


@pytest.fixture
def responses(monkeypatch: pytest.MonkeyPatch) -> FootnoteResponses:
    for name in SETTINGS:
        monkeypatch.delenv(f"FOOTNOTE_{name}", raising=False)
    monkeypatch.setenv("FOOTNOTE_COUNTRY", "GB")
    monkeypatch.setenv("FOOTNOTE_CARE_TEAM", "the breast care nurse")
    return FootnoteResponses(EndpointConfig(), DOMAIN)


def generate(responses: FootnoteResponses, name: str, intents: list[str]) -> dict[str, Any]:
    events: list[Event] = []
    for intent in intents:
        events += [UserUttered("text", {"name": intent}), ActionExecuted("action_listen")]
    tracker = DialogueStateTracker.from_events("someone", events)
    found = asyncio.run(responses.generate(name, tracker, "rest"))
    assert found is not None
    return found


@pytest.mark.parametrize("name", sorted(DOMAIN.responses))
def test_every_response_is_filled_and_carries_a_payload(
    responses: FootnoteResponses, name: str
) -> None:
    found = generate(responses, name, ["greet"])
    assert not re.search(r"[{}]", found["text"])
    assert list(found["metadata"]) == [METADATA_KEY]
    payload = found["metadata"][METADATA_KEY]
    assert payload["kind"] in KINDS
    assert list(payload) == list(bare_payload("social"))
    assert "custom" not in found


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("utter_emergency", ["999"]),
        ("utter_crisis", ["Samaritans", "116 123", "999"]),
        ("utter_distress", ["the breast care nurse"]),
        ("utter_other_language", ["999"]),
        ("utter_about_article", ["Various treatment of stage 4 breast cancer", "May 2021"]),
    ],
)
def test_the_deployments_words_are_in_it(
    responses: FootnoteResponses, name: str, words: list[str]
) -> None:
    text = generate(responses, name, [])["text"]
    assert all(word in text for word in words)


@pytest.mark.parametrize("name", ["utter_greet", "utter_capabilities", "utter_start_over"])
def test_the_menu_is_offered(responses: FootnoteResponses, name: str) -> None:
    found = generate(responses, name, ["greet"])
    menu = load_knowledge().article.menu
    options = found["metadata"][METADATA_KEY]["options"]
    assert [option["entry"] for option in options] == menu
    assert [button["payload"] for button in found["buttons"]] == [o["payload"] for o in options]


def test_one_reply_leaves_the_next_as_it_was(responses: FootnoteResponses) -> None:
    first = generate(responses, "utter_greet", [])
    first["metadata"][METADATA_KEY]["options"].clear()
    second = generate(responses, "utter_greet", [])
    assert len(second["metadata"][METADATA_KEY]["options"]) == len(second["buttons"]) > 0


@pytest.mark.parametrize("danger", ["emergency", "crisis"])
def test_the_reply_after_a_danger_still_says_whom_to_call(
    responses: FootnoteResponses, danger: str
) -> None:
    assert "still in danger" in generate(responses, "utter_thanks", [danger, "thanks"])["text"]


@pytest.mark.parametrize(
    "intents",
    [["emergency"], ["thanks", "emergency"], ["emergency", "thanks", "goodbye"], ["thanks"], []],
)
def test_no_reminder_otherwise(responses: FootnoteResponses, intents: list[str]) -> None:
    assert "still in danger" not in generate(responses, "utter_goodbye", intents)["text"]
