"""Vectors kept from the last training: the same as fresh ones, and never in the way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from footnote.nlu.sentence_model import DIMENSIONS
from footnote.nlu.vector_cache import encode

TEXTS = ["which light", "how much water", "which light"]


class Model:
    """Stands in for the encoder: counts what it is asked."""

    def __init__(self, identity: str = "one") -> None:
        self._identity = identity
        self.asked: list[str] = []

    def identity(self) -> str:
        return self._identity

    def encode(self, texts: Sequence[str], workers: int = 1) -> np.ndarray:
        self.asked += texts
        rows = [np.full(DIMENSIONS, len(self._identity) + len(text)) for text in texts]
        return np.stack(rows).astype(np.float32)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "vectors.npz"


def test_each_text_is_encoded_once(file: Path) -> None:
    model = Model()
    first = encode(model, TEXTS, file)
    assert model.asked == TEXTS[:2]
    assert first.shape == (3, DIMENSIONS)
    assert first[:, 0].tolist() == [len("one") + len(text) for text in TEXTS]
    again = Model()
    assert np.array_equal(encode(again, TEXTS, file), first)
    assert again.asked == []


def test_only_what_is_new_is_encoded_and_what_is_gone_is_dropped(file: Path) -> None:
    encode(Model(), TEXTS, file)
    model = Model()
    encode(model, ["which light", "which pot"], file)
    assert model.asked == ["which pot"]
    later = Model()
    encode(later, ["how much water"], file)
    assert later.asked == ["how much water"]


def test_what_another_file_has_is_taken_from_it_and_kept_in_both(file: Path) -> None:
    encode(Model(), TEXTS, file)
    model, own = Model(), file.with_name("own.npz")
    found = encode(model, ["which pot", "which light"], own, also=[file])
    assert model.asked == ["which pot"]
    assert found[1, 0] == len("one") + len("which light")
    again = Model()
    encode(again, ["which pot", "which light"], own)
    encode(again, TEXTS, file)
    assert again.asked == []


def test_another_models_vectors_are_not_taken(file: Path) -> None:
    encode(Model(), TEXTS, file)
    model = Model("another")
    encode(model, TEXTS, file)
    assert model.asked == TEXTS[:2]


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 broken"])
def test_a_damaged_file_is_made_anew(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    model = Model()
    assert encode(model, TEXTS, file).shape == (3, DIMENSIONS)
    assert model.asked == TEXTS[:2]
    again = Model()
    encode(again, TEXTS, file)
    assert again.asked == []


def test_a_file_of_another_shape_is_made_anew(file: Path) -> None:
    file.parent.mkdir()
    np.savez(file, keys=np.zeros((2, 16), np.uint8), vectors=np.zeros((2, 3), np.float32))
    model = Model()
    encode(model, TEXTS, file)
    assert model.asked == TEXTS[:2]


def test_a_file_that_cannot_be_written_costs_time_only(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where a folder should be", encoding="utf-8")
    model = Model()
    for _ in range(2):
        vectors = encode(model, TEXTS, tmp_path / "state" / "vectors.npz")
        assert vectors.shape == (3, DIMENSIONS)
    assert model.asked == TEXTS[:2] * 2


def test_no_texts_are_no_vectors(file: Path) -> None:
    assert encode(Model(), [], file).shape == (0, DIMENSIONS)
