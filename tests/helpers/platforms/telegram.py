"""Telegram: updates with the secret token; sendMessage with its limits and flood control."""

from __future__ import annotations

import email
import json
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from footnote.channels.layout import length
from footnote.channels.setup import TELEGRAM
from tests.helpers.platforms.base import Answer, Call, Platform, Sent

TOKEN = "123456:of-tests"


class TelegramPlatform(Platform):
    setup = TELEGRAM
    signature = "X-Telegram-Bot-Api-Secret-Token"
    limit = 4096
    variables: ClassVar[dict[str, str]] = {"TELEGRAM_BOT_TOKEN": TOKEN}

    def __init__(self) -> None:
        super().__init__()
        self.webhook: dict[str, str] = {}
        self.answered: list[str] = []
        self.chats_gone: set[str] = set()

    def respond(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        token, _, name = path.removeprefix("/bot").partition("/")
        if token != TOKEN:
            return self._error(401, "Unauthorized")
        fields = _fields(headers.get("Content-Type", ""), body)
        if name == "setWebhook":
            self.webhook = fields
            return Answer(200, {"ok": True, "result": True})
        if name == "answerCallbackQuery":
            self.answered.append(fields["callback_query_id"])
            return Answer(200, {"ok": True, "result": True})
        if name != "sendMessage":
            return self._error(404, "Not Found")
        return self._send(fields)

    def wait_for_webhook(self) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.webhook, 10)

    def _send(self, fields: dict[str, str]) -> Answer:
        if fields["chat_id"] in self.chats_gone:
            return self._error(403, "Forbidden: bot was blocked by the user")
        if not fields["text"].strip():
            return self._error(400, "Bad Request: message text is empty")
        if length(fields["text"]) > 4096:
            return self._error(400, "Bad Request: message is too long")
        keyboard = json.loads(fields.get("reply_markup", "{}")).get("inline_keyboard", [])
        data = [button["callback_data"] for row in keyboard for button in row]
        if any(not 1 <= len(entry.encode()) <= 64 for entry in data):
            return self._error(400, "Bad Request: BUTTON_DATA_INVALID")
        self.sent.append(Sent(fields["chat_id"], fields["text"], data, fields))
        return Answer(200, {"ok": True, "result": {"message_id": len(self.sent)}})

    @staticmethod
    def _error(status: int, description: str, **parameters: Any) -> Answer:
        body = {"ok": False, "error_code": status, "description": description}
        return Answer(status, {**body, "parameters": parameters} if parameters else body)

    def is_message(self, path: str) -> bool:
        return path.endswith("/sendMessage")

    def fault(self, status: int, retry_after: float) -> Answer:
        if status == 429:
            return self._error(429, "Too Many Requests", retry_after=max(1, int(retry_after)))
        return Answer(status, "<html>Bad Gateway</html>")

    def signed(self, body: bytes) -> Call:
        secret = self.webhook.get("secret_token") or self.channel().secret  # type: ignore[attr-defined]
        return Call(body, {"Content-Type": "application/json", self.signature: secret})

    def update(self, event: str = "1", **fields: Any) -> Call:
        return self.signed(json.dumps({"update_id": int(event), **fields}).encode())

    @staticmethod
    def message(person: str = "11", **fields: Any) -> dict[str, Any]:
        return {
            "message_id": 5,
            "date": 1700000000,
            "from": {"id": int(person), "is_bot": False, "first_name": "Ada"},
            "chat": {"id": int(person), "type": "private"},
            **fields,
        }

    def question(self, text: str, event: str = "1", person: str = "11") -> Call:
        return self.update(event, message=self.message(person, text=text))

    def press(self, payload: str, event: str = "1", person: str = "11") -> Call:
        query = {
            "id": f"q{event}",
            "from": {"id": int(person), "is_bot": False, "first_name": "Ada"},
            "message": {"message_id": 6, "chat": {"id": int(person)}, "from": {"is_bot": True}},
            "data": payload,
        }
        return self.update(event, callback_query=query)

    def unreadable(self) -> list[Call]:
        kinds: dict[str, Any] = {
            "photo": [{"file_id": "a"}],
            "voice": {"file_id": "a"},
            "sticker": {"file_id": "a"},
            "location": {"latitude": 1.0, "longitude": 2.0},
            "document": {"file_id": "a"},
        }
        return [
            self.update(str(number), message=self.message(**{kind: value}))
            for number, (kind, value) in enumerate(kinds.items(), start=100)
        ]

    def silent(self) -> list[Call]:
        member = {"user": {"id": 11}, "status": "member"}
        return [
            self.update("200", message=self.message(new_chat_members=[{"id": 12}])),
            self.update("201", message=self.message(left_chat_member={"id": 12})),
            self.update("202", my_chat_member={"chat": {"id": 11}, "new_chat_member": member}),
            self.update("203", channel_post={"chat": {"id": -1}, "text": "what is it"}),
            self.update("204", edited_message=self.message(caption="")),
            self.update("205", poll={"id": "1", "options": []}),
            self.update("206", inline_query={"id": "1", "from": {"id": 11}, "query": "x"}),
            self.update("207", callback_query={"id": "q", "from": {"id": 11}}),
            self.update("208", message_reaction={"chat": {"id": 11}}),
            self.update("209"),
        ]

    def forged(self) -> list[Call]:
        # The secret token proves who sends, not what: a changed body is none of its matter.
        return super().forged()[:-1]


def _fields(media_type: str, body: bytes) -> dict[str, str]:
    if not media_type.startswith("multipart/"):
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    parsed = email.message_from_bytes(b"Content-Type: " + media_type.encode() + b"\r\n\r\n" + body)
    return {
        str(part.get_param("name", header="content-disposition")): part.get_payload(
            decode=True
        ).decode()
        for part in parsed.get_payload()
    }
