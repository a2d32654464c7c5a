#!/usr/bin/env python3
"""Gives an int8 file of an older export.py the attention of attention.py, without its source.

The weights stay as they are. The result is node for node what export.py writes, and is checked
before it is put in place: scores free of the batch, labels equal to the old file's.
"""

import argparse
import json
import sys
from collections.abc import Collection
from pathlib import Path

import onnx
from attention import Attention, Biases, Sides
from attention_range import wide_layers
from batches import Ids, by_length, logits_of, open_session, to_ids
from failure import Failure
from graph import Graph
from onnx import helper, numpy_helper
from package import max_tokens
from parity_texts import parity_texts
from self_check import check_batches, check_int8
from source import read_config, read_tokenizer

FUSED = "MultiHeadAttention"


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="folder that export.py wrote")
    parser.add_argument("--out", type=Path, required=True, help="the ONNX file to write")
    return parser.parse_args()


class Rewriter:
    """Copies one graph into another, all but its fused attention."""

    def __init__(self, old: onnx.ModelProto, wide: Collection[int] | None) -> None:
        self.old, self.wide = old.graph, wide
        self.stored = {tensor.name: tensor for tensor in self.old.initializer}
        self.made = {name: node for node in self.old.node for name in node.output}
        fused = [node for node in self.old.node if node.op_type == FUSED]
        if not fused:
            raise Failure(f"the file has no {FUSED}")
        heads = helper.get_node_attr_value(fused[0], "num_heads")
        self.hidden = self.stored[fused[0].input[3]].dims[0] // 3
        self.g = Graph()
        self.attention = Attention(self.g, self.hidden, heads)
        self.names = {"input_ids": "input_ids", "attention_mask": "attention_mask", "": ""}
        self.depth, self.layers = len(fused), 0

    def inputs_of(self, node: onnx.NodeProto) -> list[str]:
        """Of fused attention, the products that are reshaped for it, and nothing else."""
        if node.op_type != FUSED:
            return list(node.input)
        return [self.made[name].input[0] for name in node.input[:3]]

    def needed(self) -> list[onnx.NodeProto]:
        """The nodes that the result depends on, in order."""
        wanted, kept = {"logits"}, []
        for node in reversed(self.old.node):
            if wanted.intersection(node.output):
                kept.append(node)
                wanted.update(self.inputs_of(node))
        return kept[::-1]

    def name(self, old: str) -> str:
        if old in self.stored:
            return self.g.constant(old, numpy_helper.to_array(self.stored[old]))
        return self.names[old]

    def copy(self, node: onnx.NodeProto) -> str:
        attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        inputs = [self.name(name) for name in node.input]
        if node.op_type == "MatMulIntegerToFloat" and node.input[1].endswith((".key", ".value")):
            inputs[2] = self.masked(node.input[2])
        return self.g.op(node.op_type, *inputs, domain=node.domain, **attributes)

    def masked(self, steps: str) -> str:
        """The steps with 0 for padding, made once for keys and values."""
        if (steps, "masked") not in self.names:
            real = self.attention.real_rows()
            self.names[steps, "masked"] = self.g.op("Mul", self.name(steps), real)
        return self.names[steps, "masked"]

    def attend(self, node: onnx.NodeProto) -> str:
        bias = numpy_helper.to_array(self.stored[node.input[3]])
        biases = Biases(bias[: self.hidden], bias[2 * self.hidden :])
        sides = Sides(*(self.name(name) for name in self.inputs_of(node)))
        wide = self.wide is None or self.layers in self.wide
        name = f"layer.{self.layers}"
        self.layers += 1
        # export.py computes the last layer for the first token of each text only.
        last = self.layers == self.depth
        return self.attention.attend(sides, biases, name, first_only=last, wide=wide)

    def add(self, node: onnx.NodeProto) -> str:
        """The new name of what the node makes."""
        if node.op_type == FUSED:
            return self.attend(node)
        maker = self.made.get(node.input[0])
        if node.op_type == "Reshape" and maker is not None and maker.op_type == FUSED:
            return self.names[node.input[0]]
        return self.copy(node)

    def model(self, metadata: dict[str, str]) -> onnx.ModelProto:
        *nodes, last = self.needed()
        for node in nodes:
            self.names[node.output[0]] = self.add(node)
        labels = self.old.output[0].type.tensor_type.shape.dim[1].dim_value
        return self.g.model(self.names[last.input[0]], labels, metadata)


def rewrite(old: onnx.ModelProto, ids: list[Ids], longest: int) -> onnx.ModelProto:
    metadata = {entry.key: entry.value for entry in old.metadata_props}
    wide = wide_layers(Rewriter(old, None).model({}), ids, longest)
    new = Rewriter(old, wide).model(metadata)
    onnx.checker.check_model(new)
    return new


def check(old: onnx.ModelProto, new: onnx.ModelProto, ids: list[Ids], pad_id: int) -> dict:
    before = logits_of(open_session(old.SerializeToString()), ids, by_length(ids, 16), pad_id)
    alone, batch = check_batches(open_session(new.SerializeToString()), ids, pad_id)
    return {"max_batch_score_difference": batch, **check_int8(alone, before, trained=True)}


def main() -> int:
    args = parse_args()
    try:
        config = read_config(args.model)
        tokenizer, _ = read_tokenizer(args.model)
        ids = to_ids(tokenizer, parity_texts(), max_tokens(config))
        old = onnx.load(args.model / "onnx/model_quantized.onnx")
        new = rewrite(old, ids, max_tokens(config))
        report = check(old, new, ids, config.get("pad_token_id") or 0)
        onnx.save(new, args.out)
    except Failure as failure:
        print(f"rewrite_attention: {failure}", file=sys.stderr)
        return 1
    print(json.dumps(report, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
