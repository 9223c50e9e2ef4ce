"""What the messaging channels' tests share."""

from __future__ import annotations

import pytest

from footnote.channels import messaging
from footnote.channels.gateway import Gateway
from footnote.safety.wording import SafetyWording
from footnote.settings import Settings
from tests.helpers.garden import helplines


@pytest.fixture
def british_gateway(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the messaging channels give the numbers of one country, with time to spare."""
    settings = Settings(country="GB", reply_timeout=20)
    shared = Gateway(settings, SafetyWording.of(helplines(), settings))
    monkeypatch.setattr(messaging, "gateway", lambda: shared)
