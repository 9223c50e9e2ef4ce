from __future__ import annotations

import numpy as np

from footnote.nlu.danger import DOUBTFUL, danger_probability, lead_of


def probability(lead: float, nearness: float, words: int) -> float:
    return float(danger_probability(np.array([lead]), np.array([nearness]), np.array([words]))[0])


def test_a_clear_cry_is_near_one_and_a_question_near_zero() -> None:
    assert probability(1.5, 0.3, 8) > 0.99
    assert probability(-1.5, -0.3, 8) < 0.01


def test_each_part_alone_raises_it() -> None:
    before = probability(0.0, 0.0, 5)
    assert probability(0.3, 0.0, 5) > before
    assert probability(0.0, 0.1, 5) > before
    assert probability(0.0, 0.0, 20) > before


def test_words_that_nobody_in_danger_wrote_need_more_than_a_score() -> None:
    assert probability(0.5, -0.2, 4) < 0.5


def test_the_lead_is_that_of_the_best_danger_over_the_best_other_label() -> None:
    scores = np.array([[0.5, -1.0, 0.2], [-0.5, 0.1, 0.9]])
    assert lead_of(scores, ["crisis", "emergency", "greet"]).round(6).tolist() == [0.3, -0.8]


def test_without_a_danger_or_anything_else_there_is_no_lead() -> None:
    scores = np.array([[0.5, 0.2]])
    assert (lead_of(scores, ["greet", "thanks"]) < DOUBTFUL).all()
    assert (lead_of(scores, ["crisis", "emergency"]) < DOUBTFUL).all()
