"""Log lines as JSON, one a line, without exceptions' messages: those may hold what was typed."""

from __future__ import annotations

import json
import logging
import os
import time
import traceback

LOG_FORMAT = "FOOTNOTE_LOG_FORMAT"


def install() -> None:
    """Write this process's log as JSON, where FOOTNOTE_LOG_FORMAT asks for it.

    Called once Rasa has set up its own colours, which replace whatever was there.
    """
    if os.environ.get(LOG_FORMAT, "").strip() == "json":
        for handler in logging.getLogger().handlers:
            handler.setFormatter(JsonFormatter())


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON.

    Of an exception it gives the type and where it was raised, never its message, which can
    quote a statement's parameters or a request's body.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's line."""
        line = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{int(record.msecs):03d}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            frames = traceback.extract_tb(record.exc_info[2])
            line["exception"] = record.exc_info[0].__name__
            line["at"] = " < ".join(f"{f.name} {f.lineno}" for f in reversed(frames[-5:]))
        return json.dumps(line, ensure_ascii=False)
