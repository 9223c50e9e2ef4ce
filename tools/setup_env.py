"""Make the project's virtual environment with nothing but Python, pip and this file.

Usage: python3 tools/setup_env.py [--dev]

Finds or brings `uv` (into .tools/), finds Python 3.10 (on the PATH, among pyenv's
versions, then by asking uv to fetch it) and installs the hashed lock into .venv/.
It runs on any Python from 3.7 on, so it imports the standard library only.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
STAMP = VENV / ".footnote-installed"
UV_VERSION = "0.13.9"
PIP_INSTALL = ["-m", "pip", "install", "--quiet", "--upgrade"]
# Compiled at once: elsewhere each start of Rasa would compile it anew where the environment says
# PYTHONDONTWRITEBYTECODE, as containers do, and take 20 s for the imports instead of 3.
UV_SYNC = ["pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode"]
# Read by every Python of the environment: `rasa train`, typed by hand, finds the project and does
# without TensorFlow as `make train` does (footnote/without_tensorflow.py).
START = "../../../..\nimport footnote.without_tensorflow as start; start.install()\n"
START_FILE = "lib/python{}/site-packages/footnote.pth"
WANTED = (ROOT / ".python-version").read_text(encoding="utf-8").strip()


class SetupError(Exception):
    """Something is missing that the person at the keyboard has to provide."""


def run(command: list[Any]) -> subprocess.CompletedProcess[str]:
    """Run a command and return its completed process; its output is captured."""
    return subprocess.run(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def works(command: list[Any]) -> bool:
    """Whether a command runs and exits with 0."""
    try:
        return run(command).returncode == 0
    except OSError:
        return False


def find_uv() -> str:
    """Return the path of a working uv, bringing one into .tools/ where none is installed."""
    installed = shutil.which("uv")
    if installed and works([installed, "--version"]):
        return installed
    own = TOOLS / "bin" / "uv"
    if works([own, "--version"]):
        return str(own)
    print(f"Bringing uv {UV_VERSION} into .tools/ ...", flush=True)
    done = run([sys.executable, *PIP_INSTALL, "--target", TOOLS, f"uv=={UV_VERSION}"])
    if done.returncode != 0 or not works([own, "--version"]):
        raise SetupError(
            "uv could not be installed with pip. Is pip there (python3 -m pip --version) and "
            f"does it reach a package index?\n{done.stdout.strip()}"
        )
    return str(own)


def is_wanted_python(path: str | Path) -> bool:
    """Whether the interpreter at `path` really is the Python version that the lock is for."""
    try:
        done = run([path, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
    except OSError:
        return False
    return done.returncode == 0 and done.stdout.strip() == WANTED


def find_python(uv: str) -> str:
    """Return an interpreter of the wanted version: PATH, pyenv, then uv's own search and fetch."""
    candidates: list[str | Path | None] = [sys.executable, shutil.which(f"python{WANTED}")]
    pyenv_root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    candidates += sorted(pyenv_root.glob(f"versions/{WANTED}*/bin/python"), reverse=True)
    for candidate in candidates:
        if candidate and is_wanted_python(candidate):
            return str(candidate)
    found = run([uv, "python", "find", "--no-project", WANTED])
    if found.returncode == 0 and is_wanted_python(found.stdout.strip()):
        return found.stdout.strip()
    print(f"No Python {WANTED} here; asking uv to fetch it ...", flush=True)
    fetched = run([uv, "python", "install", WANTED])
    found = run([uv, "python", "find", "--no-project", WANTED])
    if fetched.returncode == 0 and found.returncode == 0:
        return found.stdout.strip()
    raise SetupError(
        f"Python {WANTED} is missing (Rasa 3.6 needs it) and could not be fetched. Install it, for "
        f"example with `pyenv install {WANTED}` or your system's package python{WANTED}, and run "
        "make again."
    )


def fingerprint(lock: str) -> str:
    """Return a SHA-256 of a lock file and how it is installed: what an environment is made of."""
    how = " ".join([*UV_SYNC, START]).encode("utf-8")
    return hashlib.sha256((ROOT / lock).read_bytes() + how).hexdigest()


def main() -> int:
    """Bring the environment up to date; return the process's exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dev", action="store_true", help="with the tools that the tests need")
    dev = parser.parse_args().dev
    state = {name: fingerprint(name) for name in ("requirements.lock", "requirements-dev.lock")}
    plain = "run " + state["requirements.lock"]
    full = "dev " + state["requirements.lock"] + " " + state["requirements-dev.lock"]
    present = STAMP.read_text(encoding="utf-8") if STAMP.exists() else ""
    # The development environment holds all that running needs, so it serves both.
    if present == full or (present == plain and not dev):
        return 0
    lock = "requirements-dev.lock" if dev else "requirements.lock"
    try:
        uv = find_uv()
        python = find_python(uv)
        if not (VENV / "bin" / "python").exists() or not is_wanted_python(VENV / "bin" / "python"):
            made = run([uv, "venv", "--quiet", "--clear", "--python", python, VENV])
            if made.returncode != 0:
                raise SetupError(f"The virtual environment could not be made:\n{made.stdout}")
        print(f"Installing {lock} into .venv/ (about 3 GB, once) ...", flush=True)
        synced = run([uv, *UV_SYNC, "--python", VENV / "bin" / "python", ROOT / lock])
        if synced.returncode != 0:
            raise SetupError(f"The packages of {lock} could not be installed:\n{synced.stdout}")
        (VENV / START_FILE.format(WANTED)).write_text(START, encoding="utf-8")
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    STAMP.write_text(full if dev else plain, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
