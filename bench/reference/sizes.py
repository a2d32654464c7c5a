#!/usr/bin/env python3
"""Prints the disk size of each stack in megabytes as JSON: its packages and their dependencies, without Python."""

import json
from importlib.metadata import PackageNotFoundError, distribution

from packaging.requirements import Requirement

FASTAPI = ["fastapi", "fastapi-cache2", "redis", "uvicorn", "uvloop", "httptools"]
STACKS = {
    "fastapi-torch": [*FASTAPI, "transformers", "torch"],
    "fastapi-onnxruntime": [*FASTAPI, "onnxruntime", "tokenizers"],
    "litserve-onnxruntime": ["litserve", "onnxruntime", "tokenizers"],
}
# Packages that torch depends on only for GPUs.
GPU = ("nvidia", "cuda", "triton")


def closure(names: list[str]) -> set[str]:
    """The packages and their dependencies on this machine, without extras."""
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
    """Size of the files that pip installed for a package."""
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
