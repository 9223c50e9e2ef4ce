"""Keep TensorFlow and Keras from being imported where nothing uses them.

Rasa imports both for components that this project's pipeline does not have, at a cost of
about 6 s and 350 MB a process. `install` answers their imports with placeholders, which can be
inherited from and named in annotations, as Rasa's modules do, but not used: a pipeline that
does need TensorFlow stops with `TensorFlowIsOffError`, which says what to do.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

SWITCH = "FOOTNOTE_TENSORFLOW"
"""The environment variable that, set to 1, leaves TensorFlow as it is."""
LEFT_OUT = frozenset({"tensorflow", "tensorflow_hub", "tensorflow_text", "keras"})


def install() -> None:
    """Leave TensorFlow out of this process, unless it is wanted or already there."""
    installed = any(isinstance(finder, _Finder) for finder in sys.meta_path)
    if os.environ.get(SWITCH) != "1" and "tensorflow" not in sys.modules and not installed:
        sys.meta_path.insert(0, _Finder())


class _Finder:
    """Finds placeholders for the packages left out and whatever is imported from them."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name.partition(".")[0] not in LEFT_OUT:
            return None
        return ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        module.__getattr__ = lambda name: _placeholder(name)  # type: ignore[method-assign]


class _Placeholder(type):
    """The type of everything in the packages left out, and of what inherits from it."""

    def __getattr__(cls, name: str) -> Any:
        return _placeholder(name)

    def __call__(cls, *arguments: Any, **keywords: Any) -> Any:
        raise _is_off()


def _placeholder(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return _Placeholder(name, (), {})


def _is_off() -> Exception:
    # Rasa's own type of exception, which it prints without a trace; not imported at the start,
    # since every process of the environment reads this module.
    from rasa.shared.exceptions import RasaException

    class TensorFlowIsOffError(RasaException):
        """A configured component needs TensorFlow."""

    return TensorFlowIsOffError(
        "A component of config.yml (DIETClassifier, TEDPolicy or the like) needs TensorFlow, which "
        f"this project leaves out, to start faster. Set {SWITCH}=1 in the environment to have it."
    )
