"""Two ways to multiply by weights: float32, and 8-bit integers that are exact for each token.

Both offer `prepare(rows, per)`, `masked(prepared, real)`, `multiply(prepared, name, matrix)`
without the bias, and `look_up(ids, name, table)`; the graph around them is the same.

The int8 way in numbers, for a row x of n activations and a column w of n weights:

    x step = max|x| / 127      x = round(x / step) + zero    uint8, ONNX QuantizeLinear
    w step: quantize_columns   w = round(w / step)           int8, in the file
    y = (sum of (x - zero) * w, exact in int32) * x step * w step

onnxruntime's MatMulIntegerToFloat does the last line in one kernel; that it takes one step for each
row is not in its documentation but in its code and results. Activations are uint8 because only
uint8 x int8 has fast kernels on x86.
"""

from typing import NamedTuple

import numpy as np
from graph import ORT, Graph
from onnx import TensorProto, numpy_helper

#: Where 0 lies among the 256 steps of an activation.
ZERO = 128
#: The same for what hardly falls below 0, as GELU does: its steps are half as wide for it, and the
#: int8 noise of a trained MiniLM's logits fell by 14 % (16 did as well; it coarsens small rows).
ONE_SIDED_ZERO = 32
#: No step in the file is smaller: a row or column of zeros would divide by zero.
LEAST_STEP = 1e-12


class Float32:
    """Plain float32."""

    scheme = "float32"

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def prepare(self, rows: str, per: str, least: float | None = None) -> str:
        return rows

    def masked(self, rows: str, real: str) -> str:
        return self.graph.op("Mul", rows, real)

    def multiply(self, rows: str, name: str, matrix: np.ndarray) -> str:
        return self.graph.op("MatMul", rows, self.graph.constant(name, matrix))

    def look_up(self, ids: str, name: str, table: np.ndarray) -> str:
        return self.graph.op("Gather", self.graph.constant(name, table), ids)


def quantize_rows(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(n, m) -> int8 (n, m) in [-127, 127], and the step of each row, float32 (n, 1)."""
    steps = np.abs(table).max(axis=1, keepdims=True) / np.float32(127)
    steps = np.maximum(steps, np.float32(LEAST_STEP))
    return np.rint(table / steps).astype(np.int8), steps


def quantize_columns(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(inputs, outputs) -> int8 of the same shape, and the step of each column, float32 (outputs,).

    Without VNNI, x86 multiplies with VPMADDUBSW: two neighbouring products, uint8 x int8, are added
    in 16 bits that saturate at 32767, and plain 8-bit weights came out wrong on AVX2. So a column's
    step is such that no two neighbours of one sign add up to more than 128: 255 * 128 fits, and
    every CPU gets the same sum. Steps grow by about 1.3 in real models; 7-bit weights, the
    usual cure, would double them.
    """
    pairs = np.pad(matrix, ((0, matrix.shape[0] % 2), (0, 0))).reshape(-1, 2, matrix.shape[1])
    positive = np.maximum(pairs, 0).sum(axis=1).max(axis=0)
    negative = np.maximum(-pairs, 0).sum(axis=1).max(axis=0)
    # 127, not 128: rounding may raise each of the two by a half.
    steps = np.maximum(positive, negative) / np.float32(127)
    steps = np.maximum(steps, np.float32(LEAST_STEP))
    return np.rint(matrix / steps).astype(np.int8), steps


class Quantized(NamedTuple):
    """Rows as uint8 around a zero point, and the step of each row, (rows, 1)."""

    values: str
    steps: str
    zero: int


class Int8:
    """8-bit integers; each token has its own step, so that no token depends on another.

    Products and sums are exact, so a token's result is the same bits in any batch.
    """

    scheme = "uint8 activations per token, int8 weights per column, free of 16-bit saturation"

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.zero_points: dict[str, str] = {}

    def prepare(self, rows: str, per: str, least: float | None = None) -> Quantized:
        """(rows, n) -> uint8 (rows, n), each row by its largest magnitude.

        `per` says what a row is, for all activations of as many rows share their zero points;
        `least` is a bound below every value where one is known, which saves a pass. A row of zeros
        needs no guard: its step is 0, and whatever it was rounded to, the product is 0.
        """
        g = self.graph
        if least is None:
            zero = ZERO
            largest = g.op("ReduceMax", g.op("Abs", rows), axes=[1], keepdims=0)
            steps = g.op("Mul", largest, self.number(1 / 127))
        else:
            zero = ONE_SIDED_ZERO
            highest = g.op("ReduceMax", rows, axes=[1], keepdims=0)
            steps = g.op("Mul", highest, self.number(1 / (255 - zero)))
            steps = g.op("Max", steps, self.number(-least / zero))
        values = g.op("QuantizeLinear", rows, steps, self.zeros(steps, per, zero), axis=0)
        return Quantized(values, g.op("Unsqueeze", steps, g.integers(1)), zero)

    def masked(self, rows: Quantized, real: str) -> Quantized:
        """The same rows where `real`, (rows, 1), is 1, and products of 0 where it is 0."""
        return rows._replace(steps=self.graph.op("Mul", rows.steps, real))

    def multiply(self, rows: Quantized, name: str, matrix: np.ndarray) -> str:
        g = self.graph
        values, steps = quantize_columns(matrix)
        # Without its bias: the kernel would multiply that by the step of the row as well.
        return g.op(
            "MatMulIntegerToFloat",
            rows.values,
            g.constant(name, values),
            rows.steps,
            g.constant(f"{name}.steps", steps),
            g.constant(f"uint8_{rows.zero}", np.array(rows.zero, np.uint8)),
            domain=ORT,
        )

    def look_up(self, ids: str, name: str, table: np.ndarray) -> str:
        g = self.graph
        values, steps = quantize_rows(table)
        row = g.op("Gather", g.constant(name, values), ids)
        step = g.op("Gather", g.constant(f"{name}.steps", steps), ids)
        return g.op("Mul", g.op("Cast", row, to=TensorProto.FLOAT), step)

    def number(self, value: float) -> str:
        return self.graph.constant(f"float_{value:.6g}", np.array(value, np.float32))

    def zeros(self, like: str, per: str, zero: int) -> str:
        """The zero point for each row, uint8 (rows,), made once for each kind of row."""
        key = f"{per}_{zero}"
        if key not in self.zero_points:
            value = numpy_helper.from_array(np.array([zero], np.uint8))
            shape = self.graph.op("Shape", like)
            self.zero_points[key] = self.graph.op("ConstantOfShape", shape, value=value)
        return self.zero_points[key]
