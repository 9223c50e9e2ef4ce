"""Talk with the bot in the terminal; a number chooses an option."""

from __future__ import annotations

import tempfile
from pathlib import Path

import requests

from footnote.serving.client import Answer, Conversation
from footnote.serving.servers import running
from footnote.serving.training import ensure_model


def chat() -> int:
    """Start a bot of its own, talk until the end of input, and forget the conversation."""
    model = ensure_model()
    print("Starting ...", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        log, database = Path(folder) / "log", str(Path(folder) / "chat.db")
        with running(model, database=database, log=log) as bot:
            print("Ask away. An empty line or Ctrl-D ends the chat; nothing of it is kept.")
            _talk(Conversation(bot.url))
    return 0


def _talk(conversation: Conversation) -> None:
    while True:
        try:
            message = input("\nyou> ").strip()
        except EOFError:
            return
        if not message:
            return
        try:
            show(conversation.ask(message))
        except requests.RequestException as error:
            print(f"The bot did not answer: {type(error).__name__}")


def show(answer: Answer) -> None:
    """Print a reply with its kind and its options, numbered."""
    print(f"\n{answer.text}")
    for number, option in enumerate(answer.options, start=1):
        print(f"  {number}. {option['title']}")
    print(f"  [{answer.kind}]")
