"""Whether a confidence of 80% is right eight times in ten (pure functions).

The reliability diagram and the expected calibration error of Naeini, Cooper and Hauskrecht
(2015), "Obtaining Well Calibrated Probabilities Using Bayesian Binning".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

BINS = 10
_CLAIMS_NOTHING = ("clarify", "follow_up")


@dataclass(frozen=True)
class Bin:
    """Messages of about the same confidence.

    Attributes:
        low, high: the bounds of their confidence; the upper one is in the last bin only.
        count: how many there are.
        confidence: their mean confidence.
        right: the share of them that is right.
    """

    low: float
    high: float
    count: int
    confidence: float
    right: float


def bins(pairs: Iterable[tuple[float, bool]], count: int = BINS) -> list[Bin]:
    """Sort pairs of confidence and "was right" into bins of equal width; empty ones are left out.

    Raises:
        ValueError: a confidence is not within 0 and 1.
    """
    sorted_in: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in pairs:
        # Sums of probabilities pass 1 by a rounding error.
        if not -1e-6 <= confidence <= 1 + 1e-6:
            raise ValueError(f"{confidence} is no probability")
        number = min(max(int(confidence * count), 0), count - 1)
        sorted_in.setdefault(number, []).append((confidence, right))
    return [
        Bin(
            number / count,
            (number + 1) / count,
            len(found),
            sum(confidence for confidence, _ in found) / len(found),
            sum(right for _, right in found) / len(found),
        )
        for number, found in sorted(sorted_in.items())
    ]


def calibration_error(found: Sequence[Bin]) -> float | None:
    """Return the expected calibration error, within 0 and 1, or None of nothing.

    It is the mean distance of confidence and share right over the bins, by their counts.
    """
    total = sum(each.count for each in found)
    if not total:
        return None
    return sum(each.count * abs(each.confidence - each.right) for each in found) / total


def confidence_of(parsed: Mapping[str, Any]) -> float | None:
    """Return how sure the pipeline was of the kind of a message, from Rasa's parse data.

    None where it claims nothing: it asks back, or leaves the message to the conversation.
    """
    kind = (parsed.get("understanding") or {}).get("kind")
    return None if kind in _CLAIMS_NOTHING else float(parsed["intent"]["confidence"])
