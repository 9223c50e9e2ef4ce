"""Who is in danger comes first: triage of a message by transparent rules."""

from footnote.safety.triage import DANGERS, Triage, triage

__all__ = ["DANGERS", "Triage", "triage"]
