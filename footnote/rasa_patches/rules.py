"""Rules are looked up by the intent that they demand instead of being tried one by one.

Most of some two hundred rules differ in their intent alone, and Rasa tries each of them three
times in a turn. What is looked up is then tried by Rasa's own code, so the outcome is the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import wraps
from typing import Any

from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.shared.core.constants import PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT

_Found = tuple[str | None, str | None, bool]


class RuleIndex:
    """A policy's rules by the intent that their last state demands.

    Args:
        rules: the rules' keys, their states as JSON.
    """

    def __init__(self, rules: Iterable[str]) -> None:
        self._by_intent: dict[str, list[str]] = {}
        self.without_intent: list[str] = []
        self.size = 0
        for key in rules:
            last = RulePolicy._rule_key_to_state(key)[-1]
            intent = last.get(USER, {}).get(INTENT)
            # The start of a conversation fits without a look at the intent.
            if intent and intent != SHOULD_NOT_BE_SET and last.get(PREVIOUS_ACTION):
                self._by_intent.setdefault(intent, []).append(key)
            else:
                self.without_intent.append(key)
            self.size += 1

    def candidates(self, state: State) -> list[str]:
        """Return the keys of the rules that could apply where a conversation is in a state."""
        intent = state.get(USER, {}).get(INTENT)
        return [*self._by_intent.get(intent, ()), *self.without_intent]


def _index(policy: RulePolicy) -> RuleIndex:
    """Return the index of a policy's rules as they are now."""
    rules = policy.lookup[RULES]
    known: tuple[Any, RuleIndex] | None = getattr(policy, "_footnote_index", None)
    if known is None or known[0] is not rules or known[1].size != len(rules):
        known = policy._footnote_index = (rules, RuleIndex(rules))
    return known[1]


def look_rules_up() -> None:
    """Have `RulePolicy` try only rules that could apply, and on the text only where one could."""
    try_all, find = RulePolicy._get_possible_keys, RulePolicy._find_action_from_rules
    if hasattr(find, "__wrapped__"):
        return

    @wraps(try_all)
    def possible(self: RulePolicy, lookup: dict[str, str], states: list[State]) -> set[str]:
        if states and lookup is self.lookup[RULES]:
            lookup = {key: lookup[key] for key in _index(self).candidates(states[-1])}
        keys: set[str] = try_all(self, lookup, states)
        return keys

    @wraps(find)
    def found(
        self: RulePolicy,
        tracker: DialogueStateTracker,
        domain: Domain,
        use_text_for_last_user_input: bool,
    ) -> _Found:
        reads_text = _index(self).without_intent or tracker.active_loop_name
        if use_text_for_last_user_input and not reads_text:
            return None, None, False
        action: _Found = find(self, tracker, domain, use_text_for_last_user_input)
        return action

    RulePolicy._get_possible_keys = possible
    RulePolicy._find_action_from_rules = found
