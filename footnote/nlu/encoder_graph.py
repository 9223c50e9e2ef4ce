"""Let the encoder multiply integers, as its weights are kept, instead of floats.

The package's graph unfolds each int8 weight matrix to floats first: four times the memory to
hold and to read for every text. ONNX Runtime's MatMulNBits takes the integers as they are and
rounds what comes in, a few dozen values at a time, to integers too: for texts of our kind the
vectors keep a cosine of 0.9995 to the unrounded ones (docs/performance.md).
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import helper, numpy_helper

BLOCK = 64
"""Values rounded with one scale: with 128 a text's vector would depend on its batch a little."""
_ZERO = 128
"""What MatMulNBits takes for zero in unsigned bytes."""
_INTEGER_PRODUCTS = 4
"""MatMulNBits' `accuracy_level` for products of int8."""
_RUNTIME = "com.microsoft"


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
    nodes = []
    for node in graph.node:
        if set(node.output) <= unfolding:
            continue
        if node.op_type == "MatMul" and node.input[1] in packed:
            nodes.append(_product(node, constants, graph))
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
    loaded.opset_import.append(helper.make_opsetid(_RUNTIME, 1))
    return bytes(loaded.SerializeToString())


def _product(
    node: onnx.NodeProto, constants: dict[str, onnx.TensorProto], graph: onnx.GraphProto
) -> onnx.NodeProto:
    """Return the node that multiplies with a weight's integers; they become constants."""
    name = node.input[1]
    weight = numpy_helper.to_array(constants[f"{name}_q"]).astype(np.int16)
    scale = numpy_helper.to_array(constants[f"{name}_scale"]).reshape(-1, 1)
    rows, columns = weight.shape
    blocks = rows // BLOCK
    integers = (weight.T + _ZERO).astype(np.uint8).reshape(columns, blocks, BLOCK)
    scales = np.repeat(scale, blocks, axis=1).astype(np.float32).reshape(-1)
    graph.initializer.append(numpy_helper.from_array(integers, f"{name}_blocks"))
    graph.initializer.append(numpy_helper.from_array(scales, f"{name}_scales"))
    return helper.make_node(
        "MatMulNBits",
        [node.input[0], f"{name}_blocks", f"{name}_scales"],
        list(node.output),
        domain=_RUNTIME,
        K=rows,
        N=columns,
        bits=8,
        block_size=BLOCK,
        accuracy_level=_INTEGER_PRODUCTS,
    )


def _lookup(node: onnx.NodeProto) -> list[onnx.NodeProto]:
    """Return the nodes that take rows of a table as integers, then unfold those alone."""
    table, rows = node.input
    out = node.output[0]
    return [
        helper.make_node("Gather", [f"{table}_q", rows], [f"{out}_rows"]),
        helper.make_node("Cast", [f"{out}_rows"], [f"{out}_floats"], to=onnx.TensorProto.FLOAT),
        helper.make_node("Gather", [f"{table}_scale", rows], [f"{out}_row_scales"]),
        helper.make_node("Mul", [f"{out}_floats", f"{out}_row_scales"], [out]),
    ]
