"""Batches of rows of nearly equal length that still differ from step to step."""

import random
from collections.abc import Sequence
from typing import NamedTuple


class Size(NamedTuple):
    """A batch holds at most `rows` rows and `tokens` tokens, padding included."""

    rows: int
    tokens: int


def to_batches(lengths: Sequence[int], size: Size, rng: random.Random) -> list[list[int]]:
    """Every row once. Rows are sorted by length inside shuffled pools of about 50 batches only, so
    that no stretch of the training sees one length, or one set, alone."""
    order = rng.sample(range(len(lengths)), len(lengths))
    batches: list[list[int]] = []
    for start in range(0, len(order), size.rows * 50):
        pool = sorted(order[start : start + size.rows * 50], key=lambda i: lengths[i])
        filled = fill(pool, lengths, size)
        rng.shuffle(filled)
        batches.extend(filled)
    return batches


def fill(order: Sequence[int], lengths: Sequence[int], size: Size) -> list[list[int]]:
    """Cuts `order`, sorted by length, into batches."""
    batches: list[list[int]] = []
    for i in order:
        last = batches[-1] if batches else []
        if not last or len(last) >= size.rows or (len(last) + 1) * lengths[i] > size.tokens:
            batches.append([i])
        else:
            last.append(i)
    return batches
