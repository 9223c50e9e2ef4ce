"""Looking rules up by intent predicts what Rasa predicts by trying all of them."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.core.training import load_data
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    Event,
    Restarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from footnote import paths
from footnote.rasa_patches import rules

CONVERSATIONS = 100
MOST_EVENTS = 14

OTHER_DOMAIN = """
version: "3.1"
intents: [greet, deny, inform, restart]
entities: [city]
slots:
  city: {type: text, influence_conversation: true, mappings: [{type: from_entity, entity: city}]}
  kind: {type: categorical, values: [a, b], mappings: [{type: custom}]}
forms:
  city_form: {required_slots: [city]}
responses:
  utter_greet: [{text: hello}]
  utter_welcome: [{text: welcome}]
  utter_text: [{text: as you say}]
  utter_stop: [{text: stopped}]
  utter_done: [{text: done}]
  utter_kind: [{text: that kind}]
actions: [action_work, utter_ask_city]
"""
OTHER_RULES = """
version: "3.1"
rules:
  - rule: at the start
    conversation_start: true
    steps: [{intent: greet}, {action: utter_welcome}]
  - rule: later
    steps: [{intent: greet}, {action: utter_greet}, {action: action_work}]
  - rule: by the words
    steps: [{user: "please do"}, {action: utter_text}]
  - rule: by a slot
    condition: [{slot_was_set: [{kind: a}]}]
    steps: [{intent: deny}, {action: utter_kind}]
  - rule: by a slot that is not set
    condition: [{slot_was_set: [{kind: null}]}]
    steps: [{intent: deny}, {action: utter_stop}]
  - rule: after an action, whatever was said
    steps: [{action: action_work}, {action: utter_done}]
  - rule: begin a form
    steps: [{intent: inform}, {action: city_form}, {active_loop: city_form}]
  - rule: stop a form
    condition: [{active_loop: city_form}]
    steps:
      - intent: deny
      - action: utter_stop
      - action: action_deactivate_loop
      - active_loop: null
  - rule: end a form
    condition: [{active_loop: city_form}]
    steps: [{action: city_form}, {active_loop: null}, {action: utter_done}]
"""


def trained(domain: Domain, data: Path, folder: Path) -> RulePolicy:
    storage = LocalModelStorage(folder)
    config = {**RulePolicy.get_default_config(), "check_for_contradictions": False}
    context = ExecutionContext(GraphSchema({}))
    policy = RulePolicy(config, storage, Resource("rules"), context)
    policy.train(load_data(str(data), domain, augmentation_factor=0), domain)
    return policy


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> tuple[RulePolicy, Domain]:
    domain = Domain.from_path(paths.ROOT / "domain.yml")
    folder = tmp_path_factory.mktemp("ours")
    return trained(domain, paths.ROOT / "data" / "rules.yml", folder), domain


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> tuple[RulePolicy, Domain]:
    """Rules of every form that Rasa knows; ours have only some."""
    folder = tmp_path_factory.mktemp("other")
    (folder / "rules.yml").write_text(OTHER_RULES, encoding="utf-8")
    domain = Domain.from_yaml(OTHER_DOMAIN)
    return trained(domain, folder / "rules.yml", folder), domain


@pytest.fixture(autouse=True)
def stock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin with Rasa's own methods, whatever ran before."""
    for name in ("_get_possible_keys", "_find_action_from_rules"):
        method = getattr(RulePolicy, name)
        monkeypatch.setattr(RulePolicy, name, getattr(method, "__wrapped__", method))


def conversations(domain: Domain, seed: int) -> list[DialogueStateTracker]:
    """Return conversations that mostly run as they should, and at times as they never do."""
    draw = random.Random(seed)
    names = [name for name in domain.action_names_or_texts if not name.startswith("action_unl")]
    values: dict[str, list[Any]] = {
        "reply_kind": ["answer", "not_covered", "clarify", None],
        "awaiting": ["erase", None],
        "kind": ["a", "b", None],
        "city": ["Ghent", None],
    }
    slots = [name for name in values if any(slot.name == name for slot in domain.slots)]

    def said() -> UserUttered:
        intent = draw.choice([*domain.intents, None])
        entities = [{"entity": name, "value": "x"} for name in draw.sample(domain.entities, 1)]
        return UserUttered(
            draw.choice(["please do", "words", ""]),
            {"name": intent, "confidence": 1.0} if intent else {},
            draw.choice([[], entities]),
        )

    def slot() -> SlotSet:
        name = draw.choice(slots)
        return SlotSet(name, draw.choice(values[name]))

    kinds: list[Callable[[], Event]] = [
        *[lambda: ActionExecuted("action_listen")] * 4,
        *[lambda: ActionExecuted(draw.choice(names))] * 4,
        *[said] * 4,
        *[slot] * 2,
        lambda: BotUttered("text"),
        Restarted,
    ]
    if domain.form_names:
        kinds += [
            *[lambda: ActiveLoop(draw.choice([*domain.form_names, None]))] * 2,
            lambda: ActionExecutionRejected(draw.choice(domain.form_names)),
        ]
    trackers = []
    for number in range(CONVERSATIONS):
        tracker = DialogueStateTracker(str(number), domain.slots)
        for _ in range(draw.randint(0, MOST_EVENTS)):
            tracker.update(draw.choice(kinds)())
        if draw.random() < 0.7:
            tracker.update(ActionExecuted("action_listen"))
            tracker.update(said())
        trackers.append(tracker)
    return trackers


def walk(policy: RulePolicy, domain: Domain, tracker: DialogueStateTracker) -> list[Any]:
    """Return the predictions from here to the next listening, at most five, with their rules."""
    tracker, predictions = tracker.copy(), []
    for _ in range(5):
        prediction, source = policy._predict(tracker, domain)
        states = policy._prediction_states(tracker, domain)
        keys = policy._get_possible_keys(policy.lookup[RULES], states)
        predictions.append((prediction, source, keys))
        name = domain.action_names_or_texts[prediction.max_confidence_index]
        tracker.update(ActionExecuted(name))
        if name == "action_resolve_follow_up":
            tracker.update(SlotSet("reply_kind", "clarify"))
    return predictions


@pytest.mark.parametrize("which", ["ours", "other"])
@pytest.mark.parametrize("seed", range(4))
def test_the_same_rule_and_action_as_rasa(
    which: str, seed: int, request: pytest.FixtureRequest
) -> None:
    policy, domain = request.getfixturevalue(which)
    trackers = conversations(domain, seed)
    expected = [walk(policy, domain, tracker) for tracker in trackers]
    applied = {source for steps in expected for _, source, keys in steps if keys}
    assert len(applied) > 8
    rules.look_rules_up()
    for tracker, steps in zip(trackers, expected, strict=True):
        assert walk(policy, domain, tracker) == steps, list(tracker.events)


def test_few_rules_are_tried_and_none_on_the_text(
    ours: tuple[RulePolicy, Domain], monkeypatch: pytest.MonkeyPatch
) -> None:
    policy, domain = ours
    tried: list[str] = []
    applicable = RulePolicy._is_rule_applicable

    def count(self: RulePolicy, key: str, *rest: Any) -> bool:
        tried.append(key)
        return bool(applicable(self, key, *rest))

    monkeypatch.setattr(RulePolicy, "_is_rule_applicable", count)
    tracker = DialogueStateTracker("", domain.slots)
    tracker.update(ActionExecuted("action_listen"))
    tracker.update(UserUttered("hello", {"name": "greet", "confidence": 1.0}))
    expected = policy._predict(tracker, domain)
    assert len(tried) > len(policy.lookup[RULES])
    tried.clear()
    rules.look_rules_up()
    assert policy._predict(tracker, domain) == expected
    assert len(tried) < 10


def test_the_index_follows_the_rules(ours: tuple[RulePolicy, Domain]) -> None:
    policy, _ = ours
    index = rules._index(policy)
    assert rules._index(policy) is index
    kept = policy.lookup[RULES]
    try:
        policy.lookup[RULES] = dict(list(kept.items())[1:])
        assert rules._index(policy).size == len(kept) - 1
    finally:
        policy.lookup[RULES] = kept
