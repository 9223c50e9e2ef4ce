"""What tests share: a running bot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from footnote.serving.servers import Bot, running
from footnote.serving.training import ensure_model

StartBot = Callable[..., AbstractContextManager[Bot]]

# A developer's own choices must not decide what the tests see.
ID_SECRET = "a secret for tests only, of a decent length"
UNSET = (
    *("COUNTRY", "CARE_TEAM", "CARE_TEAM_PHONE", "DATABASE_URL", "REDIS_URL", "BROKER_URL"),
    *("API_TOKENS", "RETENTION_DAYS", "LOG_FORMAT", "WEB_SECRET", "WEB_ORIGINS"),
)
NEUTRAL = {**{f"FOOTNOTE_{name}": "" for name in UNSET}, "FOOTNOTE_ID_SECRET": ID_SECRET}


@pytest.fixture(scope="session")
def start_bot() -> StartBot:
    """Start a bot for a `with` block: where its database and log go, and its environment."""

    def start(
        folder: Path, environment: dict[str, str] | None = None
    ) -> AbstractContextManager[Bot]:
        return running(
            ensure_model(),
            database=str(folder / "conversations.db"),
            log=folder / "bot.log",
            extra={**NEUTRAL, **(environment or {})},
        )

    return start


@pytest.fixture(scope="session")
def bot(start_bot: StartBot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """One bot for the whole session; each test talks with it under an id of its own."""
    with start_bot(tmp_path_factory.mktemp("bot")) as running_bot:
        yield running_bot
