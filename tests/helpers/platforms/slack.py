"""Slack: Events API, interactivity, slash commands; chat.postMessage with its limits."""

from __future__ import annotations

import hashlib
import hmac
import html
import json
import re
import time
from typing import Any, ClassVar
from urllib.parse import urlencode

from footnote.channels.setup import SLACK
from tests.helpers.platforms.base import Answer, Call, Platform, Sent

TOKEN = "xoxb-of-tests"
SECRET = "slack-signing-secret"
BOT = "U0BOT"


class SlackPlatform(Platform):
    setup = SLACK
    signature = "X-Slack-Signature"
    limit = 3000
    variables: ClassVar[dict[str, str]] = {
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
    }
    api_path = "/api"

    def respond(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        if path != "/api/chat.postMessage":
            return Answer(200, {"ok": False, "error": "unknown_method"})
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            return Answer(200, {"ok": False, "error": "invalid_auth"})
        message = json.loads(body)
        error = self._problem(message)
        if error:
            return Answer(200, {"ok": False, "error": error})
        values = [
            element["value"]
            for block in message["blocks"]
            if block["type"] == "actions"
            for element in block["elements"]
        ]
        text = message["blocks"][0]["text"]["text"]
        plain = html.unescape(re.sub(r"<tel:[^|]+\|([^>]+)>", r"\1", text))
        self.sent.append(Sent(message["channel"], plain, values, message))
        return Answer(200, {"ok": True, "ts": f"{time.time():.6f}", "message": {}})

    @staticmethod
    def _problem(message: dict[str, Any]) -> str | None:
        known = {"channel", "text", "blocks", "thread_ts", "unfurl_links", "unfurl_media"}
        if not message.get("channel"):
            return "channel_not_found"
        if set(message) - known:
            return "invalid_arguments"
        if len(message["text"]) > 40_000:
            return "msg_too_long"
        for block in message["blocks"]:
            if block["type"] == "section" and not 0 < len(block["text"]["text"]) <= 3000:
                return "invalid_blocks"
            if block["type"] == "actions":
                elements = block["elements"]
                ids = {element["action_id"] for element in elements}
                if not 0 < len(elements) <= 25 or len(ids) < len(elements):
                    return "invalid_blocks"
                if any(len(e["text"]["text"]) > 75 or len(e["value"]) > 2000 for e in elements):
                    return "invalid_blocks"
        return None

    def fault(self, status: int, retry_after: float) -> Answer:
        if status == 429:
            body = {"ok": False, "error": "ratelimited"}
            return Answer(429, body, {"Retry-After": str(retry_after)})
        return Answer(status, "<html>Server Error</html>")

    def signed(self, body: bytes, media_type: str = "application/json", age: int = 0) -> Call:
        stamp = str(int(time.time()) - age)
        basis = b"v0:" + stamp.encode() + b":" + body
        digest = hmac.new(SECRET.encode(), basis, hashlib.sha256).hexdigest()
        return Call(
            body,
            {
                "Content-Type": media_type,
                "X-Slack-Request-Timestamp": stamp,
                "X-Slack-Signature": f"v0={digest}",
            },
        )

    def form(self, **fields: str) -> Call:
        return self.signed(urlencode(fields).encode(), "application/x-www-form-urlencoded")

    def event(self, event_id: str = "1", **event: Any) -> Call:
        body = {
            "type": "event_callback",
            "team_id": "T1",
            "event_id": f"Ev{event_id}",
            "authorizations": [{"user_id": BOT, "is_bot": True}],
            "event": event,
        }
        return self.signed(json.dumps(body).encode())

    def question(self, text: str, event: str = "1", person: str = "11") -> Call:
        return self.event(
            event,
            type="message",
            channel_type="im",
            user=f"U{person}",
            channel=f"D{person}",
            text=html.escape(text, quote=False),
            ts="1700000000.000100",
        )

    def mention(self, text: str, thread: str | None = None, event: str = "1") -> Call:
        threaded = {"thread_ts": thread} if thread else {}
        return self.event(
            event,
            type="app_mention",
            user="U11",
            channel="C1",
            text=f"<@{BOT}> {text}",
            ts="1700000000.000100",
            **threaded,
        )

    def press(self, payload: str, event: str = "1", person: str = "11") -> Call:
        clicked = {
            "type": "block_actions",
            "trigger_id": f"t{event}",
            "team": {"id": "T1"},
            "user": {"id": f"U{person}"},
            "channel": {"id": f"D{person}"},
            "message": {"ts": "1700000000.000200"},
            "actions": [{"type": "button", "value": payload, "action_ts": f"17.{event}"}],
        }
        return self.form(payload=json.dumps(clicked))

    def unreadable(self) -> list[Call]:
        direct = {"type": "message", "channel_type": "im", "user": "U11", "channel": "D11"}
        photo = [{"id": "F1", "mimetype": "image/png"}]
        return [self.event(subtype="file_share", text="", files=photo, **direct)]

    def silent(self) -> list[Call]:
        direct = {"type": "message", "channel_type": "im", "channel": "D11"}
        return [
            self.event(type="member_joined_channel", user="U11", channel="C1"),
            self.event(type="reaction_added", user="U11", item={"channel": "C1"}),
            self.event(subtype="message_changed", message={"text": "what is it"}, **direct),
            self.event(subtype="message_deleted", **direct),
            self.event(subtype="channel_join", user="U11", text="has joined", **direct),
            self.event(bot_id="B1", user=BOT, text="an echo", **direct),
            self.event(type="message", channel_type="channel", user="U11", channel="C1", text="x"),
            self.form(command="/footnote", text="what is it", user_id="U11"),
            self.form(payload=json.dumps({"type": "view_submission", "user": {"id": "U11"}})),
            self.form(payload=json.dumps({"type": "block_actions", "actions": [{"type": "x"}]})),
            self.form(ssl_check="1"),
        ]

    def forged(self) -> list[Call]:
        old = self.signed(self.question("what is it").body, age=600)
        return [*super().forged(), old, old.with_headers(X_Slack_Request_Timestamp="²")]
