"""The `telegram` channel.

Rasa's answers nothing: it binds its client to a loop that is closed before the first message
comes. It also takes anybody's request, keeps the bot from starting without network, asks
Telegram for its own name at each message, and fails on updates without text, on text over
4,096 characters and on callback data over 64 bytes.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from typing import Any

import aiohttp
from aiogram import Bot
from aiogram.bot.api import TelegramAPIServer
from aiogram.utils import exceptions as telegram
from rasa.core.channels.telegram import TelegramInput as RasaTelegramInput
from sanic.request import Request

from footnote.channels.delivery import API_TIMEOUT, TryLater, Undeliverable
from footnote.channels.gateway import Handler
from footnote.channels.layout import numbered, split
from footnote.channels.messaging import Incoming, MessagingInput, Received, Reply
from footnote.channels.setup import PUBLIC_URL, TELEGRAM
from footnote.channels.webhooks import Refused, dig, json_object, require_type, same, text_at

logger = logging.getLogger(__name__)

MAX_TEXT = 4096
MAX_DATA = 64
"""Bytes that a button may send."""
SET_AGAIN = 30.0
"""Seconds between tries to set the webhook while Telegram cannot be reached."""
UPDATES = ("message", "edited_message", "callback_query")
COMMANDS = {"/start": "hello", "/help": "what can you do"}
"""What Telegram's own commands mean; the first is what its Start button sends."""
UNREADABLE = (
    "animation audio contact dice document location photo poll sticker story venue video "
    "video_note voice"
).split()
"""What a person sends instead of text; joins, pins and the like are nothing to reply to."""

FINAL = (
    telegram.BadRequest,
    telegram.Unauthorized,
    telegram.NotFound,
    telegram.ConflictError,
    telegram.MigrateToChat,
)
"""Errors that come again however often a message is sent (blocked, no such chat, ...)."""


class TelegramInput(MessagingInput, RasaTelegramInput):
    """POST /webhooks/telegram/webhook; the webhook sets itself when the bot starts."""

    setup = TELEGRAM
    api_url = "https://api.telegram.org"
    _client: Bot | None = None
    _again = SET_AGAIN

    @property
    def secret(self) -> str:
        """What Telegram is told to send along: nobody without the bot's token can know it."""
        token = self.values["TELEGRAM_BOT_TOKEN"].encode()
        return hmac.new(token, b"footnote webhook", hashlib.sha256).hexdigest()

    async def prove(self, request: Request, body: bytes) -> None:
        """Compare the secret token that `setWebhook` gave."""
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not same(given, self.secret):
            raise Refused("the request is not from Telegram")

    def read(self, request: Request, body: bytes) -> Received:
        """Read an update; what is neither a message nor a button has nothing to say."""
        require_type(request, "application/json")
        update = json_object(body)
        event = text_at(update, "update_id")
        query = dig(update, "callback_query")
        message = dig(query, "message") or dig(update, "message") or dig(update, "edited_message")
        person = text_at(query or message, "from", "id")
        chat = text_at(message, "chat", "id")
        if not (event and person and chat) or dig(query or message, "from", "is_bot") is True:
            return Received()
        text: str | None
        if query:
            text = text_at(query, "data")
        else:
            text = text_at(message, "text") or text_at(message, "caption")
            text = _command(text)
            if not text and any(dig(message, kind) for kind in UNREADABLE):
                text = None
        if text == "":
            return Received()
        to = (chat, text_at(message, "message_thread_id"), text_at(query, "id"))
        return Received([Incoming(event, (person, chat), text, to)])

    async def reply_for(self, message: Incoming, on_new_message: Handler) -> Reply | None:
        """Stop a pressed button from spinning, and reply."""
        query = message.reply_to[2]
        if query:
            # Beside the turn: too late for that, or too slow, is no failure of the reply.
            self._turns.start(self._quietly("answerCallbackQuery", callback_query_id=query))
        return await super().reply_for(message, on_new_message)

    def parts(self, reply: Reply) -> list[dict[str, Any]]:
        """Return messages for sendMessage, buttons under the last, one in a row."""
        options = reply.options
        as_buttons = all(len(option.payload.encode()) <= MAX_DATA for option in options)
        text = reply.text if as_buttons else numbered(reply.text, options)
        parts: list[dict[str, Any]] = [{"text": part} for part in split(text, MAX_TEXT)]
        if options and as_buttons and parts:
            rows = [[{"text": o.title, "callback_data": o.payload}] for o in options]
            parts[-1]["reply_markup"] = json.dumps({"inline_keyboard": rows})
        return parts

    async def send(self, reply_to: tuple[str, str, str], part: dict[str, Any]) -> None:
        """Send one message, plain: nothing in it is markup."""
        chat, thread, _ = reply_to
        threaded = {"message_thread_id": thread} if thread else {}
        preview = {"disable_web_page_preview": "true"}
        await self._call("sendMessage", chat_id=chat, **part, **threaded, **preview)

    async def started(self) -> None:
        """Tell Telegram where to post, and which secret to send along."""
        url = self.values[PUBLIC_URL.name].rstrip("/") + self.setup.path
        settings = {
            "url": url,
            "secret_token": self.secret,
            "allowed_updates": json.dumps(UPDATES),
        }
        told = False
        while True:
            try:
                await self._call("setWebhook", **settings)
                logger.info("Telegram posts to %s", url)
                return
            except Undeliverable as error:
                logger.error("Telegram does not take the webhook (%s); no messages come.", error)
                return
            except (TryLater, OSError, asyncio.TimeoutError) as error:
                if not told:
                    logger.warning("Telegram: the webhook could not be set (%s) yet.", error)
                told = True
            await asyncio.sleep(self._again)

    async def stopped(self) -> None:
        """Close the connection."""
        if self._client is not None:
            await self._client.session.close()

    async def _quietly(self, method: str, **data: Any) -> None:
        try:
            await self._call(method, **data)
        except (TryLater, Undeliverable, OSError, asyncio.TimeoutError):
            logger.info("Telegram: %s was not taken", method)

    async def _call(self, method: str, **data: Any) -> Any:
        """Call Telegram, its errors told apart into those that pass and those that do not."""
        if self._client is None:
            # Made here, on the loop that serves, and not when the channel is configured.
            server = TelegramAPIServer.from_base(self.api)
            token = self.values["TELEGRAM_BOT_TOKEN"]
            self._client = Bot(token, server=server, timeout=API_TIMEOUT)
        try:
            return await self._client.request(method, data)
        except telegram.RetryAfter as error:
            raise TryLater("HTTP 429", float(error.timeout)) from None
        except FINAL as error:
            raise Undeliverable(type(error).__name__) from None
        except (telegram.TelegramAPIError, aiohttp.ClientError) as error:
            raise TryLater(type(error).__name__) from None


def _command(text: str) -> str:
    """Return a command's meaning ("/start@bot" is a greeting), other text as it is."""
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    return COMMANDS.get(first.partition("@")[0].lower(), text)
