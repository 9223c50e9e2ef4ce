"""The reply that an understanding leads to where nothing was said before, without a server.

So a classifier can be scored by what people would read, without a bot around it: another one
whose labels are all there is, or our own trained on fewer questions. All but `kinds` is pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from footnote import paths
from footnote.conversation import Context, Plan, resolve
from footnote.evaluation.scores import Given
from footnote.knowledge import KnowledgeBase
from footnote.nlu.grounding import ASK, CLARIFY, CLARIFY_INTENT, FOLLOW_UPS, NOT_COVERED, cell_of
from footnote.replies import METADATA_KEY, Reply, answer, bare_payload, clarify, payload
from footnote.safety import DANGERS
from footnote.safety.wording import SafetyWording
from footnote.settings import Settings

_KINDS_OF_ACTIONS = {
    "action_answer": "answer",
    "action_not_covered": NOT_COVERED,
    "action_clarify": CLARIFY,
    "action_personal_advice": "personal_advice",
}
"""All other actions reply in kind `social`: repeat, start over, erase."""
_OTHER = "social"


def kinds_of_intents(domain: Mapping[str, Any], rules: Mapping[str, Any]) -> dict[str, str]:
    """Return the kind of reply that the rules give each intent, from the parsed YAML files."""
    kinds: dict[str, str] = {}
    for rule in rules["rules"]:
        first, action = rule["steps"][0], rule["steps"][1]["action"]
        said = domain["responses"].get(action)
        kind = (
            said[0]["metadata"][METADATA_KEY]["kind"]
            if said
            else _KINDS_OF_ACTIONS.get(action, _OTHER)
        )
        for step in first.get("or", [first]):
            kinds.setdefault(step["intent"], kind)
    return kinds


def kinds() -> dict[str, str]:
    """Return the kind of reply of each of our intents, from the project's files."""
    domain, rules = (
        yaml.safe_load((paths.ROOT / name).read_text(encoding="utf-8"))
        for name in ("domain.yml", "data/rules.yml")
    )
    return kinds_of_intents(domain, rules)


def understanding_of(label: str, knowledge: KnowledgeBase) -> dict[str, Any]:
    """Return what a label of the training data says alone: a cell, a gap, a kind.

    Args:
        label: an intent, with a topic or an aspect after a slash where it has one.
        knowledge: the grid of entries.
    """
    intent, _, qualifier = label.partition("/")
    if cell := cell_of(knowledge, label):
        return {"kind": "answer", "intent": intent, "entries": ["/".join(cell)]}
    if intent.startswith(ASK) or intent == NOT_COVERED:
        return {"kind": NOT_COVERED, "intent": intent}
    if intent == CLARIFY_INTENT:
        return {"kind": CLARIFY, "intent": intent}
    if intent in FOLLOW_UPS:
        return {"kind": "follow_up", "intent": intent, "aspect": qualifier or None}
    return {"kind": intent, "intent": intent}


@dataclass(frozen=True)
class Replier:
    """Turns understandings into replies.

    Attributes:
        knowledge: the entries.
        kinds: see `kinds_of_intents`.
    """

    knowledge: KnowledgeBase
    kinds: Mapping[str, str]

    def reply(self, understanding: Mapping[str, Any], text: str) -> Given:
        """Return the reply to a message.

        Args:
            understanding: `Understanding.as_dict()`, or what `understanding_of` returns.
            text: the message.
        """
        kind = understanding["kind"]
        if kind == "follow_up":
            plan = resolve(self.knowledge, understanding["intent"], understanding, Context(), text)
        elif kind in ("answer", NOT_COVERED, CLARIFY):
            plan = Plan.of(understanding)
        else:
            return self._fixed(self.kinds.get(understanding["intent"], _OTHER))
        if plan.kind == "answer":
            return self._given(answer(self.knowledge, plan.entries, plan.missing))
        if plan.kind == CLARIFY:
            return self._given(clarify(self.knowledge, plan.options))
        return self._fixed(NOT_COVERED)

    def _given(self, reply: Reply) -> Given:
        return Given(reply.text, (payload(self.knowledge, reply),))

    def _fixed(self, kind: str) -> Given:
        text = ""
        if kind in DANGERS:
            text = getattr(SafetyWording.of(self.knowledge.helplines, Settings()), kind)
        return Given(text, (bare_payload(kind),))
