"""Files that are either whole or not there: a run that is killed leaves no half of one."""

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import torch


def replace(path: Path, write: Callable[[Path], None]) -> None:
    """Lets `write` fill a file beside `path` and puts it in place in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.fresh")
    write(fresh)
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.replace(path)


def write_json(path: Path, value: object) -> None:
    text = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
    replace(path, lambda fresh: fresh.write_text(text, encoding="utf-8"))


def write_lines(path: Path, values: Iterable[object]) -> None:
    """One JSON value a line."""
    text = "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)
    replace(path, lambda fresh: fresh.write_text(text, encoding="utf-8"))


def read_lines(path: Path) -> list:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def write_array(path: Path, array: np.ndarray) -> None:
    def write(fresh: Path) -> None:
        with fresh.open("wb") as file:
            np.save(file, array)

    replace(path, write)


def write_tensors(path: Path, state: dict) -> None:
    """A checkpoint: nested dictionaries of tensors and numbers, for `torch.load`."""
    replace(path, lambda fresh: torch.save(state, fresh))
