"""What only Debian's packages have, for tests that need it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from typing import TypeVar

import pytest

Found = TypeVar("Found")


def installed(find: Callable[[], Found | None], what: str, package: str) -> Found:
    """Return what is looked for, installed from Debian's package where it is missing.

    Where that is not possible the test is skipped; with CI set, that is a failure.

    Args:
        find: looks for it; None where it is not there.
        what: what people call it.
        package: the package's name.
    """
    found = find()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-qq"], ["install", "-qq", "--yes", package]):
            subprocess.run(["apt-get", *command], check=False, capture_output=True, env=env)
        found = find()
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{what} is missing, and Debian's package {package} could not be installed")
        pytest.skip(f"{what} is not here: install Debian's package {package}")
    return found
