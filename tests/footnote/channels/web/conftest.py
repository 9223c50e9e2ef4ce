"""One scripted bot for all protocol tests; each test comes from an address of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.helpers.web import WebBot, web_bot

FRIEND = "https://hospital.example"


@pytest.fixture(scope="session")
def protocol_bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebBot]:
    credentials = {"origins": [FRIEND], "connections_per_address": 5}
    with web_bot(tmp_path_factory.mktemp("web"), credentials) as bot:
        yield bot
