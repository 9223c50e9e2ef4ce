"""The scripts of tools/, which are no package, as modules."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

from footnote import paths

TOOLS = paths.ROOT / "tools"


def load_tool(name: str) -> ModuleType:
    """Return a fresh module of `tools/<name>.py`, loaded as if it were run from its folder."""
    sys.path.insert(0, str(TOOLS))
    try:
        spec = importlib.util.spec_from_file_location(name, TOOLS / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.pop(0)
    return module
