"""A confidence is held against the share that was right."""

from __future__ import annotations

import pytest

from footnote.evaluation.reliability import bins, calibration_error, confidence_of


def test_confidences_are_sorted_into_bins_with_their_means() -> None:
    found = bins([(0.81, True), (0.89, True), (0.85, False), (0.12, False)])
    assert [(each.low, each.high, each.count) for each in found] == [(0.1, 0.2, 1), (0.8, 0.9, 3)]
    assert found[1].confidence == pytest.approx(0.85)
    assert found[1].right == pytest.approx(2 / 3)


def test_the_ends_of_the_scale_have_their_bins() -> None:
    found = bins([(0.0, False), (1.0, True), (1.0 + 1e-9, True), (-1e-9, False)])
    assert [(each.low, each.count) for each in found] == [(0.0, 2), (0.9, 2)]


@pytest.mark.parametrize("wrong", [-0.1, 1.1, float("nan")])
def test_what_is_no_probability_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="no probability"):
        bins([(wrong, True)])


def test_the_calibration_error_weighs_the_bins_by_their_counts() -> None:
    # Three at 0.9 of which all are right: off by 0.1; one at 0.5 that is wrong: off by 0.5.
    found = bins([(0.9, True)] * 3 + [(0.5, False)])
    assert calibration_error(found) == pytest.approx((3 * 0.1 + 1 * 0.5) / 4)


def test_who_is_as_sure_as_right_has_no_error() -> None:
    assert calibration_error(bins([(0.75, True)] * 3 + [(0.75, False)])) == pytest.approx(0)
    assert calibration_error([]) is None


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("answer", 0.7), ("emergency", 0.7), ("clarify", None), ("follow_up", None)],
)
def test_who_asks_back_or_waits_for_the_conversation_claims_nothing(
    kind: str, expected: float | None
) -> None:
    parsed = {"intent": {"name": "i", "confidence": 0.7}, "understanding": {"kind": kind}}
    assert confidence_of(parsed) == expected
