"""What a temperature may be chosen on: labelled rows that no training saw. SST-2 dev is not among
them: it is reported, and chooses nothing."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from data import HELD_OUT, Row, read_split
from metrics import accuracy, expected_calibration_error, fit_temperature

from .trees import split_trees

#: Gives the logits, float (texts, 2), of texts.
Asked = Callable[[list[str]], np.ndarray]


def choice_sets(data: Path, limit: int | None) -> dict[str, list[Row]]:
    """Held-out rows by set, and the held-out sentences of the trees that are not neutral; at most
    `limit` of each."""
    sets = {name: read_split(data, name, held_out=True) for name in HELD_OUT}
    _, kept = split_trees(data)
    sets["trees"] = [Row(p.text, int(p.target)) for p in kept if p.level != 2]
    return {name: rows[:limit] for name, rows in sets.items()}


def neutral_sentences(data: Path) -> list[str]:
    """Held-out sentences of the trees that people call neutral."""
    _, kept = split_trees(data)
    return [p.text for p in kept if p.level == 2]


def measured(ask: Asked, sets: dict[str, list[Row]], temperature: float | None = None) -> dict:
    """Rows, accuracy and calibration of each set; a temperature is fitted if none is given."""
    logits = {name: ask([row.text for row in rows]) for name, rows in sets.items()}
    labels = {name: np.array([row.label for row in rows]) for name, rows in sets.items()}
    fitted = temperature or fit_temperature([(logits[name], labels[name]) for name in sets])
    found = {}
    for name in sets:
        right = accuracy(logits[name], labels[name])
        found[name] = {
            "rows": len(labels[name]),
            "accuracy": right,
            "standard_error": round(float(np.sqrt(right * (1 - right) / len(labels[name]))), 4),
            "ece": expected_calibration_error(logits[name] / fitted, labels[name]),
        }
    return {"temperature": fitted, "sets": found}
