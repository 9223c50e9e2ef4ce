"""Where the project's files lie, relative to its root; nothing here touches the disk."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KNOWLEDGE = ROOT / "knowledge"
STATE = ROOT / ".footnote"
"""What the bot makes on this machine: conversations, secrets."""
VECTORS = STATE / "vectors.npz"
MODELS = ROOT / "models"
RESULTS = ROOT / "results"
