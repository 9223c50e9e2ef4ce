"""What each messaging channel needs from the environment, and whether it has it.

Light on purpose: `footnote channels` reads it without loading Rasa.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Variable:
    """An environment variable: what it is, and the form its value must have."""

    name: str
    what: str
    form: str = r"\S.*"

    def problem(self, environment: Mapping[str, str]) -> str | None:
        """Return what is wrong with the value (never the value itself), or None."""
        value = environment.get(self.name, "").strip()
        if not value:
            return f"{self.name} is not set ({self.what})"
        if not re.fullmatch(self.form, value, re.DOTALL):
            return f"{self.name} does not have the right form ({self.what})"
        return None


ID_SECRET = Variable(
    "FOOTNOTE_ID_SECRET",
    "32 or more random characters; turns people's ids into what is stored",
    r".{32,}",
)
PUBLIC_URL = Variable(
    "FOOTNOTE_PUBLIC_URL",
    "where the internet reaches this bot, as in https://bot.example.org",
    r"https?://[^/\s?#]+(/[^\s?#]*)?",
)

WEB_SECRET = Variable(
    "FOOTNOTE_WEB_SECRET",
    "32 or more random characters, the same on each server; signs the web chat's session tokens",
    r".{32,}",
)
WEB_ORIGINS = Variable(
    "FOOTNOTE_WEB_ORIGINS",
    "sites that may embed the web chat, as https://host or https://host:port, commas between",
    r"{0}(\s*,\s*{0})*".format(r"https?://[a-z0-9.:\[\]-]+"),
)


@dataclass(frozen=True)
class Setup:
    """A channel's name, address and variables.

    Attributes:
        channel: Rasa's name for it, which is also in its webhook's path.
        title: what people call it.
        input_class: what `credentials.yml` names.
        needs: variables without which the channel stays off.
        may_have: variables that it reads where they are set.
    """

    channel: str
    title: str
    input_class: str
    needs: tuple[Variable, ...]
    may_have: tuple[Variable, ...] = ()

    @property
    def path(self) -> str:
        """The webhook's path on the bot's server."""
        return f"/webhooks/{self.channel}/webhook"

    def problems(self, environment: Mapping[str, str] | None = None) -> list[str]:
        """Return what keeps the channel from starting; empty where nothing does."""
        env = os.environ if environment is None else environment
        found = [variable.problem(env) for variable in self.needs]
        found += [v.problem(env) for v in self.may_have if env.get(v.name, "").strip()]
        return [problem for problem in found if problem]

    def untouched(self, environment: Mapping[str, str] | None = None) -> bool:
        """Whether nobody set any variable that is this channel's alone."""
        env = os.environ if environment is None else environment
        own = [v for v in self.needs if v not in (ID_SECRET, PUBLIC_URL)]
        return not any(env.get(variable.name, "").strip() for variable in own)

    def values(self, environment: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the variables' values by name; one that is not set is empty."""
        env = os.environ if environment is None else environment
        return {v.name: env.get(v.name, "").strip() for v in (*self.needs, *self.may_have)}


def _setup(
    channel: str,
    title: str,
    input_class: str,
    needs: tuple[Variable, ...],
    may_have: tuple[Variable, ...] = (),
) -> Setup:
    path = f"footnote.channels.{input_class}"
    return Setup(channel, title, path, (*needs, ID_SECRET), may_have)


SLACK = _setup(
    "slack",
    "Slack",
    "slack.SlackInput",
    (
        Variable("SLACK_BOT_TOKEN", "the bot user's OAuth token, begins with xoxb-"),
        Variable("SLACK_SIGNING_SECRET", "Basic Information, App Credentials"),
    ),
)
TELEGRAM = _setup(
    "telegram",
    "Telegram",
    "telegram.TelegramInput",
    (
        Variable("TELEGRAM_BOT_TOKEN", "from @BotFather, as in 123456:ABC-DEF", r"\d+:[\w-]+"),
        PUBLIC_URL,
    ),
)
MESSENGER = _setup(
    "facebook",
    "Facebook Messenger",
    "messenger.MessengerInput",
    (
        Variable("MESSENGER_PAGE_TOKEN", "the page's access token"),
        Variable("MESSENGER_APP_SECRET", "App settings, Basic"),
        Variable("MESSENGER_VERIFY_TOKEN", "a word of your own, given to Meta with the webhook"),
    ),
)
TWILIO = _setup(
    "twilio",
    "Twilio (SMS, WhatsApp)",
    "twilio.TwilioInput",
    (
        Variable("TWILIO_ACCOUNT_SID", "begins with AC", r"AC\w+"),
        Variable("TWILIO_AUTH_TOKEN", "the account's auth token; signs the requests"),
        PUBLIC_URL,
    ),
)
BOT_FRAMEWORK = _setup(
    "botframework",
    "Microsoft Teams (Bot Framework)",
    "bot_framework.BotFrameworkInput",
    (
        Variable("MICROSOFT_APP_ID", "the bot's application (client) id"),
        Variable("MICROSOFT_APP_PASSWORD", "a client secret of that application"),
    ),
    (
        Variable(
            "MICROSOFT_APP_TENANT",
            "the directory (tenant) id of a single-tenant bot; none for a multi-tenant one",
            r"[\w.-]+",
        ),
    ),
)
MATTERMOST = _setup(
    "mattermost",
    "Mattermost",
    "mattermost.MattermostInput",
    (
        Variable("MATTERMOST_URL", "the server, as in https://chat.example.org", r"https?://\S+"),
        Variable("MATTERMOST_BOT_TOKEN", "the bot account's access token"),
        Variable("MATTERMOST_WEBHOOK_TOKEN", "the outgoing webhook's token"),
    ),
)
ROCKET_CHAT = _setup(
    "rocketchat",
    "Rocket.Chat",
    "rocket_chat.RocketChatInput",
    (
        Variable("ROCKETCHAT_URL", "the server, as in https://chat.example.org", r"https?://\S+"),
        Variable("ROCKETCHAT_USER", "the bot user's name"),
        Variable("ROCKETCHAT_PASSWORD", "the bot user's password"),
        Variable("ROCKETCHAT_WEBHOOK_TOKEN", "the outgoing integration's token"),
    ),
)
WEBEX = _setup(
    "webexteams",
    "Webex",
    "webex.WebexInput",
    (
        Variable("WEBEX_BOT_TOKEN", "the bot's access token"),
        Variable("WEBEX_WEBHOOK_SECRET", "the secret given when the webhook was made"),
    ),
)
GOOGLE_CHAT = _setup(
    "hangouts",
    "Google Chat",
    "google_chat.GoogleChatInput",
    (Variable("GOOGLE_CHAT_PROJECT_NUMBER", "the Google Cloud project's number", r"\d+"),),
)

SETUPS = (
    SLACK,
    TELEGRAM,
    MESSENGER,
    TWILIO,
    BOT_FRAMEWORK,
    MATTERMOST,
    ROCKET_CHAT,
    WEBEX,
    GOOGLE_CHAT,
)
