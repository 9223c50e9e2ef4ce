"""Microsoft Bot Framework: tokens with keys of our own; the Connector's conversations."""

from __future__ import annotations

import json
import re
import time
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from footnote.channels.setup import BOT_FRAMEWORK
from tests.helpers.platforms.base import Answer, Call, Platform, Sent

APP = "11111111-2222-3333-4444-555555555555"
PASSWORD = "app-password"
ISSUER = "https://api.botframework.com"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGERS_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
BOT = {"id": "28:bot", "name": "Footnote"}


class BotFrameworkPlatform(Platform):
    setup = BOT_FRAMEWORK
    signature = "Authorization"
    limit = 20_000
    variables: ClassVar[dict[str, str]] = {
        "MICROSOFT_APP_ID": APP,
        "MICROSOFT_APP_PASSWORD": PASSWORD,
        "MICROSOFT_APP_TENANT": "a-tenant",
    }

    def __init__(self) -> None:
        super().__init__()
        self.tokens = 0
        self.valid: set[str] = set()
        self._bearer: str | None = None

    def options(self) -> dict[str, str]:
        return {"login_url": self.url, "openid_url": f"{self.url}/openid"}

    def respond(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        if path == "/openid":
            return Answer(200, {"issuer": ISSUER, "jwks_uri": f"{self.url}/keys"})
        if path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
            return Answer(200, {"keys": [{**public, "kid": "k1", "endorsements": ["msteams"]}]})
        if path == "/a-tenant/oauth2/v2.0/token":
            return self._token(parse_qs(body.decode()))
        return self._activity(path, headers, json.loads(body))

    def _token(self, fields: dict[str, list[str]]) -> Answer:
        if (fields["client_id"], fields["client_secret"]) != ([APP], [PASSWORD]):
            return Answer(401, {"error": "invalid_client"})
        if fields["scope"] != ["https://api.botframework.com/.default"]:
            return Answer(400, {"error": "invalid_scope"})
        self.tokens += 1
        token = f"bot-token-{self.tokens}"
        self.valid.add(token)
        granted = {"token_type": "Bearer", "expires_in": 3600, "access_token": token}
        return Answer(200, granted)

    def _activity(self, path: str, headers: dict[str, str], activity: dict[str, Any]) -> Answer:
        found = re.fullmatch(r"/teams/v3/conversations/([^/]+)/activities", path)
        if not found:
            return Answer(404, {"error": {"code": "BotNotFound"}})
        if headers.get("Authorization", "").removeprefix("Bearer ") not in self.valid:
            return Answer(401, {"message": "Authorization has been denied for this request."})
        if len(json.dumps(activity).encode("utf-16-le")) > 40 * 1024:
            return Answer(413, {"error": {"code": "MessageSizeTooBig"}})
        if activity.get("type") != "message" or not activity.get("from"):
            return Answer(400, {"error": {"code": "BadSyntax"}})
        values = []
        for card in activity.get("attachments", []):
            for button in card["content"]["buttons"]:
                if button["type"] != "imBack" or not button["title"]:
                    return Answer(400, {"error": {"code": "BadSyntax"}})
                values.append(button["value"])
        plain = re.sub(r"\[([^\]]+)\]\(tel:[^)]+\)", r"\1", activity["text"])
        self.sent.append(Sent(unquote(found.group(1)), plain, values, activity))
        return Answer(201, {"id": str(len(self.sent))})

    def is_message(self, path: str) -> bool:
        return path.endswith("/activities")

    def fault(self, status: int, retry_after: float) -> Answer:
        headers = {"Retry-After": str(retry_after)} if status == 429 else {}
        return Answer(status, {"error": {"code": "Throttled"}}, headers)

    def token(self, key: rsa.RSAPrivateKey = KEY, kid: str | None = "k1", **claims: Any) -> str:
        now = int(time.time())
        standard = {
            "iss": ISSUER,
            "aud": APP,
            "nbf": now - 10,
            "exp": now + 600,
            "serviceurl": f"{self.url}/teams/",
        }
        chosen = {k: v for k, v in {**standard, **claims}.items() if v is not None}
        return jwt.encode(chosen, key, "RS256", headers={"kid": kid} if kid else None)

    def signed(self, body: bytes, token: str | None = None) -> Call:
        if self._bearer is None:
            self._bearer = self.token()
        bearer = f"Bearer {token or self._bearer}"
        return Call(body, {"Content-Type": "application/json", "Authorization": bearer})

    def body(self, event: str = "1", person: str = "11", **fields: Any) -> bytes:
        activity = {
            "type": "message",
            "id": event,
            "channelId": "msteams",
            "serviceUrl": f"{self.url}/teams/",
            "from": {"id": f"29:{person}", "name": "Ada"},
            "recipient": BOT,
            "conversation": {"id": f"a:{person}"},
            **fields,
        }
        return json.dumps(activity).encode()

    def activity(self, **fields: Any) -> Call:
        return self.signed(self.body(**fields))

    def question(self, text: str, event: str = "1", person: str = "11") -> Call:
        return self.activity(event=event, person=person, text=text)

    def press(self, payload: str, event: str = "1", person: str = "11") -> Call:
        return self.question(payload, event, person)

    def unreadable(self) -> list[Call]:
        photo = [{"contentType": "image/png", "contentUrl": "https://x"}]
        return [self.activity(event="p1", attachments=photo)]

    def silent(self) -> list[Call]:
        kinds = ("conversationUpdate", "messageReaction", "typing", "invoke", "event")
        return [
            *(self.activity(event=kind, type=kind) for kind in kinds),
            self.activity(event="e1", text="  "),
            self.activity(event="e2", text="hi", conversation=None),
        ]

    def forged(self) -> list[Call]:
        body = self.body(text="what is it")
        elsewhere = self.body(text="what is it", serviceUrl="http://127.0.0.1:9/teams/")
        tokens = [
            self.token(STRANGERS_KEY),
            self.token(kid=None),
            self.token(kid="unknown"),
            self.token(iss="https://other.example.org"),
            self.token(iss=None),
            self.token(aud="another-app"),
            self.token(exp=int(time.time()) - 3600),
            self.token(serviceurl=None),
            self.token(serviceurl="http://127.0.0.1:9/teams/"),
            jwt.encode({"iss": ISSUER, "aud": APP}, "secret" * 8, "HS256", headers={"kid": "k1"}),
            jwt.encode({"iss": ISSUER, "aud": APP}, None, "none", headers={"kid": "k1"}),
            "not.a.token",
            "\u00e9",
        ]
        return [
            *super().forged()[:-1],
            *(self.signed(body, token) for token in tokens),
            self.signed(elsewhere),
            self.signed(self.body(text="what is it", channelId="webchat")),
        ]
