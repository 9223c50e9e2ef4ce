"""The whole bot with every first-class messaging channel on, against the stand-ins."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import requests
import yaml

from footnote import paths
from footnote.serving.servers import Bot, running
from footnote.serving.training import ensure_model
from tests.conftest import NEUTRAL
from tests.helpers.platforms import FIRST_CLASS, Call, Platform

PERSON = "424242"
QUESTION = "does chemo affect healthy cells?"


@dataclass
class Everything:
    """A bot, the platforms around it, and where it writes."""

    bot: Bot
    platforms: list[Platform]
    folder: Path

    def post(self, platform: Platform, call: Call) -> int:
        url = f"{self.bot.url}{platform.setup.path}"
        return requests.post(url, data=call.body, headers=call.headers, timeout=20).status_code

    def ask(self, platform: Platform, call: Call) -> str:
        """Post a call and return the reply that it brought."""
        before = len(platform.sent)
        assert self.post(platform, call) == 200
        return platform.wait(before + 1, seconds=30)[-1].text

    def written(self) -> bytes:
        return b"".join(file.read_bytes() for file in self.folder.iterdir() if file.is_file())


@contextlib.contextmanager
def everything(folder: Path) -> Iterator[Everything]:
    with contextlib.ExitStack() as stack:
        platforms = [stack.enter_context(kind()) for kind in FIRST_CLASS]
        credentials = yaml.safe_load((paths.ROOT / "credentials.yml").read_text("utf-8"))
        environment = {**NEUTRAL, "FOOTNOTE_COUNTRY": "GB", "FOOTNOTE_REPLY_TIMEOUT": "20"}
        for platform in platforms:
            credentials[platform.setup.input_class] = platform.options()
            environment |= platform.environment()
        path = folder / "credentials.yml"
        path.write_text(yaml.safe_dump(credentials), encoding="utf-8")
        bot = stack.enter_context(
            running(
                ensure_model(),
                database=str(folder / "conversations.db"),
                credentials=path,
                log=folder / "bot.log",
                extra=environment,
            )
        )
        yield Everything(bot, platforms, folder)


def test_every_channel_talks_with_the_real_bot(tmp_path: Path) -> None:
    with everything(tmp_path) as world:
        chosen = set()
        for platform in world.platforms:
            chosen.add(answers_and_lets_choose(world, platform))
            assert "999" in world.ask(platform, platform.question("i cant breathe", "8", PERSON))
        assert len(chosen) == 1, "the second option is the same, pressed or typed as a number"
        hashed_and_unspoken(world)
        hanging = [
            platform.question("what is surgery", "9", PERSON) for platform in world.platforms
        ]
        before = [len(platform.sent) for platform in world.platforms]
        for platform, call in zip(world.platforms, hanging, strict=True):
            assert world.post(platform, call) == 200
        # Left at once: the stop has to wait for these replies.
    for platform, count in zip(world.platforms, before, strict=True):
        assert len(platform.sent) == count + 1, platform.setup.title


def answers_and_lets_choose(world: Everything, platform: Platform) -> str:
    """Ask, choose the second option, and return the first line of what that brought."""
    text = world.ask(platform, platform.question(QUESTION, "5", PERSON))
    assert "healthy cells" in text
    assert "Source: Chemotherapy, sentence 4." in text
    assert "{" not in text
    sent = platform.sent[-1]
    if platform.has_buttons:
        assert 1 <= len(sent.options) <= 3
        call = platform.press(sent.options[1], "6", PERSON)
    else:
        assert "Reply with a number:\n1. " in text
        call = platform.press("", "6", PERSON)
    chosen = world.ask(platform, call)
    assert "Source: " in chosen
    assert chosen != text
    return chosen.splitlines()[0]


def hashed_and_unspoken(world: Everything) -> None:
    written = world.written()
    assert PERSON.encode() not in written, "a person's id is stored or logged in the clear"
    for platform in world.platforms:
        assert f'"input_channel": "{platform.setup.channel}"'.encode() in written
    assert b"healthy cells" not in (world.folder / "bot.log").read_bytes()
