"""Twilio: signed forms for SMS and WhatsApp; the Messages resource with its limits."""

from __future__ import annotations

import base64
from typing import ClassVar
from urllib.parse import parse_qsl, urlencode

from twilio.request_validator import RequestValidator

from footnote.channels.setup import TWILIO
from tests.helpers.platforms.base import PUBLIC_URL, Answer, Call, Platform, Sent

ACCOUNT = "AC0000"
TOKEN = "twilio-auth-token"
NUMBER = "+15550001111"


class TwilioPlatform(Platform):
    setup = TWILIO
    signature = "X-Twilio-Signature"
    limit = 1600
    has_buttons = False
    media_type = "application/x-www-form-urlencoded"
    variables: ClassVar[dict[str, str]] = {
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
    }

    def __init__(self) -> None:
        super().__init__()
        self.unsubscribed: set[str] = set()

    def respond(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        expected = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if headers.get("Authorization") != f"Basic {expected}":
            return self._error(401, 20003, "Authenticate")
        if path != f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json":
            return self._error(404, 20404, "The requested resource was not found")
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
        if not fields.get("Body", "").strip():
            return self._error(400, 21602, "Message body is required")
        if len(fields["Body"].encode("utf-16-le")) // 2 > 1600:
            return self._error(400, 21617, "The message body exceeds the 1600 character limit")
        if fields["To"].startswith("whatsapp:") != fields["From"].startswith("whatsapp:"):
            return self._error(400, 63007, "From and To pair")
        if fields["To"] in self.unsubscribed:
            return self._error(400, 21610, "Attempt to send to unsubscribed recipient")
        self.sent.append(Sent(fields["To"], fields["Body"], [], fields))
        return Answer(201, {"sid": f"SM{len(self.sent)}", "status": "queued"})

    @staticmethod
    def _error(status: int, code: int, message: str) -> Answer:
        return Answer(status, {"status": status, "code": code, "message": message})

    def fault(self, status: int, retry_after: float) -> Answer:
        if status == 429:
            return self._error(429, 20429, "Too Many Requests")
        if status == 403:
            return self._error(400, 21610, "Attempt to send to unsubscribed recipient")
        return Answer(status, "<html>Service Unavailable</html>")

    def signed(self, body: bytes, query: str = "", url: str | None = None) -> Call:
        try:
            pairs = dict(reversed(parse_qsl(body.decode(), keep_blank_values=True)))
        except UnicodeDecodeError:
            pairs = {}
        address = (url or f"{PUBLIC_URL}/webhooks/twilio/webhook") + (f"?{query}" if query else "")
        signature = RequestValidator(TOKEN).compute_signature(address, pairs)
        return Call(body, {"Content-Type": self.media_type, self.signature: signature}, query)

    def message(self, **fields: str) -> Call:
        return self.signed(urlencode({"AccountSid": ACCOUNT, "To": NUMBER, **fields}).encode())

    def question(self, text: str, event: str = "1", person: str = "11") -> Call:
        return self.message(
            MessageSid=f"SM{event}", From=f"+15550{person}", Body=text, NumMedia="0"
        )

    def whatsapp(self, text: str, event: str = "1") -> Call:
        return self.message(
            MessageSid=f"SM{event}",
            From="whatsapp:+1555011",
            To=f"whatsapp:{NUMBER}",
            Body=text,
            ProfileName="Ada",
        )

    def unreadable(self) -> list[Call]:
        who = {"From": "+1555011", "Body": ""}
        return [
            self.message(MessageSid="MM1", NumMedia="1", MediaUrl0="https://x", **who),
            self.message(MessageSid="MM2", NumMedia="0", Latitude="1", Longitude="2", **who),
        ]

    def silent(self) -> list[Call]:
        return [
            self.message(MessageSid="SM9", MessageStatus="delivered", From=NUMBER),
            self.message(SmsSid="SM9", SmsStatus="sent"),
            self.message(MessageSid="SM8", From="+1555011", Body="", NumMedia="0"),
            self.message(EventType="onConversationAdded"),
        ]

    def forged(self) -> list[Call]:
        elsewhere = self.question("what is it").body
        return [
            *super().forged(),
            self.signed(elsewhere, url="https://other.example.org/webhooks/twilio/webhook"),
            self.question("what is it").with_headers(X_Twilio_Signature="x"),
        ]
