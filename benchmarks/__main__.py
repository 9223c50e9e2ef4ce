"""Measure Footnote beside other Rasa bots.

`baseline` trains the bot whose speed is compared; `understanding` compares how well people are
understood.
"""

from __future__ import annotations

import argparse
import sys

from benchmarks import recommended, run, understanding
from footnote.serving.environment import ServeError, hide_deprecations


def main() -> int:
    """Run one command and return the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    commands = parser.add_subparsers(dest="command")
    parser.add_argument("--full", action="store_true", help="longer: training, load, entries")
    baseline = commands.add_parser("baseline", help="train the comparison bot, once")
    understood = commands.add_parser("understanding", help="compare the scores on questions")
    understood.add_argument("data", help="JSON lines in the form of tests/evaluation/README.md")
    for command in (baseline, understood):
        command.add_argument("--epochs", type=int, default=recommended.EPOCHS)
        command.add_argument(
            "--share", type=int, default=recommended.SHARE, help="every N-th question"
        )
    parsed = parser.parse_args()
    hide_deprecations()
    try:
        if parsed.command and (parsed.epochs < 1 or parsed.share < 1):
            raise ServeError("--epochs and --share are counts: give 1 or more")
        if parsed.command == "understanding":
            return understanding.compare(parsed.data, parsed.epochs, parsed.share)
        if parsed.command == "baseline":
            return _baseline(parsed.epochs, parsed.share)
        return run.bench(run.FULL if parsed.full else run.QUICK)
    except ServeError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 1


def _baseline(epochs: int, share: int) -> int:
    print(
        "Training the comparison bot (DIET and TED; an hour and more at 100 epochs) ...", flush=True
    )
    training = recommended.train(epochs, share)
    took = f"{training.seconds:.0f} s, {training.cpu_seconds:.0f} s of all cores"
    print(f"Trained in {took}. {training.described}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
