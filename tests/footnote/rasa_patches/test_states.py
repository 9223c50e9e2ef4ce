"""Remembered states are those that Rasa makes by playing all events again."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    DefinePrevUserUtteredFeaturization,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from footnote import paths
from footnote.rasa_patches import domain as domain_patch
from footnote.rasa_patches import states
from tests.footnote.rasa_patches.made import OTHER_DOMAIN, conversations


@pytest.fixture(autouse=True)
def stock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin with Rasa's own methods, whatever ran before."""
    for name in ("states_for_tracker_history", "get_active_state", "is_empty"):
        method = getattr(Domain, name)
        monkeypatch.setattr(Domain, name, getattr(method, "__wrapped__", method))


@pytest.fixture(scope="module", params=["ours", "other"])
def domain(request: pytest.FixtureRequest) -> Domain:
    if request.param == "ours":
        return Domain.from_path(paths.ROOT / "domain.yml")
    return Domain.from_yaml(OTHER_DOMAIN)


def asked(domain: Domain, tracker: DialogueStateTracker) -> list[Any]:
    """Return the states as policies ask for them, one for rules and one for stories."""
    found: list[Any] = []
    for omit in (False, True):
        found.append(domain.states_for_tracker_history(tracker, omit_unset_slots=omit))
        rule_only = {"rule_only_slots": ["kind"], "rule_only_loops": []}
        found.append(domain.states_for_tracker_history(tracker, omit, True, rule_only))
    return found


def walk(domain: Domain, whole: DialogueStateTracker) -> list[Any]:
    """Return what is asked after each event of a conversation, as it grows."""
    tracker, found = whole.init_copy(), []
    for number, event in enumerate(copy.deepcopy(list(whole.events))):
        if isinstance(event, ActionExecuted):
            event.hide_rule_turn = number % 3 == 0
        tracker.update(event)
        found.append(copy.deepcopy(asked(domain, tracker)))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_the_same_states_as_rasa(domain: Domain, seed: int) -> None:
    trackers = conversations(domain, seed, reverting=True)
    expected = [walk(domain, tracker) for tracker in trackers]
    assert sum(len(steps) for steps in expected) > 500
    states.remember_states()
    for tracker, steps in zip(trackers, expected, strict=True):
        assert walk(domain, tracker) == steps, list(tracker.events)


def test_changed_states_are_not_remembered(domain: Domain) -> None:
    states.remember_states()
    tracker = said(domain)
    expected = copy.deepcopy(asked(domain, tracker))
    for state in asked(domain, tracker)[0]:
        for part in state.values():
            part.clear()
    assert asked(domain, tracker) == expected


def test_only_new_events_are_played(domain: Domain, monkeypatch: pytest.MonkeyPatch) -> None:
    states.remember_states()
    tracker = said(domain)
    domain.states_for_tracker_history(tracker)
    played: list[Any] = []
    update = DialogueStateTracker.update
    monkeypatch.setattr(
        DialogueStateTracker,
        "update",
        lambda self, event, *rest: (played.append(event), update(self, event, *rest)),
    )
    domain.states_for_tracker_history(tracker, ignore_rule_only_turns=True)
    assert not played
    new = [DefinePrevUserUtteredFeaturization(False), ActionExecuted("action_work")]
    for event in new:
        update(tracker, event)
    domain.states_for_tracker_history(tracker)
    assert played == new


def test_a_domain_is_empty_or_not_as_rasa_says(domain: Domain) -> None:
    domain_patch.remember_emptiness()
    assert not domain.is_empty()
    assert Domain.empty().is_empty()
    assert not domain.is_empty()


def said(domain: Domain) -> DialogueStateTracker:
    tracker = DialogueStateTracker("", domain.slots)
    for event in (
        ActionExecuted("action_listen"),
        UserUttered("hello", {"name": "greet", "confidence": 1.0}),
        SlotSet("city", "Ghent"),
    ):
        tracker.update(event)
    return tracker
