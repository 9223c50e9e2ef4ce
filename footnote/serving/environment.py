"""The environment of the processes that we start."""

from __future__ import annotations

import os
import socket
import sys
import warnings
from pathlib import Path
from typing import Any

import yaml

from footnote import paths, without_tensorflow

LOOPBACK = "127.0.0.1"


class ServeError(Exception):
    """The bot cannot start; the message says why and what to do."""


def environment(tensorflow: bool = False) -> dict[str, str]:
    """Return the environment for Rasa: no telemetry, quiet libraries, the project importable.

    Args:
        tensorflow: let it have TensorFlow, which our own pipeline has no use for.
    """
    defaults = {
        "PYTHONWARNINGS": "ignore",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "LOG_LEVEL_LIBRARIES": "ERROR",
        # For one question at a time, threads of the matrix library only wait for each other.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        # glibc learns from large arrays that are freed to keep such room for good: 135 MB after a
        # model was loaded. Given any figures it does not.
        "MALLOC_MMAP_THRESHOLD_": "4194304",
        "MALLOC_TRIM_THRESHOLD_": "16777216",
        # Rasa's server takes 100 MB and waits a minute for slow senders unless told otherwise.
        "SANIC_REQUEST_MAX_SIZE": "2000000",
        "SANIC_REQUEST_TIMEOUT": "15",
        "SANIC_RESPONSE_TIMEOUT": "70",
        "SANIC_GRACEFUL_SHUTDOWN_TIMEOUT": "5",
    }
    forced = {
        "RASA_TELEMETRY_ENABLED": "false",
        "PYTHONPATH": str(paths.ROOT),
        "PYTHONUNBUFFERED": "1",
    }
    if tensorflow:
        forced[without_tensorflow.SWITCH] = "1"
    return {**defaults, **os.environ, **forced}


def hide_deprecations() -> None:
    """Leave other people's deprecation warnings out of this process's output.

    Sanic and others turn them on again, whatever the interpreter was told: 40 lines a start.
    """
    shown = warnings.showwarning

    def show(message: Warning | str, category: type[Warning], *place: Any, **more: Any) -> None:
        if not issubclass(category, DeprecationWarning):
            shown(message, category, *place, **more)

    warnings.showwarning = show


def endpoints(folder: Path, actions_url: str, database: str | None = None) -> Path:
    """Write the project's endpoints with other addresses and return the file.

    Args:
        folder: where to write it.
        actions_url: where the action server listens.
        database: the SQLite file for conversations; None keeps the project's.
    """
    data = yaml.safe_load((paths.ROOT / "endpoints.yml").read_text(encoding="utf-8"))
    data["action_endpoint"]["url"] = actions_url
    if database:
        data["tracker_store"]["db"] = database
    target = folder / "endpoints.yml"
    target.write_text(yaml.safe_dump(data), encoding="utf-8")
    return target


def rasa(*arguments: str) -> list[str]:
    """Return the command that runs Rasa in this environment."""
    return [sys.executable, "-m", "footnote.serving.rasa", *arguments]


def require_free(host: str, port: int, what: str, option: str) -> None:
    """Raise ServeError if a port cannot be listened on.

    Args:
        host: the address to listen on.
        port: the port.
        what: what would listen there, for the message.
        option: how to choose another, for the message.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ServeError(
                f"{what} cannot listen on {host}:{port} ({error.strerror}). Is another bot "
                f"running? End it, or choose another port with {option}."
            ) from None


def free_port() -> int:
    """Return a loopback port that is free right now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
