"""The environment of the processes that we start."""

from __future__ import annotations

import warnings

import pytest

from footnote.serving.environment import environment, hide_deprecations


def test_deprecations_are_hidden_and_other_warnings_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(
        warnings, "showwarning", lambda message, *_, **__: shown.append(str(message))
    )
    hide_deprecations()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        show = warnings.showwarning
        show(DeprecationWarning("old"), DeprecationWarning, "file.py", 1)
        show(UserWarning("look"), UserWarning, "file.py", 1)
    assert shown == ["look"]


def test_what_a_person_sets_goes_before_our_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    assert environment()["OPENBLAS_NUM_THREADS"] == "2"
    monkeypatch.delenv("OPENBLAS_NUM_THREADS")
    assert environment()["OPENBLAS_NUM_THREADS"] == "1"


def test_telemetry_stays_off_whatever_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASA_TELEMETRY_ENABLED", "true")
    assert environment()["RASA_TELEMETRY_ENABLED"] == "false"
