"""Texts as the model takes them: token ids, padded batches, and runs of an ONNX file."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

Ids = list[int]


def open_session(model: Path | bytes, threads: int = 0) -> ort.InferenceSession:
    """A CPU session; `threads` 0 lets onnxruntime take every core."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    source = model if isinstance(model, bytes) else str(model)
    return ort.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def to_ids(tokenizer: Tokenizer, texts: list[str], max_tokens: int) -> list[Ids]:
    """Token ids of each text with its special tokens, at most `max_tokens`."""
    tokenizer.enable_truncation(max_tokens)
    ids = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    tokenizer.no_truncation()
    return ids


def to_feeds(ids: list[Ids], pad_id: int) -> dict[str, np.ndarray]:
    """Right-padded `input_ids` and `attention_mask`, int64 (texts, longest)."""
    longest = max(map(len, ids))
    tokens = np.full((len(ids), longest), pad_id, np.int64)
    mask = np.zeros((len(ids), longest), np.int64)
    for i, row in enumerate(ids):
        tokens[i, : len(row)] = row
        mask[i, : len(row)] = 1
    return {"input_ids": tokens, "attention_mask": mask}


def by_length(ids: list[Ids], size: int) -> Iterator[list[int]]:
    """Indices of the texts in batches of neighbouring lengths, so that little is padding."""
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    return (order[start : start + size] for start in range(0, len(order), size))


def logits_of(
    session: ort.InferenceSession, ids: list[Ids], batches: Iterable[list[int]], pad_id: int
) -> np.ndarray:
    """Logits, float32 (texts, labels); the batches together name every text once."""
    found: dict[int, np.ndarray] = {}
    for batch in batches:
        rows = session.run(["logits"], to_feeds([ids[i] for i in batch], pad_id))[0]
        found.update(zip(batch, rows, strict=True))
    return np.stack([found[i] for i in range(len(ids))])
