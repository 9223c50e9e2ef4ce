"""The commands behind `make`: each parses its arguments and calls one function."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from footnote.knowledge import KnowledgeError
from footnote.serving.environment import ServeError
from footnote.settings import SettingsError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the process's exit code."""
    parser = argparse.ArgumentParser(prog="footnote", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    serve = commands.add_parser("serve", help="serve the bot")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on")
    serve.add_argument("--port", type=_port, default=5005, help="port to listen on")
    serve.add_argument("--actions-port", type=_port, default=5055, help="the action server's")
    serve.set_defaults(run=_serve)

    actions = commands.add_parser("actions", help="run the action server alone")
    actions.add_argument("--port", type=_port, default=5055)
    actions.set_defaults(run=_actions)

    commands.add_parser("chat", help="talk in the terminal").set_defaults(run=_chat)

    listing = commands.add_parser("channels", help="list the channels and what they lack")
    listing.set_defaults(run=_channels)

    train = commands.add_parser("train", help="train the model if something changed")
    train.add_argument("--force", action="store_true", help="train in any case")
    train.set_defaults(run=_train)

    commands.add_parser("check", help="check the knowledge base").set_defaults(run=_check)
    commands.add_parser("test-stories", help="run Rasa's story tests").set_defaults(run=_stories)

    evaluate = commands.add_parser("evaluate", help="score answers to a file of questions")
    evaluate.add_argument("data", help="JSON lines in the form of tests/evaluation/README.md")
    evaluate.add_argument("--url", help="a running bot's address (default: start one)")
    evaluate.add_argument(
        "--robust", action="store_true", help="also with typos, without punctuation, in capitals"
    )
    evaluate.set_defaults(run=_evaluate)

    curve = commands.add_parser("evaluate-curve", help="score with fewer training questions")
    curve.add_argument("data", help="JSON lines in the form of tests/evaluation/README.md")
    curve.set_defaults(run=_evaluate_curve)

    purge = commands.add_parser("purge", help="delete what was said longer ago than is kept")
    purge.add_argument("--days", help="keep this many days (default: FOOTNOTE_RETENTION_DAYS)")
    purge.set_defaults(run=_purge)

    forget = commands.add_parser("forget", help="delete one person's conversation")
    forget.add_argument("conversation", help="its id, as docs/privacy.md tells how to find it")
    forget.set_defaults(run=_forget)

    check_settings = commands.add_parser("check-settings", help="check the environment's settings")
    check_settings.set_defaults(run=_check_settings)

    parsed = parser.parse_args(arguments)
    try:
        return int(parsed.run(parsed) or 0)
    except KnowledgeError as error:
        print("The knowledge base cannot be used:", file=sys.stderr)
        for problem in error.problems:
            print(f"  {problem}", file=sys.stderr)
        return 1
    except (ServeError, SettingsError) as error:
        print(f"footnote: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _port(text: str) -> int:
    number = int(text) if text.isdigit() else 0
    if not 0 < number < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; give a number from 1 to 65535")
    return number


# Imports are inside, so that a quick command does not wait for what another needs.


def _serve(parsed: argparse.Namespace) -> int:
    from footnote.serving.servers import serve

    return serve(parsed.host, parsed.port, parsed.actions_port)


def _actions(parsed: argparse.Namespace) -> int:
    from footnote.serving.action_server import run

    return run(parsed.port)


def _chat(parsed: argparse.Namespace) -> int:
    from footnote.serving.chat import chat

    return chat()


def _channels(parsed: argparse.Namespace) -> int:
    from footnote.channels.listing import show

    return show()


def _train(parsed: argparse.Namespace) -> int:
    from footnote.serving.training import ensure_model

    ensure_model(parsed.force)
    return 0


def _check(parsed: argparse.Namespace) -> int:
    from footnote.knowledge.checks import check

    return check()


def _stories(parsed: argparse.Namespace) -> int:
    from footnote.serving.story_tests import run

    return run()


def _evaluate(parsed: argparse.Namespace) -> int:
    from footnote.evaluation.run import evaluate

    return evaluate(parsed.data, parsed.url, parsed.robust)


def _evaluate_curve(parsed: argparse.Namespace) -> int:
    from footnote.evaluation.curve import evaluate_curve

    return evaluate_curve(parsed.data)


def _purge(parsed: argparse.Namespace) -> int:
    from footnote.privacy.commands import purge

    return purge(parsed.days)


def _forget(parsed: argparse.Namespace) -> int:
    from footnote.privacy.commands import forget

    return forget(parsed.conversation)


def _check_settings(parsed: argparse.Namespace) -> int:
    from footnote.operations.configuration import check

    check()
    print("The settings are in order.")
    return 0
