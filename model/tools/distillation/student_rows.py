"""The labelled parts of the transfer set as token ids and targets, compact in memory."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from metrics import softmax
from tokenizers import Tokenizer

from .files import read_lines
from .teacher_logits import logits_file
from .transfer import TransferRow

#: Nothing is beyond all doubt: a prescribed target of 0 or 1 is this far from it.
DOUBT = 0.02
#: Softens the teacher's answers while the student learns them (Hinton et al. 2015).
SOFTNESS = 2.0
LONGEST = 512


class StudentRows(NamedTuple):
    tokens: np.ndarray
    """int32, all rows one after the other"""
    starts: np.ndarray
    """int64 (rows + 1,), where each row begins"""
    soft: np.ndarray
    """float32, the teacher's positive share at SOFTNESS; NaN: the teacher was not asked"""
    hard: np.ndarray
    """float32, label or prescribed target; NaN: neither"""

    def ids(self, row: int) -> np.ndarray:
        return self.tokens[self.starts[row] : self.starts[row + 1]]

    @property
    def lengths(self) -> list[int]:
        return np.diff(self.starts).tolist()


def read_part(parts: Path, part: int, tokenizer: Tokenizer, temperature: float) -> StudentRows:
    """`temperature` divides the teacher's logits first, as held-out rows want it."""
    rows = [TransferRow(*row) for row in read_lines(parts / f"part-{part:02}.rows.jsonl")]
    logits = np.load(logits_file(parts, part)) / (temperature * SOFTNESS)
    answers = softmax(logits)[:, 1]
    tokenizer.enable_truncation(LONGEST)
    ids = [encoding.ids for encoding in tokenizer.encode_batch([row.text for row in rows])]
    soft = [np.nan if row.ask is None else answers[row.ask] for row in rows]
    hard = [np.nan if row.target is None else float(row.target) for row in rows]
    starts = np.concatenate([[0], np.cumsum([len(row) for row in ids])])
    tokens = np.concatenate([np.array(row, np.int32) for row in ids])
    clipped = np.clip(np.array(hard, np.float32), DOUBT, 1 - DOUBT)
    return StudentRows(tokens, starts, np.array(soft, np.float32), clipped)


def together(parts: list[StudentRows]) -> StudentRows:
    offsets = np.cumsum([0, *(len(part.tokens) for part in parts)])
    starts = [part.starts[:-1] + offset for part, offset in zip(parts, offsets, strict=False)]
    return StudentRows(
        np.concatenate([part.tokens for part in parts]),
        np.concatenate([*starts, offsets[-1:]]),
        np.concatenate([part.soft for part in parts]),
        np.concatenate([part.hard for part in parts]),
    )
