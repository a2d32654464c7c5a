"""The same model in two versions: transformers on torch, and int8 in onnxruntime."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

Scores = list[dict[str, str | float]]
Classify = Callable[[Sequence[str]], list[Scores]]

# README.md has the figures for others.
BATCH_SIZE = 16
MAX_TOKENS = 512


def open_torch(folder: Path, threads: int) -> Classify:
    """The pipeline of the model card, on float32 weights."""
    import torch
    from transformers import pipeline

    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)
    classify = pipeline("text-classification", str(folder), top_k=None, device="cpu")
    options = {"batch_size": BATCH_SIZE, "truncation": True, "max_length": MAX_TOKENS}

    def run(texts: Sequence[str]) -> list[Scores]:
        with torch.inference_mode():
            return classify(list(texts), **options)

    return run


def open_onnxruntime(folder: Path, threads: int) -> Classify:
    """The int8 graph, texts sorted by length to minimize padding."""
    import onnxruntime
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(folder / "onnx/model_quantized.onnx", options)
    names = [input.name for input in session.get_inputs()]

    def logits_of(rows: Sequence[list[int]]) -> np.ndarray:
        ids = np.zeros((len(rows), max(map(len, rows))), np.int64)
        mask = np.zeros_like(ids)
        for i, row in enumerate(rows):
            ids[i, : len(row)] = row
            mask[i, : len(row)] = 1
        feed = {"input_ids": ids, "attention_mask": mask}
        return session.run(None, {name: feed[name] for name in names})[0]

    def run(texts: Sequence[str]) -> list[Scores]:
        rows = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        logits = np.empty((len(rows), 2), np.float32)
        for start in range(0, len(order), BATCH_SIZE):
            part = order[start : start + BATCH_SIZE]
            logits[part] = logits_of([rows[i] for i in part])
        return [to_scores(row) for row in softmax(logits)]

    return run


def softmax(logits: np.ndarray) -> np.ndarray:
    """Softmax along the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def to_scores(row: np.ndarray) -> Scores:
    """Sorted as by the pipeline: highest score first."""
    named = zip(("NEGATIVE", "POSITIVE"), row.tolist(), strict=True)
    scores: Scores = [{"label": label, "score": score} for label, score in named]
    return sorted(scores, key=lambda score: score["score"], reverse=True)


BACKENDS = {"torch": open_torch, "onnxruntime": open_onnxruntime}
