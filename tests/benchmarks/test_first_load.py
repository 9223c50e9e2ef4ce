"""The first load counts what a browser fetches, packed, and the socket's greeting."""

from __future__ import annotations

import gzip
from pathlib import Path

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
    assert found.widget < found.page < found.widget + 20_000
    # The page, its files; then the socket is opened, connected, started (docs/web.md).
    assert (found.shown, found.sent) == (2, 5)


def test_a_style_that_names_further_files_is_no_single_round_trip(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = {"/": b'<link rel="stylesheet" href="a.css">', "/a.css": b"p {background: url(b.png)}"}
    monkeypatch.setattr(first_load, "_get", lambda _url, path: (files[path], 1))
    with pytest.raises(ValueError, match=r"a\.css names further files"):
        first_load.first_load("http://bot")
