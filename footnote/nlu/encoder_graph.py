"""The encoder's graph, made anew from the package's weights so that it multiplies integers.

The package's graph unfolds each int8 weight matrix to floats first: four times the memory to
hold and to read for every text. Here a word's values are rounded to a byte each, between the
word's own least and greatest, and ONNX Runtime multiplies bytes by bytes: for texts of our kind
the vectors keep a cosine of 0.9992 to the unrounded ones (docs/decisions.md, 64). What is not a
product is done by ONNX Runtime's own nodes for attention, sums with normalisation and GELU,
since a short text spends as long in small nodes as in products (69).

The network is BERT's: Devlin et al. (2019), "BERT: Pre-training of Deep Bidirectional
Transformers for Language Understanding".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from onnx import NodeProto, TensorProto, helper, numpy_helper

LAYERS = 6
HEADS = 12
WIDTH = 384
"""Of a word's values between layers."""
INPUTS = ("input_ids", "attention_mask")
_ATTENDING = ("query", "key", "value")
_FUSED = "com.microsoft"
"""Where ONNX Runtime keeps the nodes that the standard lacks."""
_OPSETS = {"": 17, _FUSED: 1}
_IR_VERSION = 8
_EPSILON = 1e-12
"""Of each normalisation, as BERT was trained."""
_ZERO = 128
"""The byte that stands for a weight of zero. Unsigned on both sides: on processors without
instructions made for it, the products of signed and unsigned bytes may overflow."""
_LEAST_STEP = 1e-9
"""A word whose values are all alike has steps of this size instead of none."""


def with_integer_products(model: bytes) -> bytes:
    """Return a graph of the same network with its weights' products done in integers.

    Args:
        model: the package's graph, a serialised ONNX model. A weight is a matrix `name_q` of int8
            that belongs to a row or number of floats `name_scale`; those of a layer come in the
            order query, key, value, output, and the two of the feed-forward part.

    Returns:
        A serialised model from `INPUTS` to the same output. All texts are of one kind (BERT's
        "token type"), so that is none of them.
    """
    graph = onnx.load_model_from_string(model).graph
    made = _Network(graph)
    words = made.layers(made.embeddings())
    (output,) = graph.output
    made.add("Reshape", [words, "shape"], output.name)
    network = helper.make_graph(
        made.nodes,
        "encoder",
        [value for value in graph.input if value.name in INPUTS],
        [output],
        list(made.constants.values()),
    )
    opsets = [helper.make_opsetid(domain, version) for domain, version in _OPSETS.items()]
    made_model = helper.make_model(network, opset_imports=opsets, ir_version=_IR_VERSION)
    return bytes(made_model.SerializeToString())


class _Network:
    """Collects nodes and constants; words are rows of one matrix but in attention."""

    def __init__(self, graph: onnx.GraphProto) -> None:
        self._weights = {weight.name: weight for weight in graph.initializer}
        self._matrices = [
            node.input[1]
            for node in graph.node
            if node.op_type == "MatMul" and f"{node.input[1]}_q" in self._weights
        ]
        self.nodes: list[NodeProto] = []
        self.constants: dict[str, TensorProto] = {}
        self.constant("to_bytes", np.float32(1 / 255))
        self.constant("least_step", np.float32(_LEAST_STEP))
        self.constant("zero", np.uint8(_ZERO))
        self.constant("width", np.array([WIDTH]))
        self.constant("widths", np.array([WIDTH] * len(_ATTENDING)))
        self.constant("rows", np.array([-1, WIDTH]))
        self.constant("second", np.array([1]))

    def add(
        self, kind: str, inputs: Sequence[str], output: str, fused: bool = False, **settings: Any
    ) -> str:
        domain = _FUSED if fused else ""
        self.nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **settings))
        return output

    def constant(self, name: str, value: np.ndarray | np.generic) -> str:
        self.constants[name] = numpy_helper.from_array(np.asarray(value), name)
        return name

    def embeddings(self) -> str:
        """Return the rows for the words, each with that of its place, normalised."""
        name = "inner.embeddings"
        table = f"{name}.word_embeddings.weight"
        self.constant(f"{table}_q", self._array(f"{table}_q"))
        self.constant(f"{table}_scale", self._array(f"{table}_scale"))
        # Rows are taken as integers, then those alone are unfolded.
        self.add("Gather", [f"{table}_q", "input_ids"], "word_bytes")
        self.add("Cast", ["word_bytes"], "word_floats", to=TensorProto.FLOAT)
        self.add("Gather", [f"{table}_scale", "input_ids"], "word_scales")
        self.add("Mul", ["word_floats", "word_scales"], "words")
        kind = self._array(f"{name}.token_type_embeddings.weight")[0]
        places = self._unfolded(f"{name}.position_embeddings.weight") + kind
        self.constant("places", places[None])
        self.constant("first", np.array([0]))
        self.add("Shape", ["input_ids"], "length", start=1, end=2)
        self.add("Slice", ["places", "first", "length", "second"], "here")
        self.add("Add", ["words", "here"], "placed")
        self.add("Reshape", ["placed", "rows"], "placed_rows")
        norm = [self._float(f"{name}.LayerNorm.{part}") for part in ("weight", "bias")]
        inputs = ["placed_rows", *norm]
        return self.add("LayerNormalization", inputs, "embedded", axis=-1, epsilon=_EPSILON)

    def layers(self, words: str) -> str:
        """Return the rows after all layers."""
        self.add("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
        self.add("Shape", ["input_ids"], "texts_and_length")
        self.add("Concat", ["texts_and_length", "width"], "shape", axis=0)
        per_layer = len(self._matrices) // LAYERS
        for number in range(LAYERS):
            matrices = self._matrices[number * per_layer : (number + 1) * per_layer]
            words = self._layer(f"inner.encoder.layer.{number}", words, matrices)
        return words

    def _layer(self, name: str, words: str, matrices: Sequence[str]) -> str:
        *attending, output, wide, narrow = matrices
        seen = self._attention(name, words, attending)
        self._round(seen)
        told = self._product(seen, [output], f"{name}.told")
        middle = self._sum(told, words, f"{name}.attention.output", f"{name}.middle")
        self._round(middle)
        widened = self._product(middle, [wide], f"{name}.widened")
        dense = self._float(f"{name}.intermediate.dense.bias")
        active = self.add("BiasGelu", [widened, dense], f"{name}.active", fused=True)
        self._round(active)
        narrowed = self._product(active, [narrow], f"{name}.narrowed")
        return self._sum(narrowed, middle, f"{name}.output", f"{name}.words")

    def _attention(self, name: str, words: str, matrices: Sequence[str]) -> str:
        """Return what each word sees in all words of its text; one product serves all three."""
        self._round(words)
        together = self._product(words, matrices, f"{name}.attending")
        parts = [f"{name}.{part}" for part in _ATTENDING]
        split = [f"{part}.rows" for part in parts]
        self.nodes.append(helper.make_node("Split", [together, "widths"], split, axis=1))
        for part in parts:
            self.add("Reshape", [f"{part}.rows", "shape"], part)
        biases = [self._array(f"{name}.attention.self.{part}.bias") for part in _ATTENDING]
        inputs = [*parts, self.constant(f"{name}.bias", np.concatenate(biases)), "mask"]
        self.add("MultiHeadAttention", inputs, f"{name}.seen", fused=True, num_heads=HEADS)
        return self.add("Reshape", [f"{name}.seen", "rows"], f"{name}.seen.rows")

    def _sum(self, values: str, before: str, weights: str, out: str) -> str:
        """Add a bias and the rows of before, and normalise."""
        names = ("LayerNorm.weight", "LayerNorm.bias", "dense.bias")
        inputs = [values, before, *(self._float(f"{weights}.{part}") for part in names)]
        return self.add("SkipLayerNormalization", inputs, out, fused=True, epsilon=_EPSILON)

    def _round(self, x: str) -> None:
        """Make bytes of each row's values, its step and its least value."""
        self.add("ReduceMin", [x], f"{x}_least", axes=[-1], keepdims=1)
        self.add("ReduceMax", [x], f"{x}_most", axes=[-1], keepdims=1)
        self.add("Sub", [f"{x}_most", f"{x}_least"], f"{x}_range")
        self.add("Mul", [f"{x}_range", "to_bytes"], f"{x}_even")
        self.add("Add", [f"{x}_even", "least_step"], f"{x}_step")
        self.add("Sub", [x, f"{x}_least"], f"{x}_above")
        self.add("Squeeze", [f"{x}_step", "second"], f"{x}_steps")
        self.add("QuantizeLinear", [f"{x}_above", f"{x}_steps"], f"{x}_bytes", axis=0)

    def _product(self, x: str, weights: Sequence[str], out: str) -> str:
        """Multiply rounded rows with the integers of weights side by side.

        With values = least + step * bytes, the product is scale * step * (bytes @ weight) and
        least * scale * (sums of the weight's columns).
        """
        matrices = [self._array(f"{weight}_q").astype(np.int32) for weight in weights]
        matrix = np.concatenate(matrices, axis=1)
        scales = [self._array(f"{weight}_scale").reshape(-1) for weight in weights]
        scale = np.concatenate(scales).astype(np.float32)
        self.constant(f"{out}_weight", (matrix + _ZERO).astype(np.uint8))
        self.constant(f"{out}_scale", scale)
        self.constant(f"{out}_sums", matrix.sum(axis=0, keepdims=True).astype(np.float32) * scale)
        inputs = [f"{x}_bytes", f"{out}_weight", "", "zero"]
        self.add("MatMulInteger", inputs, f"{out}_integers")
        self.add("Cast", [f"{out}_integers"], f"{out}_whole", to=TensorProto.FLOAT)
        self.add("Mul", [f"{out}_whole", f"{x}_step"], f"{out}_stepped")
        self.add("Mul", [f"{out}_stepped", f"{out}_scale"], f"{out}_above")
        self.add("MatMul", [f"{x}_least", f"{out}_sums"], f"{out}_least")
        return self.add("Add", [f"{out}_above", f"{out}_least"], out)

    def _float(self, name: str) -> str:
        return self.constant(name, self._array(name))

    def _array(self, name: str) -> np.ndarray:
        return numpy_helper.to_array(self._weights[name])

    def _unfolded(self, name: str) -> np.ndarray:
        return self._array(f"{name}_q").astype(np.float32) * self._array(f"{name}_scale")
