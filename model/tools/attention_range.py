"""How large a model's attention scores become, to choose each layer's form of softmax."""

import numpy as np
import onnx
from attention import LARGEST_WITHOUT_MAXIMUM
from batches import Ids, by_length, open_session, to_feeds


def score_maxima(model: onnx.ModelProto) -> list[str]:
    """The largest score of each row, one value a layer, in a graph whose layers are all wide."""
    kept = (node for node in model.graph.node if node.op_type == "ReduceMax")
    axes = ((node, onnx.helper.get_node_attr_value(node, "axes")) for node in kept)
    return [node.output[0] for node, axis in axes if axis == [3]]


def full_rows(ids: list[Ids], longest: int) -> list[Ids]:
    """Texts as long as the model reads: scores of some heads grow with the place of a token."""
    joined = [token for row in ids for token in row]
    again = joined * (longest // len(joined) + 1)
    return [again[:longest], [joined[1]] * longest]


def wide_layers(model: onnx.ModelProto, ids: list[Ids], longest: int) -> list[int]:
    """Numbers of the layers with scores above LARGEST_WITHOUT_MAXIMUM; all layers of `model` must
    have been built as wide."""
    probe = onnx.ModelProto()
    probe.CopyFrom(model)
    names = score_maxima(model)
    probe.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in names)
    session = open_session(probe.SerializeToString())
    rows = [*ids, *full_rows(ids, longest)]
    largest = np.zeros(len(names), np.float32)
    for batch in by_length(rows, 4):
        # Padding takes no part, so any token may stand there.
        found = session.run(names, to_feeds([rows[i] for i in batch], 0))
        largest = np.maximum(largest, [value.max() for value in found])
    return np.flatnonzero(largest > LARGEST_WITHOUT_MAXIMUM).tolist()
