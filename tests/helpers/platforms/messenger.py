"""Facebook Messenger: signed batches; the Send API with its limits and error codes."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from footnote.channels.setup import MESSENGER
from tests.helpers.platforms.base import Answer, Call, Platform, Sent

TOKEN = "page-token"
SECRET = "app-secret"
VERIFY = "verify-me"
PAGE = "1000"


class MessengerPlatform(Platform):
    setup = MESSENGER
    signature = "X-Hub-Signature-256"
    limit = 2000
    variables: ClassVar[dict[str, str]] = {
        "MESSENGER_PAGE_TOKEN": TOKEN,
        "MESSENGER_APP_SECRET": SECRET,
        "MESSENGER_VERIFY_TOKEN": VERIFY,
    }
    api_path = "/v23.0"

    def respond(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        address = urlsplit(path)
        query = parse_qs(address.query)
        proof = hmac.new(SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()
        if address.path != "/v23.0/me/messages":
            return self._error(400, 2500, "Unknown path components")
        if query.get("access_token") != [TOKEN]:
            return self._error(400, 190, "Invalid OAuth access token")
        if query.get("appsecret_proof") != [proof]:
            return self._error(400, 100, "Invalid appsecret_proof")
        request = json.loads(body)
        message, to = request["message"], request["recipient"]["id"]
        replies = message.get("quick_replies", [])
        if not 0 < len(message["text"].encode("utf-16-le")) // 2 <= 2000:
            return self._error(400, 100, "Length of param message[text] must be at most 2000")
        if len(replies) > 13 or any(not r["title"] or not r["payload"] for r in replies):
            return self._error(400, 100, "Invalid quick replies")
        # Meta cuts a longer title; a test should see that as a fault of ours.
        if any(len(r["title"]) > 20 or len(r["payload"]) > 1000 for r in replies):
            return self._error(400, 100, "Title or payload too long")
        self.sent.append(Sent(to, message["text"], [r["payload"] for r in replies], message))
        return Answer(200, {"recipient_id": to, "message_id": f"m{len(self.sent)}"})

    @staticmethod
    def _error(status: int, code: int, message: str) -> Answer:
        return Answer(status, {"error": {"message": message, "type": "x", "code": code}})

    def fault(self, status: int, retry_after: float) -> Answer:
        if status == 429:
            return self._error(400, 613, "Calls to this api have exceeded the rate limit.")
        if status == 403:
            return self._error(400, 551, "This person isn't available right now.")
        return Answer(status, "<html>Sorry, something went wrong.</html>")

    def signed(self, body: bytes) -> Call:
        digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", self.signature: f"sha256={digest}"}
        return Call(body, headers)

    def batch(self, *events: dict[str, Any]) -> Call:
        entries = [{"id": PAGE, "time": 1700000000000, "messaging": [event]} for event in events]
        return self.signed(json.dumps({"object": "page", "entry": entries}).encode())

    @staticmethod
    def event(person: str = "11", **fields: Any) -> dict[str, Any]:
        who = {"sender": {"id": person}, "recipient": {"id": PAGE}}
        return {**who, "timestamp": 1700000000000, **fields}

    def question(self, text: str, event: str = "1", person: str = "11") -> Call:
        return self.batch(self.event(person, message={"mid": f"m_{event}", "text": text}))

    def press(self, payload: str, event: str = "1", person: str = "11") -> Call:
        message = {"mid": f"m_{event}", "text": "1. ...", "quick_reply": {"payload": payload}}
        return self.batch(self.event(person, message=message))

    def unreadable(self) -> list[Call]:
        return [
            self.batch(
                self.event(
                    message={
                        "mid": f"m_{kind}",
                        "attachments": [{"type": kind, "payload": {"url": "https://x"}}],
                    }
                )
            )
            for kind in ("image", "audio", "video", "file")
        ]

    def silent(self) -> list[Call]:
        echo = {"mid": "m_echo", "is_echo": True, "text": "an answer"}
        return [
            self.batch(self.event(delivery={"mids": ["m1"], "watermark": 1})),
            self.batch(self.event(read={"watermark": 1})),
            self.batch(self.event(reaction={"mid": "m1", "action": "react"})),
            self.batch(self.event(message=echo)),
            self.batch(self.event(message={"mid": "m_empty"})),
            self.batch(self.event(referral={"ref": "x"})),
            self.batch(),
            self.signed(json.dumps({"object": "page", "entry": [{"changes": []}]}).encode()),
        ]

    def forged(self) -> list[Call]:
        call = self.question("what is it")
        sha1 = hmac.new(SECRET.encode(), call.body, hashlib.sha1).hexdigest()
        old = call.without(self.signature).with_headers(X_Hub_Signature=f"sha1={sha1}")
        return [*super().forged(), old, call.with_headers(X_Hub_Signature_256=f"sha1={sha1}")]
