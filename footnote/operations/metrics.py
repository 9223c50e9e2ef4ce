"""Counts and times for Prometheus; no label holds anything that a person sent."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

MESSAGES = Counter(
    "footnote_messages", "Messages replied to, by channel and kind of reply.", ["channel", "kind"]
)
REPLY_SECONDS = Histogram(
    "footnote_reply_seconds", "From a message to its reply.", ["channel"], buckets=_SECONDS
)
FAILURES = Counter(
    "footnote_failures",
    "Turns that went wrong: late, failed, not_recorded (behind a safety reply), undelivered.",
    ["reason"],
)
STORE_FAILURES = Counter("footnote_store_failures", "Times a store could not be asked.", ["store"])
LOCK_SECONDS = Histogram(
    "footnote_lock_wait_seconds", "How long a message waited for its turn.", buckets=_SECONDS
)
IN_HAND = Gauge("footnote_messages_in_hand", "Messages that are in work right now.")
