"""The same graph as a model of Triton's Python backend: texts in, softmax scores out."""

import os
from pathlib import Path

import numpy as np
import onnxruntime
import triton_python_backend_utils as triton
from tokenizers import Tokenizer

MAX_TOKENS = 512
#: Of one run, padding included.
BATCH_TOKENS = 256


class TritonPythonModel:
    def initialize(self, _args):
        folder = Path(os.environ["MODEL"])
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.enable_truncation(MAX_TOKENS)
        self.tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        graph = folder / "onnx/model_quantized.onnx"
        self.session = onnxruntime.InferenceSession(graph, options)
        self.names = [input.name for input in self.session.get_inputs()]

    def execute(self, requests):
        lists = [triton.get_input_tensor_by_name(request, "text").as_numpy() for request in requests]
        texts = [text.decode() for list in lists for text in list.reshape(-1)]
        scores = self.classify(texts)
        ends = np.cumsum([list.size for list in lists])[:-1]
        return [
            triton.InferenceResponse([triton.Tensor("scores", part)])
            for part in np.split(scores, ends)
        ]

    def classify(self, texts):
        """Scores of each text, (texts, 2), in runs of texts of similar length."""
        rows = [encoding.ids for encoding in self.tokenizer.encode_batch(texts)]
        logits = np.empty((len(rows), 2), np.float32)
        for part in runs(rows):
            logits[part] = self.run([rows[i] for i in part])
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    def run(self, rows):
        ids = np.zeros((len(rows), max(map(len, rows))), np.int64)
        mask = np.zeros_like(ids)
        for i, row in enumerate(rows):
            ids[i, : len(row)] = row
            mask[i, : len(row)] = 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        return self.session.run(None, {name: feed[name] for name in self.names})[0]


def runs(rows):
    """Numbers of rows by length, as many at once as BATCH_TOKENS hold."""
    part = []
    for i in sorted(range(len(rows)), key=lambda i: len(rows[i])):
        if part and (len(part) + 1) * len(rows[i]) > BATCH_TOKENS:
            yield part
            part = []
        part.append(i)
    if part:
        yield part
