"""The graph of a BERT classifier, in float32 or int8: one description for both."""

from collections.abc import Collection

import numpy as np
import onnx
from arithmetic import Float32, Int8
from attention import Attention, Biases, Sides
from graph import ORT, Graph
from weights import Classifier, Layer, Linear, Norm

Arithmetic = Float32 | Int8
#: The least value of x * Phi(x), at x = -0.7518, rounded down.
GELU_LEAST = -0.17


class Builder:
    """Adds the parts of one classifier to one graph. Values are (batch * sequence, hidden)."""

    def __init__(self, model: Classifier, graph: Graph, arithmetic: Arithmetic) -> None:
        self.model, self.g, self.by = model, graph, arithmetic
        self.hidden = model.words.shape[1]
        self.attention = Attention(graph, self.hidden, model.heads)

    def norm(self, x: str, name: str, norm: Norm) -> str:
        scale = self.g.constant(f"{name}.weight", norm.weight)
        bias = self.g.constant(f"{name}.bias", norm.bias)
        return self.g.op("LayerNormalization", x, scale, bias, epsilon=self.model.epsilon)

    def residual_norm(self, y: str, bias: np.ndarray, skip: str, name: str, norm: Norm) -> str:
        """Layer normalisation of `skip + y + bias`.

        Not SkipLayerNormalization, whose CPU kernel is four times slower; and Sum rather than Add,
        because onnxruntime would fuse Add into that very kernel.
        """
        total = self.g.op("Sum", y, self.g.constant(f"{name}.bias", bias), skip)
        return self.norm(total, f"{name}.norm", norm)

    def place_ids(self) -> str:
        """Rows of the position table: (1, sequence) for BERT, (batch, sequence) for RoBERTa."""
        g, offset = self.g, self.model.position_offset
        if offset is None:
            length = g.op("Squeeze", g.op("Shape", "input_ids", start=1, end=2))
            zero, one = g.constant("zero", np.array(0)), g.constant("one", np.array(1))
            return g.op("Unsqueeze", g.op("Range", zero, length, one), g.integers(0))
        # Padding stays at padding_idx, real tokens count on from there.
        count = g.op("CumSum", "attention_mask", g.constant("one", np.array(1)))
        count = g.op("Mul", count, "attention_mask")
        return g.op("Add", count, g.constant("padding_idx", np.array(offset - 1)))

    def embeddings(self) -> str:
        g, model = self.g, self.model
        words = self.by.look_up("input_ids", "words", model.words)
        places = g.op("Gather", g.constant("positions", model.positions), self.place_ids())
        x = self.norm(g.op("Add", words, places), "embeddings.norm", model.embedding_norm)
        return g.op("Reshape", x, g.integers(-1, self.hidden))

    def first_tokens(self, x: str) -> str:
        """(batch * sequence, hidden) -> (batch, hidden): the rows of [CLS]."""
        return self.g.op("Gather", self.in_batch(x), self.g.constant("zero", np.array(0)), axis=1)

    def in_batch(self, x: str) -> str:
        """(batch * sequence, hidden) -> (batch, sequence, hidden)."""
        g = self.g
        batch = g.op("Shape", "input_ids", start=0, end=1)
        return g.op("Reshape", x, g.op("Concat", batch, g.integers(-1, self.hidden), axis=0))

    def layer(self, x: str, layer: Layer, name: str, *, first_only: bool, wide: bool) -> str:
        """One block. With `first_only` the result is that of the first token of each text; `wide`
        is explained in attention.py."""
        by, g = self.by, self.g
        rows = asking = by.prepare(x, "token")
        per = "text" if first_only else "token"
        if first_only:
            x = self.first_tokens(x)
            asking = by.prepare(x, per)
        queries = by.multiply(asking, f"{name}.query", layer.query.matrix)
        real = by.masked(rows, self.attention.real_rows())
        keys = by.multiply(real, f"{name}.key", layer.key.matrix)
        values = by.multiply(real, f"{name}.value", layer.value.matrix)
        sides = Sides(queries, keys, values)
        biases = Biases(layer.query.bias, layer.value.bias)
        context = self.attention.attend(sides, biases, name, first_only=first_only, wide=wide)
        y = by.multiply(by.prepare(context, per), f"{name}.attended", layer.attended.matrix)
        x = self.residual_norm(y, layer.attended.bias, x, f"{name}.attended", layer.attended_norm)
        y = by.multiply(by.prepare(x, per), f"{name}.up", layer.up.matrix)
        y = g.op("BiasGelu", y, g.constant(f"{name}.up.bias", layer.up.bias), domain=ORT)
        y = by.multiply(by.prepare(y, per, least=GELU_LEAST), f"{name}.down", layer.down.matrix)
        return self.residual_norm(y, layer.down.bias, x, f"{name}.down", layer.norm)

    def linear(self, by: Arithmetic, x: str, name: str, linear: Linear) -> str:
        y = by.multiply(by.prepare(x, "text"), name, linear.matrix)
        return self.g.op("Add", y, self.g.constant(f"{name}.bias", linear.bias))

    def logits(self, wide: Collection[int]) -> str:
        g, model = self.g, self.model
        x = self.embeddings()
        last = len(model.layers) - 1
        for i, layer in enumerate(model.layers):
            x = self.layer(x, layer, f"layer.{i}", first_only=i == last, wide=i in wide)
        x = g.op(model.pooler_activation, self.linear(self.by, x, "pooler", model.pooler))
        # The last step is tiny and decides the score: no rounding there.
        return self.linear(Float32(g), x, "head", model.head)


def build(
    model: Classifier,
    arithmetic: type[Arithmetic],
    metadata: dict[str, str],
    wide: Collection[int] | None = None,
) -> onnx.ModelProto:
    """The whole file: (input_ids, attention_mask) -> logits. `wide` numbers the layers with large
    attention scores, see attention.py; without it all are taken to be so."""
    graph = Graph()
    by = arithmetic(graph)
    logits = Builder(model, graph, by).logits(range(len(model.layers)) if wide is None else wide)
    metadata = {**metadata, "arithmetic": by.scheme}
    return graph.model(logits, model.head.bias.shape[0], metadata)
