"""Mattermost, Rocket.Chat, Webex and Google Chat: what their channels use of them."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import json
import time
from typing import Any, ClassVar
from urllib.parse import parse_qs

import google.auth.crypt
import google.auth.jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from footnote.channels.setup import GOOGLE_CHAT, MATTERMOST, ROCKET_CHAT, WEBEX
from tests.helpers.platforms.base import Answer, Call, Platform, Sent

TOKEN = "webhook-token"
PROJECT = "123456"
ISSUER = "chat@system.gserviceaccount.com"
JSON = {"Content-Type": "application/json"}


class TokenInBody(Platform):
    """A server of the deployer's own, whose proof is a token inside the body."""

    signature = "X-None"
    has_buttons = False
    url_variable: ClassVar[str]

    def environment(self) -> dict[str, str]:
        url = self.url if hasattr(self, "_server") else "https://chat.example.org"
        return {**super().environment(), self.url_variable: url}

    def signed(self, body: bytes) -> Call:
        """Return a call whose body is an object with the token, where it can be one."""
        try:
            data = json.loads(body)
        except ValueError:
            return Call(body, JSON)
        proven = {"token": TOKEN, **data} if isinstance(data, dict) else data
        return Call(json.dumps(proven).encode(), JSON)

    def forged(self) -> list[Call]:
        call = self.question("what is it")
        return [
            call.with_body(call.body.replace(TOKEN.encode(), other))
            for other in (b"", b"wrong", "\u00e9".encode(), b"\\ud800")
        ]

    def unreadable(self) -> list[Call]:
        return []


class MattermostPlatform(TokenInBody):
    setup = MATTERMOST
    limit = 16_383
    url_variable = "MATTERMOST_URL"
    variables: ClassVar[dict[str, str]] = {
        "MATTERMOST_BOT_TOKEN": "bot-token",
        "MATTERMOST_WEBHOOK_TOKEN": TOKEN,
    }

    def respond(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        if (path, headers.get("Authorization")) != ("/api/v4/posts", "Bearer bot-token"):
            return Answer(401, {"id": "api.context.session_expired.app_error"})
        post = json.loads(body)
        if len(post["message"]) > self.limit:
            return Answer(400, {"id": "model.post.is_valid.msg.app_error"})
        self.sent.append(Sent(post["channel_id"], post["message"], [], post))
        return Answer(201, {"id": "p2"})

    def fault(self, status: int, retry_after: float) -> Answer:
        return Answer(status, "limit exceeded" if status == 429 else "<html></html>")

    def question(self, text: str, event: str = "1", person: str = "11") -> Call:
        posted = {
            "user_id": f"u{person}",
            "channel_id": f"c{person}",
            "post_id": f"p{event}",
            "trigger_word": "@footnote",
            "text": f"@footnote {text}",
        }
        return self.signed(json.dumps(posted).encode())

    def silent(self) -> list[Call]:
        return [self.signed(b'{"user_id": "u", "channel_id": "c", "text": ""}'), self.signed(b"{}")]


class RocketChatPlatform(TokenInBody):
    setup = ROCKET_CHAT
    limit = 5000
    url_variable = "ROCKETCHAT_URL"
    variables: ClassVar[dict[str, str]] = {
        "ROCKETCHAT_USER": "footnote",
        "ROCKETCHAT_PASSWORD": "secret",
        "ROCKETCHAT_WEBHOOK_TOKEN": TOKEN,
    }

    def respond(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        if path == "/api/v1/login":
            if parse_qs(body.decode()) != {"username": ["footnote"], "password": ["secret"]}:
                return Answer(401, {"status": "error"})
            granted = {"authToken": "t1", "userId": "bot"}
            return Answer(200, {"status": "success", "data": granted})
        if (path, headers.get("X-Auth-Token")) != ("/api/v1/chat.postMessage", "t1"):
            return Answer(401, {"status": "error"})
        message = json.loads(body)
        if len(message["text"]) > self.limit:
            return Answer(400, {"success": False, "error": "error-message-size-exceeded"})
        self.sent.append(Sent(message["roomId"], message["text"], [], message))
        return Answer(200, {"success": True})

    def is_message(self, path: str) -> bool:
        return path.endswith("chat.postMessage")

    def fault(self, status: int, retry_after: float) -> Answer:
        return Answer(status, {"success": False} if status == 429 else "<html></html>")

    def question(self, text: str, event: str = "1", person: str = "11") -> Call:
        posted = {
            "bot": False,
            "user_id": f"u{person}",
            "user_name": "ada",
            "channel_id": f"r{person}",
            "message_id": f"m{event}",
            "text": text,
        }
        return self.signed(json.dumps(posted).encode())

    def silent(self) -> list[Call]:
        whole = json.loads(self.question("hi").body)
        changes: list[dict[str, Any]] = [
            {"user_name": "footnote"},
            {"bot": True},
            {"isEdited": True},
            {"text": ""},
            {"user_id": None},
        ]
        return [self.signed(json.dumps({**whole, **change}).encode()) for change in changes]


class WebexPlatform(Platform):
    setup = WEBEX
    signature = "X-Spark-Signature"
    has_buttons = False
    limit = 7439
    variables: ClassVar[dict[str, str]] = {
        "WEBEX_BOT_TOKEN": "bot-token",
        "WEBEX_WEBHOOK_SECRET": TOKEN,
    }
    api_path = "/v1"

    def __init__(self) -> None:
        super().__init__()
        self.messages: dict[str, dict[str, Any]] = {}

    def respond(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        if headers.get("Authorization") != "Bearer bot-token":
            return Answer(401, {"message": "The request requires a valid access token"})
        if method == "GET":
            found = self.messages.get(path.removeprefix("/v1/messages/"))
            return Answer(200, found) if found else Answer(404, {"message": "Not found"})
        message = json.loads(body)
        if len(message["text"].encode()) > self.limit:
            return Answer(400, {"message": "Message length limited to 7439"})
        self.sent.append(Sent(message["roomId"], message["text"], [], message))
        return Answer(200, {"id": "m0"})

    def fault(self, status: int, retry_after: float) -> Answer:
        return Answer(status, {"message": "x"}, {"Retry-After": "1"} if status == 429 else {})

    def signed(self, body: bytes) -> Call:
        digest = hmac.new(TOKEN.encode(), body, hashlib.sha1).hexdigest()
        return Call(body, {**JSON, self.signature: digest})

    def created(self, event: str, person: str, **data: Any) -> Call:
        message = {"id": f"m{event}", "roomId": f"r{person}", "personId": f"p{person}"}
        body = {"resource": "messages", "event": "created", "data": {**message, **data}}
        return self.signed(json.dumps(body).encode())

    def question(self, text: str, event: str = "1", person: str = "11") -> Call:
        self.messages[f"m{event}"] = {"id": f"m{event}", "text": text}
        return self.created(event, person, personEmail="ada@example.org")

    def unreadable(self) -> list[Call]:
        self.messages["mfile"] = {"id": "mfile", "files": ["https://x"]}
        return [self.created("file", "11", personEmail="ada@example.org")]

    def silent(self) -> list[Call]:
        return [
            self.created("2", "bot", personEmail="footnote@webex.bot"),
            self.signed(b'{"resource": "memberships", "event": "created", "data": {}}'),
            self.signed(b"{}"),
        ]

    def forged(self) -> list[Call]:
        changed = self.question("what is it").body.replace(b"ada@", b"eve@")
        return [*super().forged()[:-1], self.question("what is it").with_body(changed)]


def _certified(key: rsa.RSAPrivateKey) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "of tests")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGERS_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class GoogleChatPlatform(Platform):
    setup = GOOGLE_CHAT
    signature = "Authorization"
    has_buttons = False
    limit = 32_000
    variables: ClassVar[dict[str, str]] = {"GOOGLE_CHAT_PROJECT_NUMBER": PROJECT}

    def __init__(self) -> None:
        super().__init__()
        self.bearer = self.token()

    def options(self) -> dict[str, str]:
        return {"certs_url": f"{self.url}/certs"}

    def respond(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        return Answer(200, {"k1": _certified(KEY)}, {"Cache-Control": "max-age=3600"})

    def fault(self, status: int, retry_after: float) -> Answer:
        return Answer(status, {})

    def token(self, key: rsa.RSAPrivateKey = KEY, **claims: Any) -> str:
        now = int(time.time())
        payload = {"iss": ISSUER, "aud": PROJECT, "iat": now, "exp": now + 600, **claims}
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        signer = google.auth.crypt.RSASigner.from_string(pem, key_id="k1")
        return google.auth.jwt.encode(signer, payload).decode()

    def signed(self, body: bytes, token: str | None = None) -> Call:
        return Call(body, {**JSON, "Authorization": f"Bearer {token or self.bearer}"})

    def event(self, **fields: Any) -> Call:
        return self.signed(json.dumps(fields).encode())

    def question(self, text: str, event: str = "1", person: str = "11") -> Call:
        message = {
            "name": f"spaces/S/messages/{event}",
            "sender": {"name": f"users/{person}", "displayName": "Ada"},
            "text": f"@Footnote {text}",
            "argumentText": f" {text}",
        }
        return self.event(type="MESSAGE", space={"name": f"spaces/{person}"}, message=message)

    def unreadable(self) -> list[Call]:
        message = {"name": "m", "sender": {"name": "users/11"}, "attachment": [{"name": "a"}]}
        return [self.event(type="MESSAGE", space={"name": "spaces/11"}, message=message)]

    def silent(self) -> list[Call]:
        return [
            self.event(type="ADDED_TO_SPACE", space={"name": "spaces/11"}),
            self.event(type="REMOVED_FROM_SPACE"),
            self.event(),
        ]

    def forged(self) -> list[Call]:
        body = self.question("what is it").body
        tokens = [
            self.token(STRANGERS_KEY),
            self.token(iss="stranger@example.org"),
            self.token(aud="654321"),
            self.token(iat=1, exp=2),
            "not.a.token",
            "\u00e9",
        ]
        return [*super().forged()[:-1], *(self.signed(body, token) for token in tokens)]
