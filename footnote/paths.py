"""Where the project's files lie, relative to its root; nothing here touches the disk."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KNOWLEDGE_FOLDER = "FOOTNOTE_KNOWLEDGE"
"""Names another knowledge folder; one model serves it as long as no entry comes or goes."""
KNOWLEDGE = Path(os.environ.get(KNOWLEDGE_FOLDER, "").strip() or ROOT / "knowledge").resolve()
STATE = ROOT / ".footnote"
"""What the bot makes on this machine: conversations, secrets."""
VECTORS = STATE / "vectors.npz"
FOLLOW_UP_VECTORS = STATE / "follow_up_vectors.npz"
MODELS = ROOT / "models"
RESULTS = ROOT / "results"
