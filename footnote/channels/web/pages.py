"""The chat page, the article with every sentence addressable, and what is kept of people."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from footnote import paths
from footnote.channels.web.config import WebConfig
from footnote.channels.web.inline import Inline
from footnote.channels.web.safety import dial
from footnote.knowledge import KnowledgeBase, Note
from footnote.privacy.retention import days_kept
from footnote.settings import Settings

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
STATIC = HERE / "static"
BUNDLE = paths.ROOT / "web" / "dist" / "footnote.js"

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "lit-html",
}


def _written(policy: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in policy.items())


SECURITY_HEADERS = {
    "Content-Security-Policy": _written(_POLICY),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_MAX_MARKS = 20


class Pages:
    """Renders the pages from templates that escape all they are given.

    Args:
        config: the deployment's choices for the web channel.
        settings: the care team and the country.
        retention_days: for how long what is said is kept (default: FOOTNOTE_RETENTION_DAYS).

    Attributes:
        chat_headers: those of the chat page; its script and style stand in it.

    Raises:
        SettingsError: FOOTNOTE_RETENTION_DAYS cannot be used.
    """

    def __init__(
        self, config: WebConfig, settings: Settings, retention_days: int | None = None
    ) -> None:
        self._config = config
        self._settings = settings
        self._retention_days = days_kept() if retention_days is None else retention_days
        self._inline = Inline.of(BUNDLE, STATIC / "page.css", STATIC / "icon.svg")
        policy = _written({**_POLICY, **self._inline.policy})
        self.chat_headers = {**SECURITY_HEADERS, "Content-Security-Policy": policy}
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["dial"] = dial
        self._templates.filters["long_date"] = long_date

    def chat(self, knowledge: KnowledgeBase) -> bytes:
        """Return the chat page, with all that it needs inside."""
        return self._render("chat.html", knowledge, inline=self._inline)

    def article(self, knowledge: KnowledgeBase, marks: str = "") -> bytes:
        """Return the article, with some sentences marked.

        Args:
            knowledge: where the article is.
            marks: ids of sentences, with commas between them; unknown ones mark nothing.
        """
        marked = {key for key in marks.split(",")[:_MAX_MARKS] if key in knowledge.sentences}
        notes = section_notes(knowledge)
        return self._render("article.html", knowledge, marked=marked, notes=notes)

    def about(self, knowledge: KnowledgeBase) -> bytes:
        """Return what the bot is, what it keeps and whom to call."""
        more = {
            "helplines": knowledge.helplines,
            "key_days": count_of_days(self._config.session_days),
            "kept_days": count_of_days(self._retention_days),
        }
        return self._render("about.html", knowledge, **more)

    def _render(self, name: str, knowledge: KnowledgeBase, **more: Any) -> bytes:
        words = {
            "config": self._config,
            "settings": self._settings,
            "article": knowledge.article,
            **more,
        }
        return self._templates.get_template(name).render(words).encode("utf-8")


def count_of_days(days: int) -> str:
    """Return a number of days as "1 day" or "30 days"."""
    return f"{days} day" if days == 1 else f"{days} days"


def section_notes(knowledge: KnowledgeBase) -> dict[str, list[Note]]:
    """Return the editor's notes by section: those of entries that rest on it alone, each once."""
    found: dict[str, list[Note]] = {section.id: [] for section in knowledge.article.sections}
    shown: set[str] = set()
    for entry in knowledge.entries.values():
        sections = {source.rpartition(".")[0] for source in entry.sources}
        for key in entry.notes:
            if len(sections) == 1 and key not in shown:
                shown.add(key)
                found[next(iter(sections))].append(knowledge.notes[key])
    return found


def about_bot(knowledge: KnowledgeBase) -> dict[str, Any]:
    """Return what a window is told of the article at its start."""
    article = knowledge.article
    return {
        "subject": article.subject,
        "article": {"title": article.title, "date": long_date(article.date)},
        "suggestions": [
            {"title": knowledge.entries[key].title, "send": knowledge.entries[key].question}
            for key in article.menu
        ],
    }


def long_date(value: date) -> str:
    """Return a date as "May 17, 2021"."""
    return f"{value:%B} {value.day}, {value.year}"
