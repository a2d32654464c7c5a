"""The teacher's answers to the questions of the transfer set, shard by shard."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from transformers import AutoTokenizer

from .cpu import autocast, has_fast_bfloat16
from .files import read_lines, write_array
from .pools import Size, fill
from .teacher import Teacher, load
from .workers import Worker, run

#: Questions of a shard: some minutes of work, lost at most when a run is killed.
SHARD = 1500
SIZE = Size(rows=32, tokens=2048)
LONGEST = 512


class Asking(NamedTuple):
    encoder: Path
    trained: Path
    parts: Path
    count: int
    """parts to label, the first ones"""


@torch.inference_mode()
def answers(model: Teacher, tokenizer, texts: list[str], longest: int = LONGEST) -> np.ndarray:
    """Logits, float32 (texts, 2), each at up to `longest` tokens."""
    ids = tokenizer(texts, truncation=True, max_length=longest)["input_ids"]
    out = np.zeros((len(texts), 2), np.float32)
    lengths = [len(row) for row in ids]
    fast = has_fast_bfloat16()
    for batch in fill(sorted(range(len(ids)), key=lengths.__getitem__), lengths, SIZE):
        inputs = tokenizer.pad({"input_ids": [ids[i] for i in batch]}, return_tensors="pt")
        with autocast(fast):
            out[batch] = model(**inputs).float().numpy()
    return out


def shards_of(asks: list[str]) -> list[list[int]]:
    """Questions of nearly equal length together."""
    order = sorted(range(len(asks)), key=lambda i: len(asks[i]))
    return [order[start : start + SHARD] for start in range(0, len(order), SHARD)]


def shard_file(parts: Path, part: int, shard: int) -> Path:
    return parts / f"part-{part:02}.shard-{shard:03}.npy"


def label(worker: Worker, asking: Asking) -> None:
    """The shards of one worker that are not there yet, part after part."""
    tokenizer = AutoTokenizer.from_pretrained(asking.encoder)
    model = load(asking.encoder, asking.trained)
    for part in range(asking.count):
        if logits_file(asking.parts, part).is_file():
            continue
        asks = read_lines(asking.parts / f"part-{part:02}.asks.jsonl")
        for number, shard in enumerate(shards_of(asks)):
            path = shard_file(asking.parts, part, number)
            if number % worker.count == worker.rank and not path.is_file():
                write_array(path, answers(model, tokenizer, [asks[i] for i in shard]))
                print(f"part {part} shard {number} labelled", flush=True)


def logits_file(parts: Path, part: int) -> Path:
    return parts / f"part-{part:02}.logits.npy"


def merge(parts: Path, part: int) -> None:
    """Puts the shards of a part together in the order of its questions."""
    asks = read_lines(parts / f"part-{part:02}.asks.jsonl")
    logits = np.zeros((len(asks), 2), np.float32)
    files = [(shard_file(parts, part, n), shard) for n, shard in enumerate(shards_of(asks))]
    for path, shard in files:
        logits[shard] = np.load(path)
    write_array(logits_file(parts, part), logits)
    for path, _ in files:
        path.unlink()


def label_parts(asking: Asking, workers: int) -> None:
    """Writes `part-NN.logits.npy`, float32 (questions, 2), for the first `count` parts."""
    left = [p for p in range(asking.count) if not logits_file(asking.parts, p).is_file()]
    if not left:
        return
    run(workers, label, asking)
    for part in left:
        merge(asking.parts, part)
