"""The actions over the small knowledge base, with settings of their own."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions import base
from tests.helpers.garden import garden


@pytest.fixture(autouse=True)
def _garden(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    knowledge = garden()
    live = SimpleNamespace(current=lambda: knowledge)
    monkeypatch.setattr(base, "_live", lambda: live)
    monkeypatch.setenv("FOOTNOTE_COUNTRY", "GB")
    monkeypatch.setenv("FOOTNOTE_CARE_TEAM", "the gardener")
    monkeypatch.delenv("FOOTNOTE_CARE_TEAM_PHONE", raising=False)
    base.settings.cache_clear()
    yield
    base.settings.cache_clear()


@pytest.fixture
def dispatcher() -> CollectingDispatcher:
    return CollectingDispatcher()
