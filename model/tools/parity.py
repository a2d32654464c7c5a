"""Writes what Python's tokenizer and onnxruntime make of 300 texts, for the service to equal.

Tokens are the same everywhere. Scores depend on the kind of CPU, and the service finds its kind by
itself: `npm run model:parity` adds to the file what it computes there.
"""

import json
from pathlib import Path

from batches import logits_of, open_session, to_ids
from metrics import softmax
from package import max_tokens
from parity_texts import parity_texts
from source import read_config, read_tokenizer

DECIMALS = 8


def write_parity(folder: Path, out: Path) -> int:
    """One JSON line a text: the text, its token ids, and under `python` its scores in class order.

    Returns the count.
    """
    config = read_config(folder)
    tokenizer, _ = read_tokenizer(folder)
    session = open_session(folder / "onnx/model_quantized.onnx", threads=1)
    texts = parity_texts()
    ids = to_ids(tokenizer, texts, max_tokens(config))
    alone = ([i] for i in range(len(ids)))
    scores = softmax(logits_of(session, ids, alone, config.get("pad_token_id") or 0))
    rows = zip(texts, ids, scores.tolist(), strict=True)
    lines = [
        json.dumps(
            {"text": text, "ids": i, "scores": {"python": [round(score, DECIMALS) for score in s]}},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for text, i, s in rows
    ]
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines)
