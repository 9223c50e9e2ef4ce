"""The chat page's files inside the page, so that one round trip brings all of it.

Inline code is what a Content-Security-Policy is there to forbid, so the policy names the
checksums of exactly these two texts (CSP Level 3, "hash-source") and allows no other, not even
a file of this server.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

_ENDS_SCRIPT = re.compile(r"<(?=!--|/?script)", re.IGNORECASE)
_ENDS_STYLE = re.compile(r"</style", re.IGNORECASE)


@dataclass(frozen=True)
class Inline:
    """What the chat page holds of its files.

    Attributes:
        script: the widget's code.
        style: the page's style sheet.
        icon: the icon as a `data:` address.
    """

    script: Markup
    style: Markup
    icon: str

    @classmethod
    def of(cls, bundle: Path, style: Path, icon: Path) -> Inline:
        """Read the files.

        Raises:
            ValueError: the style sheet would end its element early.
        """
        rules = style.read_text(encoding="utf-8")
        if _ENDS_STYLE.search(rules):
            raise ValueError(f"{style.name} holds </style and cannot stand inside a page")
        return cls(
            script=Markup(in_script(bundle.read_text(encoding="utf-8"))),
            style=Markup(rules),
            icon="data:image/svg+xml," + quote(icon.read_text(encoding="utf-8")),
        )

    @property
    def policy(self) -> dict[str, str]:
        """Return the directives that allow these two texts and no other script or style."""
        return {"script-src": checksum(self.script), "style-src": checksum(self.style)}


def in_script(code: str) -> str:
    """Return JavaScript that means the same and leaves its element open.

    In strings, templates and patterns, where alone these characters can stand together, `\\x3c`
    is `<`.
    """
    return _ENDS_SCRIPT.sub(r"\\x3c", code)


def checksum(text: str) -> str:
    """Return a text's source expression for a policy."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
