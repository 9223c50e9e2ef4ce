"""The `botframework` channel: Microsoft Teams, and whatever else speaks through Azure Bot.

Rasa's checks neither the token's issuer nor its `serviceUrl`, so it sends its reply and its own
token wherever the request says; it fails on a token without key id, needs network to start,
calls on the event loop, and its buttons lack what makes them buttons.
"""

from __future__ import annotations

import asyncio
import html
import time
from typing import Any
from urllib.parse import quote

import jwt
import requests
from rasa.core.channels.botframework import BotFrameworkInput as RasaBotFrameworkInput
from sanic.request import Request

from footnote.channels.delivery import API_TIMEOUT, TryLater, of_status
from footnote.channels.layout import split, tappable
from footnote.channels.messaging import Incoming, MessagingInput, Received, Reply
from footnote.channels.setup import BOT_FRAMEWORK
from footnote.channels.webhooks import (
    Refused,
    dig,
    json_object,
    list_at,
    require_type,
    text_at,
)

ISSUER = "https://api.botframework.com"
SCOPE = "https://api.botframework.com/.default"
LEEWAY = 300
"""Seconds that clocks may differ, as Microsoft asks."""
MAX_TEXT = 8000
"""Teams takes 40 kB of UTF-16 for a whole message, card included."""
KEYS_AGE = 24 * 3600
KEYS_PAUSE = 300
KEYS_AGAIN = 10
"""Seconds: keys are fetched anew each day, for an unknown one at most every five minutes, and
after a failure at most every ten seconds. A stranger's key ids must cost nothing.
"""


class SigningKeys:
    """The keys that the Bot Connector signs with, by their id.

    Args:
        openid_url: the document that says where they are.
    """

    def __init__(self, openid_url: str) -> None:
        self._openid_url = openid_url
        self._keys: dict[str, dict[str, Any]] = {}
        self._fetched = float("-inf")
        self._pause = KEYS_PAUSE
        self._lock = asyncio.Lock()

    async def find(self, key_id: str, fetch: Any) -> dict[str, Any] | None:
        """Return a key; `fetch` runs a blocking call off the event loop."""
        age = time.monotonic() - self._fetched
        if age > KEYS_AGE or (key_id not in self._keys and age > self._pause):
            async with self._lock:
                if time.monotonic() - self._fetched >= age:
                    found = await fetch(self._download)
                    self._fetched = time.monotonic()
                    self._pause = KEYS_PAUSE if found else KEYS_AGAIN
                    self._keys = found or self._keys
        return self._keys.get(key_id)

    def _download(self) -> dict[str, dict[str, Any]]:
        try:
            document = requests.get(self._openid_url, timeout=API_TIMEOUT).json()
            keys = requests.get(text_at(document, "jwks_uri"), timeout=API_TIMEOUT).json()
        except requests.RequestException:
            return {}
        return {text_at(key, "kid"): key for key in list_at(keys, "keys") if text_at(key, "kid")}


class BotFrameworkInput(MessagingInput, RasaBotFrameworkInput):
    """POST /webhooks/botframework/webhook: activities.

    `credentials.yml` may name other addresses than Microsoft's: `login_url`, `openid_url`.
    """

    setup = BOT_FRAMEWORK
    login_url = "https://login.microsoftonline.com"
    openid_url = "https://login.botframework.com/v1/.well-known/openidconfiguration"

    def configure(self) -> None:
        """Say where tokens and keys come from."""
        tenant = self.values.get("MICROSOFT_APP_TENANT") or "botframework.com"
        login = str(self.options.get("login_url") or self.login_url).rstrip("/")
        self._token_url = f"{login}/{tenant}/oauth2/v2.0/token"
        self._openid = str(self.options.get("openid_url") or self.openid_url)
        self._keys: SigningKeys | None = None
        self._token = ""
        self._token_ends = 0.0

    async def prove(self, request: Request, body: bytes) -> None:
        """Check the token as Microsoft asks: key, issuer, audience, time, service, channel."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token or not token.isascii():
            raise Refused("there is no bearer token")
        require_type(request, "application/json")
        try:
            key_id = jwt.get_unverified_header(token).get("kid")
            key = await self._key(key_id) if isinstance(key_id, str) else None
            if key is None:
                raise Refused("the token is signed with no key of the Bot Connector's")
            claims = jwt.decode(
                token,
                key=jwt.PyJWK(key, algorithm="RS256").key,
                algorithms=["RS256"],
                issuer=ISSUER,
                audience=self.values["MICROSOFT_APP_ID"],
                leeway=LEEWAY,
                options={"require": ["exp", "iss", "aud"]},
            )
        except jwt.PyJWTError:
            raise Refused("the token is not valid") from None
        activity = json_object(body)
        service = text_at(claims, "serviceurl") or text_at(claims, "serviceUrl")
        if not service or service.rstrip("/") != text_at(activity, "serviceUrl").rstrip("/"):
            raise Refused("the token is not for this serviceUrl", status=403)
        endorsed = key.get("endorsements")
        if isinstance(endorsed, list) and text_at(activity, "channelId") not in endorsed:
            raise Refused("the key is not endorsed for this channel", status=403)

    def read(self, request: Request, body: bytes) -> Received:
        """Read an activity; only a message of a person holds something to reply to."""
        activity = json_object(body)
        service = text_at(activity, "serviceUrl")
        conversation = text_at(activity, "conversation", "id")
        person = text_at(activity, "from", "id")
        if text_at(activity, "type") != "message" or not (service and conversation and person):
            return Received()
        text: str | None = _spoken(activity)
        if not text:
            if not list_at(activity, "attachments"):
                return Received()
            text = None
        event = text_at(activity, "id")
        where = conversation.partition(";")[0]
        return Received(
            [
                Incoming(
                    f"{conversation}/{event}" if event else "",
                    (text_at(activity, "channelId"), where, person),
                    text,
                    {
                        "url": f"{service.rstrip('/')}/v3/conversations/"
                        f"{quote(conversation, safe='')}/activities",
                        "replyToId": event,
                        "from": dig(activity, "recipient"),
                        "recipient": dig(activity, "from"),
                        "conversation": dig(activity, "conversation"),
                    },
                )
            ]
        )

    def parts(self, reply: Reply) -> list[dict[str, Any]]:
        """Return activities, buttons on a card under the last."""
        parts: list[dict[str, Any]] = []
        for text in split(reply.text, MAX_TEXT):
            activity: dict[str, Any] = {"type": "message", "text": text, "textFormat": "plain"}
            if reply.of_danger:
                activity["text"] = tappable(text, lambda dial, shown: f"[{shown}](tel:{dial})")
                activity["textFormat"] = "markdown"
            parts.append(activity)
        if reply.options and parts:
            buttons = [
                {"type": "imBack", "title": option.title, "value": option.payload}
                for option in reply.options
            ]
            card = "application/vnd.microsoft.card.hero"
            parts[-1]["attachments"] = [{"contentType": card, "content": {"buttons": buttons}}]
        return parts

    async def send(self, reply_to: dict[str, Any], part: dict[str, Any]) -> None:
        """Post one activity to the service that the request's token was for."""
        addressed = {key: value for key, value in reply_to.items() if key != "url" and value}
        await self.in_thread(self._post, reply_to["url"], {**addressed, **part})

    async def _key(self, key_id: str) -> dict[str, Any] | None:
        if self._keys is None:
            self._keys = SigningKeys(self._openid)
        return await self._keys.find(key_id, self.in_thread)

    def _post(self, url: str, activity: dict[str, Any]) -> None:
        headers = {"Authorization": f"Bearer {self._own_token()}"}
        answer = requests.post(
            url, json=activity, headers=headers, timeout=API_TIMEOUT, allow_redirects=False
        )
        if answer.status_code == 401:
            self._token = ""
            raise TryLater("HTTP 401")
        if not 200 <= answer.status_code < 300:
            raise of_status(answer.status_code, answer.headers.get("Retry-After"))

    def _own_token(self) -> str:
        """Return the bot's token, fetched anew five minutes before its end."""
        if self._token and time.monotonic() < self._token_ends:
            return self._token
        answer = requests.post(
            self._token_url,
            data={
                "grant_type": "client_credentials",
                "client_id": self.values["MICROSOFT_APP_ID"],
                "client_secret": self.values["MICROSOFT_APP_PASSWORD"],
                "scope": SCOPE,
            },
            timeout=API_TIMEOUT,
        )
        if answer.status_code != 200:
            raise of_status(answer.status_code, answer.headers.get("Retry-After"), "for a token")
        granted = answer.json()
        lasts = dig(granted, "expires_in")
        self._token_ends = time.monotonic() + max(0, int(lasts or 0) - LEEWAY)
        self._token = text_at(granted, "access_token")
        return self._token


def _spoken(activity: dict[str, Any]) -> str:
    """Return what was said, without the bot's own name in front of it."""
    text = text_at(activity, "text")
    for entity in list_at(activity, "entities"):
        ours = text_at(entity, "mentioned", "id") == text_at(activity, "recipient", "id")
        if text_at(entity, "type") == "mention" and ours and text_at(entity, "text"):
            text = text.replace(text_at(entity, "text"), " ")
    return html.unescape(text).replace("\u00a0", " ").strip()
