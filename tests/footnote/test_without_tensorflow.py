"""TensorFlow stays out of our processes, and whoever needs it is told how to have it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any, Optional, Union

import pytest

from footnote import paths, without_tensorflow
from footnote.serving.environment import environment, rasa
from footnote.without_tensorflow import SWITCH, install


@pytest.fixture
def finders(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """A process where nothing is left out and nothing was imported yet."""
    kept = [finder for finder in sys.meta_path if type(finder).__name__ != "_Finder"]
    monkeypatch.setattr(sys, "meta_path", kept)
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    monkeypatch.delenv(SWITCH, raising=False)
    return kept


@pytest.fixture
def tensorflow(finders: list[Any], monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """Import a module of TensorFlow or Keras where both are left out."""
    install()
    for name in list(sys.modules):
        if name.partition(".")[0] in without_tensorflow.LEFT_OUT:
            monkeypatch.delitem(sys.modules, name)

    def module(name: str) -> Any:
        __import__(name)
        return sys.modules.pop(name)

    return module


def test_it_is_installed_once(finders: list[Any]) -> None:
    install()
    install()
    assert [type(finder).__name__ for finder in finders].count("_Finder") == 1


def test_the_switch_leaves_tensorflow_as_it_is(
    finders: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SWITCH, "1")
    install()
    assert "_Finder" not in [type(finder).__name__ for finder in finders]


def test_a_tensorflow_that_was_imported_already_stays(
    finders: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tensorflow", sys)
    install()
    assert "_Finder" not in [type(finder).__name__ for finder in finders]


def test_other_packages_are_found_as_ever(finders: list[Any]) -> None:
    install()
    assert finders[0].find_spec("kerastuner") is None
    assert finders[0].find_spec("rasa.utils.tensorflow") is None


@pytest.mark.parametrize(
    "name", ["tensorflow", "tensorflow.keras.utils", "tensorflow_hub.module_v2", "keras.utils"]
)
def test_what_is_left_out_can_be_imported_and_named(
    tensorflow: Callable[[str], Any], name: str
) -> None:
    module = tensorflow(name)
    assert Optional[Union[module.Tensor, int]]  # noqa: UP007, UP045 (as Rasa writes it)
    assert module.keras.layers.Layer.something is not None


def test_what_is_left_out_can_be_inherited_from(tensorflow: Callable[[str], Any]) -> None:
    class Layer(tensorflow("keras").layers.Layer):  # type: ignore[misc]
        def size(self) -> int:
            return 1

    assert Layer.size is not None


def test_using_it_says_what_to_do(tensorflow: Callable[[str], Any]) -> None:
    module = tensorflow("tensorflow")

    class Model(module.keras.Model):  # type: ignore[misc]
        pass

    for use in (Model, module.constant, module.keras.backend.clear_session):
        with pytest.raises(Exception, match=f"needs TensorFlow.*{SWITCH}=1"):
            use()


def test_rasa_starts_without_it_and_prints_the_error_as_its_own() -> None:
    program = """if True:
        from footnote import without_tensorflow
        without_tensorflow.install()
        import sys
        from rasa.core.policies.ted_policy import TEDPolicy
        from rasa.nlu.classifiers.diet_classifier import DIETClassifier
        from rasa.shared.exceptions import RasaException
        assert "tensorflow.python" not in sys.modules
        assert "jax" not in sys.modules
        try:
            DIETClassifier.model_class()()
        except RasaException as error:
            print(type(error).__name__)
    """
    command = [sys.executable, "-W", "ignore", "-c", program]
    done = subprocess.run(
        command, cwd=paths.ROOT, env=environment(), capture_output=True, text=True, check=True
    )
    assert done.stdout == "TensorFlowIsOffError\n"


def test_our_processes_do_without_it_and_the_comparison_has_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(SWITCH, raising=False)
    assert SWITCH not in environment()
    assert environment(tensorflow=True)[SWITCH] == "1"
    assert rasa("run")[1:] == ["-m", "footnote.serving.rasa", "run"]
