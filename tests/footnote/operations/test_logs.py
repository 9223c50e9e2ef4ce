"""JSON log lines hold no exception's message."""

from __future__ import annotations

import json
import logging

import pytest

from footnote.operations import logs
from footnote.operations.logs import JsonFormatter


def record(error: Exception | None = None) -> logging.LogRecord:
    info = None
    if error is not None:
        try:
            raise error
        except Exception as caught:
            info = (type(caught), caught, caught.__traceback__)
    return logging.LogRecord("footnote", logging.ERROR, "x.py", 1, "A turn %s", ("failed",), info)


def test_a_line_is_one_json_object() -> None:
    line = JsonFormatter().format(record())
    assert "\n" not in line
    assert json.loads(line).items() >= {"level": "ERROR", "message": "A turn failed"}.items()


def test_an_exception_is_named_and_not_quoted() -> None:
    line = JsonFormatter().format(record(ValueError("my lump is at the left side")))
    assert json.loads(line)["exception"] == "ValueError"
    assert "lump" not in line


def test_the_environment_chooses(monkeypatch: pytest.MonkeyPatch) -> None:
    handler = logging.StreamHandler()
    logging.getLogger().addHandler(handler)
    try:
        monkeypatch.setenv(logs.LOG_FORMAT, "")
        logs.install()
        assert not isinstance(handler.formatter, JsonFormatter)
        monkeypatch.setenv(logs.LOG_FORMAT, "json")
        logs.install()
        assert isinstance(handler.formatter, JsonFormatter)
    finally:
        logging.getLogger().removeHandler(handler)
