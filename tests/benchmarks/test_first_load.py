"""The first load counts what a browser fetches, packed, and the socket's greeting."""

from __future__ import annotations

import gzip
from pathlib import Path
from unittest.mock import AsyncMock

import pytest

from benchmarks import first_load
from footnote import paths
from tests.helpers.web import web_bot


def test_it_counts_the_page_its_files_and_the_greeting(tmp_path: Path) -> None:
    with web_bot(tmp_path, {}) as bot:
        found = first_load.first_load(bot.url)
    bundle = (paths.ROOT / "web" / "dist" / "footnote.js").read_bytes()
    packed = len(gzip.compress(bundle, 9))
    assert packed < found.widget < packed + 1_000
    assert packed < found.page < found.widget + 20_000
    # The page with its files inside; then the socket is opened, connected, started (docs/web.md).
    assert (found.shown, found.sent) == (1, 4)


def test_files_that_the_page_names_cost_a_trip_and_those_inside_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inside = b'<link rel="icon" href="data:image/svg+xml,a"><script>let a = 1;</script>'
    named = b'<script src="web/footnote.js"></script>'
    monkeypatch.setattr(first_load, "_greet", AsyncMock(return_value=(3, 10)))
    for page, shown in ((inside, 1), (inside + named, 2)):
        files = {"/": page, "/web/footnote.js": b"let b = 2;"}
        monkeypatch.setattr(first_load, "_get", lambda _url, path, f=files: (f[path], 100))
        found = first_load.first_load("http://bot")
        assert (found.shown, found.page) == (shown, 100 * shown + 10)
        assert found.widget == 100


def test_a_style_that_names_further_files_is_no_single_round_trip(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = {"/": b'<link rel="stylesheet" href="a.css">', "/a.css": b"p {background: url(b.png)}"}
    monkeypatch.setattr(first_load, "_get", lambda _url, path: (files[path], 1))
    with pytest.raises(ValueError, match=r"a\.css names further files"):
        first_load.first_load("http://bot")
