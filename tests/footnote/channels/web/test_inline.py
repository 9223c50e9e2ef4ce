"""Code and style that stand inside a page mean what they meant, and end where they end."""

from __future__ import annotations

from pathlib import Path

import pytest

from footnote.channels.web.inline import Inline, checksum, in_script


@pytest.mark.parametrize(
    ("code", "inside"),
    [
        ('a = "<!--"', r'a = "\x3c!--"'),
        ("a = `</SCRIPT>`", r"a = `\x3c/SCRIPT>`"),
        ("a = /<script>/", r"a = /\x3cscript>/"),
        ("a<b;c<!d;`</p>`", "a<b;c<!d;`</p>`"),
    ],
)
def test_code_cannot_end_its_element(code: str, inside: str) -> None:
    assert in_script(code) == inside


def test_a_style_sheet_that_would_end_its_element_is_refused(tmp_path: Path) -> None:
    files = {"a.js": "", "a.css": "p::before {content: '</style>'}", "a.svg": "<svg/>"}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.css holds </style"):
        Inline.of(*(tmp_path / name for name in files))


def test_a_checksum_is_the_one_that_browsers_make() -> None:
    # MDN's example, which browsers accept (Content-Security-Policy: script-src, "hash").
    assert checksum("doSomething();") == "'sha256-RFWPLDbv2BY+rCkDzsE+0fr8ylGr2R2faWMhq4lfEQc='"
