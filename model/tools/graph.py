"""A small ONNX graph builder: one call, one node; values are known by their names."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

#: The newest operator set and file version that onnxruntime 1.17 and later all run.
OPSET, IR_VERSION = 17, 8
ORT = "com.microsoft"


class Graph:
    """Nodes in the order of their making, so every input exists before its use."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def op(self, kind: str, *inputs: str, domain: str = "", outputs: int = 1, **attributes):
        """Adds a node; returns the name of its output, or a list of names if it has several."""
        stem = f"{kind}_{len(self.nodes)}"
        names = [stem] if outputs == 1 else [f"{stem}_{i}" for i in range(outputs)]
        node = helper.make_node(kind, list(inputs), names, name=stem, domain=domain, **attributes)
        self.nodes.append(node)
        return names[0] if outputs == 1 else names

    def constant(self, name: str, values: np.ndarray) -> str:
        """Stores an array once under a name; the same name again must mean the same values."""
        tensor = numpy_helper.from_array(np.asarray(values, order="C"), name)
        known = self.constants.setdefault(name, tensor)
        if known.SerializeToString() != tensor.SerializeToString():
            raise ValueError(f"two different constants are called {name}")
        return name

    def integers(self, *values: int) -> str:
        """A constant vector of int64: a shape, axes or indices."""
        return self.constant("int64_" + "_".join(map(str, values)), np.array(values, np.int64))

    def model(self, output: str, labels: int, metadata: dict[str, str]) -> onnx.ModelProto:
        """The file: `input_ids`, `attention_mask` int64 [batch, sequence] -> `logits` float32."""
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "sequence"])
            for name in ("input_ids", "attention_mask")
        ]
        self.nodes.append(helper.make_node("Identity", [output], ["logits"], name="logits"))
        logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", labels])
        graph = helper.make_graph(
            self.nodes, "classifier", inputs, [logits], list(self.constants.values())
        )
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(ORT, 1)]
        model = helper.make_model(
            graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="polarity"
        )
        helper.set_model_props(model, metadata)
        return model
