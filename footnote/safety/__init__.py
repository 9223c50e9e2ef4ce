"""Who is in danger comes first: triage of a message by transparent rules."""

from footnote.safety.triage import Triage, triage

__all__ = ["Triage", "triage"]
