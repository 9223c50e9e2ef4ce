"""The conversations as Rasa keeps them: read, rated, and erased."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa.shared.core.events import SlotSet
from sanic import Sanic

from footnote.channels.web.messages import FEEDBACK_SLOT, history
from footnote.channels.web.safety import Safety
from footnote.stores.tracker import ERASE_SLOT

TIMEOUT = 5.0
"""Seconds after which the person is told that the earlier conversation cannot be read."""


class Conversations:
    """The running agent's tracker store, with its lock.

    Args:
        app: the server's application; Rasa puts the agent there when it starts.
    """

    def __init__(self, app: Sanic) -> None:
        self._app = app

    async def messages(self, session: str, safety: Safety) -> list[dict[str, Any]]:
        """Return what was said in a conversation.

        Raises:
            asyncio.TimeoutError: the store did not answer in time.
        """
        store = self._app.ctx.agent.tracker_store
        tracker = await asyncio.wait_for(store.retrieve_full_tracker(session), TIMEOUT)
        return history(tracker.events, safety) if tracker else []

    async def rate(self, session: str, reply: str, helpful: bool | None, safety: Safety) -> bool:
        """Record a rating in the conversation; return whether it has such a reply.

        A slot that no policy looks at carries it, so that the dialogue goes on as it was.
        """
        agent = self._app.ctx.agent
        async with agent.lock_store.lock(session):
            full = await agent.tracker_store.retrieve_full_tracker(session)
            known = history(full.events, safety) if full else []
            if not any(message["id"] == reply and message.get("rateable") for message in known):
                return False
            tracker = await agent.tracker_store.retrieve(session)
            tracker.update(SlotSet(FEEDBACK_SLOT, {"reply": reply, "helpful": helpful}))
            await agent.tracker_store.save(tracker)
        return True

    async def sweep(self, session: str) -> None:
        """Erase what another turn may have stored while the conversation was being erased."""
        agent = self._app.ctx.agent
        async with agent.lock_store.lock(session):
            tracker = await agent.tracker_store.retrieve(session)
            if tracker and tracker.events:
                tracker.update(SlotSet(ERASE_SLOT, True))
                await agent.tracker_store.save(tracker)
