"""The knowledge base as it is on disk now: an edited answer is given without a restart."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

from footnote import paths
from footnote.knowledge.base import KnowledgeBase
from footnote.knowledge.loader import KnowledgeError, load_knowledge

logger = logging.getLogger(__name__)

CHECK_EVERY = 1.0
"""Seconds between looks at the files' times."""


class LiveKnowledge:
    """Gives the current knowledge base, read again when a file of the folder changed.

    A file that was saved broken changes nothing: the last good version goes on answering,
    and the log says what is wrong.
    """

    def __init__(self, folder: Path = paths.KNOWLEDGE) -> None:
        self._folder = folder
        self._stamp = self._changed()
        self._current = load_knowledge(folder)
        self._looked = time.monotonic()
        self._lock = threading.Lock()

    def current(self) -> KnowledgeBase:
        """Return the knowledge base, at most a second behind the files."""
        with self._lock:
            if time.monotonic() - self._looked >= CHECK_EVERY:
                self._looked = time.monotonic()
                self._reload_if_changed()
            return self._current

    def _reload_if_changed(self) -> None:
        try:
            # A file may go between being listed and being looked at: an editor's way to save.
            stamp = self._changed()
            if stamp == self._stamp:
                return
            self._current = load_knowledge(self._folder)
            self._stamp = stamp
            logger.info("The knowledge base was read again.")
        except KnowledgeError as error:
            self._stamp = stamp
            logger.error("The changed knowledge base is not used yet: %s", error)
        except OSError as error:
            # Looked at again in a second, since nothing else may change when it is back.
            logger.error("The knowledge base cannot be read: %s", error)

    def _changed(self) -> tuple[tuple[str, int, int], ...]:
        stats = ((path, path.stat()) for path in sorted(self._folder.rglob("*.yml")))
        return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in stats)
