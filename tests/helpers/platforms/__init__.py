"""Stand-ins for the messaging platforms, on loopback: what their documentation says they do.

Each signs what it posts, takes what a bot sends within its limits, refuses what is over them
with its own errors, and fails on demand.
"""

from tests.helpers.platforms.base import Call, Platform, Sent
from tests.helpers.platforms.bot_framework import BotFrameworkPlatform
from tests.helpers.platforms.messenger import MessengerPlatform
from tests.helpers.platforms.others import (
    GoogleChatPlatform,
    MattermostPlatform,
    RocketChatPlatform,
    WebexPlatform,
)
from tests.helpers.platforms.slack import SlackPlatform
from tests.helpers.platforms.telegram import TelegramPlatform
from tests.helpers.platforms.twilio import TwilioPlatform

FIRST_CLASS: tuple[type[Platform], ...] = (
    SlackPlatform,
    TelegramPlatform,
    MessengerPlatform,
    TwilioPlatform,
    BotFrameworkPlatform,
)
OTHERS: tuple[type[Platform], ...] = (
    MattermostPlatform,
    RocketChatPlatform,
    WebexPlatform,
    GoogleChatPlatform,
)
ALL = FIRST_CLASS + OTHERS

__all__ = [
    "ALL",
    "FIRST_CLASS",
    "OTHERS",
    "BotFrameworkPlatform",
    "Call",
    "GoogleChatPlatform",
    "MattermostPlatform",
    "MessengerPlatform",
    "Platform",
    "RocketChatPlatform",
    "Sent",
    "SlackPlatform",
    "TelegramPlatform",
    "TwilioPlatform",
    "WebexPlatform",
]
