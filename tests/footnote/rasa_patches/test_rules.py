"""Looking rules up by intent predicts what Rasa predicts by trying all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.core.training import load_data
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from footnote import paths
from footnote.rasa_patches import rules
from tests.footnote.rasa_patches.made import OTHER_DOMAIN, OTHER_RULES, conversations


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
