"""The `mattermost` channel.

Rasa's takes anybody's request, calls the API on the event loop, and counts 201 as a failure.
Options come as a numbered list: Mattermost does not sign what a pressed button sends.
"""

from __future__ import annotations

from typing import Any

import requests
from rasa.core.channels.mattermost import MattermostInput as RasaMattermostInput
from sanic.request import Request

from footnote.channels.delivery import API_TIMEOUT, of_status
from footnote.channels.layout import numbered, split
from footnote.channels.messaging import Incoming, MessagingInput, Received, Reply
from footnote.channels.setup import MATTERMOST
from footnote.channels.webhooks import (
    Refused,
    content_type,
    form,
    json_object,
    require_type,
    same,
    text_at,
)

MAX_TEXT = 16_000


class MattermostInput(MessagingInput, RasaMattermostInput):
    """POST /webhooks/mattermost/webhook: an outgoing webhook; the reply is posted in its thread."""

    setup = MATTERMOST

    async def prove(self, request: Request, body: bytes) -> None:
        """Compare the outgoing webhook's token, which Mattermost sends in the body."""
        if not same(
            text_at(_posted(request, body), "token"), self.values["MATTERMOST_WEBHOOK_TOKEN"]
        ):
            raise Refused("the request is not from the outgoing webhook")

    def read(self, request: Request, body: bytes) -> Received:
        """Read a post, without the word that triggered the webhook."""
        posted = _posted(request, body)
        person, channel = text_at(posted, "user_id"), text_at(posted, "channel_id")
        text = text_at(posted, "text").strip()
        text = text.removeprefix(text_at(posted, "trigger_word")).strip()
        if not (person and channel and text):
            return Received()
        post = text_at(posted, "post_id")
        return Received([Incoming(post, (person, channel), text, (channel, post))])

    def parts(self, reply: Reply) -> list[str]:
        """Return texts, the options as a numbered list."""
        return split(numbered(reply.text, reply.options), MAX_TEXT)

    async def send(self, reply_to: tuple[str, str], part: str) -> None:
        """Post one message in the thread of the question."""
        await self.in_thread(self._post, *reply_to, part)

    def _post(self, channel: str, root: str, text: str) -> None:
        url = f"{self.values['MATTERMOST_URL'].rstrip('/')}/api/v4/posts"
        headers = {"Authorization": f"Bearer {self.values['MATTERMOST_BOT_TOKEN']}"}
        post = {"channel_id": channel, "root_id": root, "message": text}
        answer = requests.post(url, json=post, headers=headers, timeout=API_TIMEOUT)
        if not 200 <= answer.status_code < 300:
            raise of_status(answer.status_code, answer.headers.get("X-Ratelimit-Reset"))


def _posted(request: Request, body: bytes) -> dict[str, Any]:
    """Return what was posted: a form or JSON, as the webhook was set up."""
    require_type(request, "application/json", "application/x-www-form-urlencoded")
    if content_type(request) == "application/json":
        return json_object(body)
    return dict(form(body))
