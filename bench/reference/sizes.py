#!/usr/bin/env python3
"""Prints in JSON how many megabytes each stack needs on disk beside Python: its packages, and all that they need."""

import json
from importlib.metadata import PackageNotFoundError, distribution

from packaging.requirements import Requirement

FASTAPI = ["fastapi", "fastapi-cache2", "redis", "uvicorn", "uvloop", "httptools"]
STACKS = {
    "fastapi-torch": [*FASTAPI, "transformers", "torch"],
    "fastapi-onnxruntime": [*FASTAPI, "onnxruntime", "tokenizers"],
    "litserve-onnxruntime": ["litserve", "onnxruntime", "tokenizers"],
}
# What PyPI's torch brings for GPUs alone.
GPU = ("nvidia", "cuda", "triton")


def closure(names: list[str]) -> set[str]:
    """The names and what they require on this machine, without extras."""
    known: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop().lower().replace("_", "-")
        if name in known:
            continue
        try:
            requires = distribution(name).requires or []
        except PackageNotFoundError:
            continue
        known.add(name)
        parsed = [Requirement(line) for line in requires]
        waiting += [r.name for r in parsed if not r.marker or r.marker.evaluate({"extra": ""})]
    return known


def megabytes(name: str) -> float:
    """Of the files that pip installed for it."""
    paths = (file.locate() for file in distribution(name).files or [])
    return sum(path.stat().st_size for path in paths if path.is_file()) / 1e6


def main() -> None:
    sizes = {}
    for stack, names in STACKS.items():
        each = {name: megabytes(name) for name in closure(names)}
        gpu = sum(size for name, size in each.items() if name.startswith(GPU))
        sizes[stack] = {"all": sum(each.values()), "without_gpu": sum(each.values()) - gpu}
    print(json.dumps(sizes))


if __name__ == "__main__":
    main()
