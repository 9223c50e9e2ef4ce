"""Let the encoder multiply integers, as its weights are kept, instead of floats.

The package's graph unfolds each int8 weight matrix to floats first: four times the memory to
hold and to read for every text. Here a word's values are rounded to a byte each, between the
word's own least and greatest, and ONNX Runtime multiplies bytes by bytes: for texts of our kind
the vectors keep a cosine of 0.9992 to the unrounded ones (docs/decisions.md, 64).
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import NodeProto, helper, numpy_helper

_GREATEST = 255.0
"""Of a byte. Unsigned on both sides: on processors without instructions made for it, the
products of signed and unsigned bytes may overflow."""
_ZERO = 128
"""The byte that stands for a weight of zero; that of a word's least value is 0."""
_LEAST_STEP = 1e-9
"""A word whose values are all alike has steps of this size instead of none."""


def with_integer_products(model: bytes) -> bytes:
    """Return the graph with its weights' products done in integers.

    A weight is a matrix `name_q` of int8 that the graph casts and multiplies with
    `name_scale`; a lookup table is kept likewise, and unfolded row by row instead of whole.

    Args:
        model: a serialised ONNX model of this form.

    Returns:
        The serialised model with the same inputs and outputs.
    """
    loaded = onnx.load_model_from_string(model)
    graph = loaded.graph
    constants = {constant.name: constant for constant in graph.initializer}
    packed = {name.removesuffix("_q") for name in constants if name.endswith("_q")}
    unfolding = {f"{name}_f" for name in packed} | packed
    _add_constant(graph, "greatest", np.float32(_GREATEST))
    _add_constant(graph, "least_step", np.float32(_LEAST_STEP))
    _add_constant(graph, "zero", np.uint8(_ZERO))
    nodes: list[NodeProto] = []
    rounded: set[str] = set()
    for node in graph.node:
        if set(node.output) <= unfolding:
            continue
        if node.op_type == "MatMul" and node.input[1] in packed:
            values = node.input[0]
            if values not in rounded:
                rounded.add(values)
                nodes.extend(_rounding(values))
            nodes.extend(_product(node, constants, graph))
        elif node.op_type == "Gather" and node.input[0] in packed:
            nodes.extend(_lookup(node))
        else:
            nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)
    used = {name for node in nodes for name in node.input}
    kept = [constant for constant in graph.initializer if constant.name in used]
    del graph.initializer[:]
    graph.initializer.extend(kept)
    return bytes(loaded.SerializeToString())


def _rounding(x: str) -> list[NodeProto]:
    """Return the nodes that make bytes of a word's values, its step and its least value."""
    return [
        helper.make_node("ReduceMin", [x], [f"{x}_least"], axes=[-1], keepdims=1),
        helper.make_node("ReduceMax", [x], [f"{x}_most"], axes=[-1], keepdims=1),
        helper.make_node("Sub", [f"{x}_most", f"{x}_least"], [f"{x}_range"]),
        helper.make_node("Div", [f"{x}_range", "greatest"], [f"{x}_even"]),
        helper.make_node("Max", [f"{x}_even", "least_step"], [f"{x}_step"]),
        helper.make_node("Sub", [x, f"{x}_least"], [f"{x}_above"]),
        helper.make_node("Div", [f"{x}_above", f"{x}_step"], [f"{x}_steps"]),
        helper.make_node("Round", [f"{x}_steps"], [f"{x}_whole"]),
        helper.make_node("Cast", [f"{x}_whole"], [f"{x}_bytes"], to=onnx.TensorProto.UINT8),
    ]


def _product(
    node: NodeProto, constants: dict[str, onnx.TensorProto], graph: onnx.GraphProto
) -> list[NodeProto]:
    """Return the nodes that multiply rounded values with a weight's integers.

    With values = least + step * bytes, the product is scale * step * (bytes @ weight) and
    least * scale * (sums of the weight's columns).
    """
    x, name = node.input
    weight = numpy_helper.to_array(constants[f"{name}_q"]).astype(np.int32)
    scale = numpy_helper.to_array(constants[f"{name}_scale"]).astype(np.float32)
    _add_constant(graph, f"{name}_bytes", (weight + _ZERO).astype(np.uint8))
    _add_constant(graph, f"{name}_scales", scale.reshape(-1))
    sums = weight.sum(axis=0, keepdims=True).astype(np.float32) * scale
    _add_constant(graph, f"{name}_sums", sums)
    out = node.output[0]
    return [
        helper.make_node(
            "MatMulInteger", [f"{x}_bytes", f"{name}_bytes", "", "zero"], [f"{out}_integers"]
        ),
        helper.make_node("Cast", [f"{out}_integers"], [f"{out}_whole"], to=onnx.TensorProto.FLOAT),
        helper.make_node("Mul", [f"{out}_whole", f"{x}_step"], [f"{out}_stepped"]),
        helper.make_node("Mul", [f"{out}_stepped", f"{name}_scales"], [f"{out}_above"]),
        helper.make_node("MatMul", [f"{x}_least", f"{name}_sums"], [f"{out}_least"]),
        helper.make_node("Add", [f"{out}_above", f"{out}_least"], [out]),
    ]


def _lookup(node: NodeProto) -> list[NodeProto]:
    """Return the nodes that take rows of a table as integers, then unfold those alone."""
    table, rows = node.input
    out = node.output[0]
    return [
        helper.make_node("Gather", [f"{table}_q", rows], [f"{out}_rows"]),
        helper.make_node("Cast", [f"{out}_rows"], [f"{out}_floats"], to=onnx.TensorProto.FLOAT),
        helper.make_node("Gather", [f"{table}_scale", rows], [f"{out}_row_scales"]),
        helper.make_node("Mul", [f"{out}_floats", f"{out}_row_scales"], [out]),
    ]


def _add_constant(graph: onnx.GraphProto, name: str, value: np.ndarray | np.generic) -> None:
    graph.initializer.append(numpy_helper.from_array(np.asarray(value), name))
