"""Training without a look at everything that each question holds, time and again.

Rasa copies the questions five times on the way to the first component, to merge them with none.
Each time it copies every one piece by piece and hashes what it holds as JSON. It hashes what goes
into each component and what comes out of it, too, for its cache, even if that may hold nothing.
"""

from __future__ import annotations

import copy
from typing import Any

from rasa.engine.training.hooks import TrainingHook
from rasa.shared.nlu.constants import ACTION_NAME, ACTION_TEXT, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

_PLAIN = (str, int, float, bool, type(None))


def compare_questions_by_text() -> None:
    """Have questions hash by their text and intent, and be copied by what in them can change.

    What makes questions equal stays Rasa's: it is asked only where those hashes are the same.
    """
    Message.__hash__ = _hash
    Message.__deepcopy__ = _copy


def leave_the_cache_alone() -> None:
    """Have training put nothing into Rasa's cache, nor hash what it would put there."""
    TrainingHook.on_before_node = lambda self, *args, **kwargs: {}
    TrainingHook.on_after_node = lambda self, *args, **kwargs: None


def _hash(message: Message) -> int:
    return hash(tuple(message.get(name) for name in (TEXT, INTENT, ACTION_NAME, ACTION_TEXT)))


def _copy(message: Message, memo: dict[int, Any]) -> Message:
    copied = Message.__new__(type(message))
    for name, value in vars(message).items():
        setattr(copied, name, _copy_value(value, memo))
    return copied


def _copy_value(value: Any, memo: dict[int, Any]) -> Any:
    """Return what `copy.deepcopy` returns; it takes long over a name or a handful of them."""
    if isinstance(value, _PLAIN):
        return value
    if type(value) is dict:
        return {key: _copy_value(inner, memo) for key, inner in value.items()}
    if type(value) is set and all(isinstance(inner, _PLAIN) for inner in value):
        return value.copy()
    return copy.deepcopy(value, memo)
