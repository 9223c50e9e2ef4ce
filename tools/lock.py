"""Resolve pyproject.toml and tools/audit.in into hashed locks. Usage: python3 tools/lock.py."""

import subprocess
import sys

from setup_env import ROOT, find_uv

BASE = ["pip", "compile", "--quiet", "--universal", "--generate-hashes", "--python-version", "3.10"]
# No addresses and no machine's path may get into the lock files.
PLAIN = ["--no-emit-index-url", "--no-annotate", "--no-header"]


def main() -> int:
    """Write requirements.lock, then requirements-dev.lock within its versions."""
    uv = find_uv()
    dev = ["--extra", "dev", "-c", "requirements.lock"]
    for extra, lock in ((["--upgrade"], "requirements.lock"), (dev, "requirements-dev.lock")):
        command = [uv, *BASE, *PLAIN, *extra, "pyproject.toml", "-o", lock]
        if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
            return 1
    # The audit's tools clash with Rasa's pins.
    command = [uv, *BASE, *PLAIN, "--upgrade", "tools/audit.in", "-o", "tools/audit.lock"]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
