"""Softmax attention from operators whose sums have one order on every CPU.

MultiHeadAttention and Softmax add a row's exponents in as many lanes as the CPU has (8 with AVX2,
16 with AVX-512), so their results differ in the last bit, the next rounding to 8 bits flips now
and then, and a score moves by up to 0.02. Here that sum is a matrix product, whose order is fixed.

    e = exp(q k / sqrt(d))     context = (e v) / (e m) + v's bias

m is 1 for a real token and 0 for padding, whose keys and values are 0 already. onnxruntime has
kernels of their own for products of a single row or column; these add in another order when there
is padding. So m is two equal columns, and a single query becomes two equal rows. The bias of the
keys adds the same to all scores of a row, which softmax ignores, so it is left out; that of the
values is added to the result, because a row's shares add up to 1.
"""

from typing import NamedTuple

import numpy as np
from graph import ORT, Graph
from onnx import TensorProto

#: A layer with larger scores subtracts each row's largest, as softmax usually does. Others need not:
#: float32 holds exp(88), so that a text may exceed what was seen at export by a factor of e^58.
LARGEST_WITHOUT_MAXIMUM = 30
#: Keeps a row from dividing by zero, were all its scores far below zero.
LEAST_SUM = 1e-30


class Sides(NamedTuple):
    """What attends and what is attended to, (rows, hidden), before their biases."""

    queries: str
    keys: str
    values: str


class Biases(NamedTuple):
    """(hidden,) each."""

    query: np.ndarray
    value: np.ndarray


class Attention:
    """Multi-head attention within the texts of `input_ids`, padding left out."""

    def __init__(self, graph: Graph, hidden: int, heads: int) -> None:
        self.g, self.hidden, self.heads = graph, hidden, heads
        self.size = hidden // heads
        self.real = graph.op("Cast", "attention_mask", to=TensorProto.FLOAT)
        column = graph.op("Unsqueeze", self.real, graph.integers(1, 3))
        self.columns = graph.op("Concat", column, column, axis=3)

    def real_rows(self) -> str:
        """1 for each row of a real token and 0 for padding, float32 (rows, 1)."""
        return self.g.op("Reshape", self.real, self.g.integers(-1, 1))

    def attend(
        self, sides: Sides, biases: Biases, name: str, *, first_only: bool, wide: bool
    ) -> str:
        """The context, (rows of the queries, hidden). Keys and values of padding must be 0.

        `first_only` says that each text has one query; `wide` is for layers with scores above
        LARGEST_WITHOUT_MAXIMUM and costs a pass more.
        """
        g = self.g
        queries = g.op("Add", sides.queries, g.constant(f"{name}.query.bias", biases.query))
        q, k, v = (self.by_head(x) for x in (queries, sides.keys, sides.values))
        if first_only:
            q = g.op("Concat", q, q, axis=2)
        alpha = float(1 / np.sqrt(self.size))
        scores = g.op("FusedMatMul", q, k, domain=ORT, transB=1, alpha=alpha)
        weights = g.op("Exp", self.below_maximum(scores) if wide else scores)
        totals = g.op("MatMul", weights, self.columns)
        total = g.op("Slice", totals, g.integers(0), g.integers(1), g.integers(3))
        if wide:
            total = g.op("Max", total, g.constant("least_sum", np.float32(LEAST_SUM)))
        context = g.op("Div", g.op("MatMul", weights, v), total)
        if first_only:
            context = g.op("Slice", context, g.integers(0), g.integers(1), g.integers(2))
        context = g.op("Transpose", context, perm=[0, 2, 1, 3])
        context = g.op("Reshape", context, g.integers(-1, self.hidden))
        return g.op("Add", context, g.constant(f"{name}.value.bias", biases.value))

    def by_head(self, x: str) -> str:
        """(rows, hidden) -> (batch, heads, sequence, size)."""
        g = self.g
        batch = g.op("Shape", "input_ids", start=0, end=1)
        shape = g.op("Concat", batch, g.integers(-1, self.heads, self.size), axis=0)
        return g.op("Transpose", g.op("Reshape", x, shape), perm=[0, 2, 1, 3])

    def below_maximum(self, scores: str) -> str:
        """Scores less their row's largest, or less 0 where that is larger: padding's scores are 0,
        and must not change anything when they are there."""
        g = self.g
        largest = g.op("Relu", g.op("ReduceMax", scores, axes=[3], keepdims=1))
        return g.op("Sub", scores, largest)
