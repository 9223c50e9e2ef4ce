"""The report of an evaluation: one HTML file that needs nothing beside it."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from footnote.evaluation.tables import Table, wanted_and_got

TEMPLATE = "report.html"
SHOWN_FAILURES = 100


@dataclass(frozen=True)
class Picture:
    """A PNG file with what it shows."""

    title: str
    file: Path

    @property
    def source(self) -> str:
        """The picture itself, as an address that needs no request."""
        content = base64.b64encode(self.file.read_bytes()).decode("ascii")
        return f"data:image/png;base64,{content}"


@dataclass
class Report:
    """What a report shows, in this order.

    Attributes:
        title: the heading.
        facts: short lines on what was measured and how.
        tables, pictures: figures.
        failures: those of `Scores.failures`, the worst first.
        asked: how many questions there were.
    """

    title: str
    facts: Sequence[str] = ()
    tables: list[Table] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    failures: Sequence[dict[str, Any]] = ()
    asked: int = 0

    def as_html(self) -> str:
        """Return the page."""
        templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent),
            autoescape=True,
            undefined=StrictUndefined,
        )
        shown = [
            {**failure, "wanted": wanted, "got": got}
            for failure in self.failures[:SHOWN_FAILURES]
            for wanted, got in (wanted_and_got(failure),)
        ]
        return templates.get_template(TEMPLATE).render(
            title=self.title,
            facts=self.facts,
            tables=self.tables,
            pictures=self.pictures,
            failures=shown,
            total=len(self.failures),
            asked=self.asked,
        )
