"""The `twilio` channel: SMS and WhatsApp.

Rasa's takes unsigned requests, fails on media without text and on status callbacks, calls
Twilio on the event loop without ever trying again, and prints buttons with their payloads.
"""

from __future__ import annotations

from rasa.core.channels.twilio import TwilioInput as RasaTwilioInput
from sanic import response
from sanic.request import Request
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from footnote.channels.delivery import API_TIMEOUT, of_status
from footnote.channels.layout import numbered, split
from footnote.channels.messaging import Incoming, MessagingInput, Received, Reply
from footnote.channels.setup import PUBLIC_URL, TWILIO
from footnote.channels.webhooks import Refused, form, require_type, storable

MAX_TEXT = 1600
FORM = "application/x-www-form-urlencoded"
NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
"""The reply comes through the API, behind the answer."""


class TwilioInput(MessagingInput, RasaTwilioInput):
    """POST /webhooks/twilio/webhook: one address for SMS and WhatsApp.

    The reply goes out from the number that was written to, so any number of the account
    may point here.
    """

    setup = TWILIO
    api_url = "https://api.twilio.com"

    def configure(self) -> None:
        """Make the client, and what checks its signatures."""
        account, token = self.values["TWILIO_ACCOUNT_SID"], self.values["TWILIO_AUTH_TOKEN"]
        self._validator = RequestValidator(token)
        self._client = Client(account, token, http_client=TwilioHttpClient(timeout=API_TIMEOUT))
        self._client.api.base_url = self.api

    async def prove(self, request: Request, body: bytes) -> None:
        """Check the signature over the address that Twilio called and the form it sent.

        The address is the public one: behind a proxy the server itself sees another.
        """
        require_type(request, FORM)
        url = self.values[PUBLIC_URL.name].rstrip("/") + self.setup.path
        if request.query_string:
            url = f"{url}?{request.query_string}"
        signature = request.headers.get("X-Twilio-Signature", "")
        if not self._validator.validate(url, form(body), signature):
            raise Refused("the request is not signed by Twilio", status=403)

    def read(self, request: Request, body: bytes) -> Received:
        """Read a message; a status callback holds none."""
        answer = response.text(NOTHING_TO_SAY, content_type="text/xml")
        fields = {key: storable(value) for key, value in form(body).items()}
        person, number = fields.get("From", ""), fields.get("To", "")
        if not (person and number and "Body" in fields):
            return Received(answer=answer)
        text: str | None = fields["Body"].strip()
        if not text:
            media = fields.get("NumMedia", "0") not in ("", "0") or "Latitude" in fields
            if not media:
                return Received(answer=answer)
            text = None
        event = fields.get("MessageSid", "")
        return Received([Incoming(event, (number, person), text, (person, number))], answer)

    def parts(self, reply: Reply) -> list[str]:
        """Return texts, the options as a numbered list: neither SMS nor WhatsApp has buttons
        that need no template approved beforehand.
        """
        return split(numbered(reply.text, reply.options), MAX_TEXT)

    async def send(self, reply_to: tuple[str, str], part: str) -> None:
        """Send one message from the number that was written to."""
        person, number = reply_to
        try:
            await self.in_thread(self._client.messages.create, to=person, from_=number, body=part)
        except TwilioRestException as error:
            raise of_status(error.status, code=error.code) from None
