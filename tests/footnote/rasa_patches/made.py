"""Conversations made of random events, and rules of every form that Rasa knows."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    Restarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

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


def conversations(domain: Domain, seed: int, reverting: bool = False) -> list[DialogueStateTracker]:
    """Return conversations that mostly run as they should, and at times as they never do.

    Args:
        domain: whose intents, slots and actions they use.
        seed: of the draw.
        reverting: whether some events take others back, or change what of a message counts.
    """
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
    if reverting:
        kinds += [
            ActionReverted,
            UserUtteranceReverted,
            lambda: DefinePrevUserUtteredFeaturization(draw.random() < 0.3),
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
