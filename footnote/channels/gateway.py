"""What every channel does with a message before and after Rasa's part of the work.

Triage comes first, before the conversation's lock and the stores; slash messages lose
their slash; and when nothing usable comes back in time the person is told so.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, OutputChannel, UserMessage

from footnote import rasa_patches
from footnote.channels.work import Work
from footnote.knowledge import load_knowledge
from footnote.operations import logs, metrics
from footnote.replies import METADATA_KEY, bare_payload
from footnote.safety import triage
from footnote.safety.triage import MAX_CHARACTERS
from footnote.safety.wording import SafetyWording
from footnote.settings import Settings

logger = logging.getLogger(__name__)

Handler = Callable[[UserMessage], Awaitable[Any]]


class Gateway:
    """Takes messages from a channel to Rasa and makes sure that each gets one reply.

    Args:
        settings: the deployment's choices.
        wording: what to say in an emergency, in a crisis and when something failed.
        work: what is in hand; gateways of one process share it, so that a stop waits for all.
    """

    def __init__(
        self, settings: Settings, wording: SafetyWording, work: Work | None = None
    ) -> None:
        self.work = work or Work()
        self._timeout = settings.reply_timeout
        self.emergency_line = wording.emergency_line
        self._fixed = {
            "emergency": wording.emergency,
            "crisis": wording.crisis,
            "error": (
                "I am sorry, something went wrong here and I cannot answer right now. Please try "
                f"again in a moment. If it is an emergency: {wording.emergency_line}"
            ),
        }

    async def handle(self, message: UserMessage, on_new_message: Handler) -> None:
        """Send one reply to a message through its output channel.

        Args:
            message: as the channel received it; its output channel must report whether it
                has sent a payload (`PayloadChannel`).
            on_new_message: Rasa's handler; it takes the conversation's lock.
        """
        began = time.monotonic()
        metrics.IN_HAND.inc()
        try:
            with self.work.held():
                await self._reply(message, on_new_message)
        finally:
            metrics.IN_HAND.dec()
            channel = message.input_channel or "unknown"
            kind = getattr(message.output_channel, "kind", None) or "none"
            metrics.MESSAGES.labels(channel, kind).inc()
            metrics.REPLY_SECONDS.labels(channel).observe(time.monotonic() - began)

    async def _reply(self, message: UserMessage, on_new_message: Handler) -> None:
        message.text = without_slashes(message.text or "")
        danger = triage(message.text)
        if danger:
            await self._send_fixed(message, danger.kind)
            self._record(message, on_new_message)
            return
        turn = asyncio.ensure_future(on_new_message(message))
        done, _ = await asyncio.wait({turn}, timeout=self._timeout)
        channel = message.output_channel
        if not done:
            # The turn goes on, so that its events are kept, but its reply comes too late.
            metrics.FAILURES.labels("late").inc()
            logger.error("A turn took more than %s s; the person was told.", self._timeout)
            self._keep(turn)
        elif turn.exception() is not None:
            metrics.FAILURES.labels("failed").inc()
            # Never with the text, and the exception's message may hold it.
            logger.error("A turn failed: %s", type(turn.exception()).__name__)
        if (not done or turn.exception() is not None) and hasattr(channel, "retract"):
            # Still in our hands: no answer is given for a turn that was not stored.
            channel.retract()
        if not (done and getattr(channel, "delivered", False)):
            await self._send_fixed(message, "error")

    async def _send_fixed(self, message: UserMessage, kind: str) -> None:
        response = {"text": self._fixed[kind], "metadata": {METADATA_KEY: bare_payload(kind)}}
        channel = message.output_channel
        if hasattr(channel, "close"):
            await channel.close(message.sender_id, response)
        else:
            await channel.send_response(message.sender_id, response)

    def _record(self, message: UserMessage, on_new_message: Handler) -> None:
        """Store the turn behind the reply; what Rasa says in it was said already."""
        silent = UserMessage(
            message.text,
            CollectingOutputChannel(),
            message.sender_id,
            input_channel=message.input_channel,
            message_id=message.message_id,
        )
        self._keep(asyncio.ensure_future(on_new_message(silent)))

    def _keep(self, task: asyncio.Task[Any]) -> None:
        """Hold on to a task behind a reply until it ends; the loop itself would not."""
        self.work.recording.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self.work.recording.discard(task)
        if not task.cancelled() and task.exception() is not None:
            metrics.FAILURES.labels("not_recorded").inc()
            logger.error("A turn was not recorded: %s", type(task.exception()).__name__)


class PayloadChannel(OutputChannel):
    """An output channel that sends one message with one payload for a turn.

    Subclasses implement `deliver`. What comes after `close` (a reply that is too late) is
    dropped.
    """

    def __init__(self) -> None:
        self.delivered = False
        self.kind: str | None = None
        self._closed = False

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Send a response with its text, buttons and payload in one piece."""
        if self._closed or self.delivered:
            return
        payload = (message.get("metadata") or {}).get(METADATA_KEY)
        if payload is None:
            return
        self.delivered = True
        self.kind = str(payload.get("kind"))
        await self.deliver(recipient_id, as_message(recipient_id, message, payload))

    async def close(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Send a last message and drop whatever comes after it."""
        await self.send_response(recipient_id, message)
        self._closed = True

    async def deliver(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Send one finished message."""
        raise NotImplementedError


def as_message(
    recipient_id: str, response: dict[str, Any], payload: dict[str, Any]
) -> dict[str, Any]:
    """Return a response in the shape that Rasa's REST channel gives, payload as `custom`."""
    message = {"recipient_id": recipient_id, "text": response.get("text") or ""}
    if response.get("buttons"):
        message["buttons"] = response["buttons"]
    return {**message, "custom": payload}


def without_slashes(text: str) -> str:
    """Return a message that Rasa reads as text.

    Rasa takes `/intent{...}` apart before its pipeline, so anybody could drive the bot past
    its understanding. None of our buttons sends a slash message.
    """
    bare = text[:MAX_CHARACTERS].lstrip("/ \t\r\n\u00a0").strip()
    return bare or "?"


@lru_cache(maxsize=1)
def gateway() -> Gateway:
    """Return the process's gateway, set up from the environment and the knowledge base."""
    settings = Settings.from_environment()
    logs.install()
    rasa_patches.apply(settings.reply_timeout)
    return Gateway(settings, SafetyWording.of(load_knowledge().helplines, settings))
