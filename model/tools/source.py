"""Reads what an export starts from: a local Hugging Face folder, checked before it is trusted."""

import hashlib
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from failure import Failure
from safetensors.torch import load_file
from tokenizers import Tokenizer

WEIGHT_FILES = ("model.safetensors", "pytorch_model.bin")
LFS_MARK = b"version https://git-lfs"


class Source(NamedTuple):
    """A classifier folder in memory."""

    name: str
    sha256: str
    config: dict
    tensors: dict[str, np.ndarray]
    labels: list[str]


def existing(path: Path) -> Path:
    """The file itself, not the pointer that Git leaves where its large files were not fetched."""
    with path.open("rb") as file:
        if file.read(len(LFS_MARK)) == LFS_MARK:
            raise Failure(f"{path.name} is a Git LFS pointer, not the file (run `git lfs pull`)")
    return path


def read_json(path: Path) -> dict:
    try:
        return json.loads(existing(path).read_text(encoding="utf-8"))
    except ValueError as error:
        raise Failure(f"{path.name} is not JSON: {error}") from error


def read_config(folder: Path) -> dict:
    if not folder.is_dir():
        raise Failure(f"no such folder: {folder}")
    if not (folder / "config.json").is_file():
        raise Failure(f"{folder} has no config.json")
    return read_json(folder / "config.json")


def weights_file(folder: Path) -> Path:
    for name in WEIGHT_FILES:
        if (folder / name).is_file():
            return existing(folder / name)
    raise Failure(f"{folder} has no weights ({' or '.join(WEIGHT_FILES)})")


def current_name(name: str) -> str:
    """The name that a tensor has today; the first BERT files spoke of gamma and beta."""
    name = name.replace("LayerNorm.gamma", "LayerNorm.weight")
    return name.replace("LayerNorm.beta", "LayerNorm.bias")


def read_tensors(path: Path) -> dict[str, np.ndarray]:
    """All tensors as float32 arrays, by name."""
    try:
        if path.suffix == ".bin":
            tensors = torch.load(path, map_location="cpu", weights_only=True)
        else:
            tensors = load_file(path)
    except Exception as error:
        # Not torch's own words: they advise to load what may run code.
        raise Failure(f"{path.name} is damaged or holds no weights") from error
    return {current_name(name): tensor.float().numpy() for name, tensor in tensors.items()}


def to_labels(config: dict, given: str | None, outputs: int) -> list[str]:
    """Names of the classes in the order of the logits, `given` before those of the config."""
    if given:
        labels = [label.strip() for label in given.split(",")]
    else:
        known = {int(i): label for i, label in (config.get("id2label") or {}).items()}
        labels = [known.get(i, "") for i in range(max(known, default=-1) + 1)]
        if all(label in ("", f"LABEL_{i}") for i, label in enumerate(labels)):
            raise Failure("config.json names no labels: give them with --labels NEGATIVE,POSITIVE")
    if len(set(labels)) != len(labels) or not all(labels):
        raise Failure(f"labels must be distinct and not empty: {','.join(labels)}")
    if len(labels) != outputs:
        names = ",".join(labels)
        raise Failure(f"{len(labels)} labels ({names}) for {outputs} outputs of the model")
    return labels


def read_source(folder: Path, labels: str | None, head: str, name: str | None = None) -> Source:
    """Everything but the tokenizer. `head` is the last layer's name: its rows are the labels."""
    config = read_config(folder)
    path = weights_file(folder)
    tensors = read_tensors(path)
    if f"{head}.weight" not in tensors:
        raise Failure(f"{path.name} has no {head}.weight: not a sequence classifier?")
    names = to_labels(config, labels, tensors[f"{head}.weight"].shape[0])
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Source(name or folder.resolve().name, digest, config, tensors, names)


def read_tokenizer(folder: Path) -> tuple[Tokenizer, dict]:
    """The tokenizer, without padding and truncation of its own, and its `tokenizer_config.json`."""
    path = folder / "tokenizer.json"
    if not path.is_file():
        raise Failure(f"{folder} has no tokenizer (tokenizer.json)")
    text = existing(path).read_text(encoding="utf-8")
    try:
        tokenizer = Tokenizer.from_str(text)
    except Exception as error:
        raise Failure(f"tokenizer.json cannot be read: {error}") from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    settings = folder / "tokenizer_config.json"
    return tokenizer, read_json(settings) if settings.is_file() else {}


def check_vocabulary(tokenizer: Tokenizer, words: int) -> None:
    """Every token must have its row in the word table of `words` rows."""
    largest = max(tokenizer.get_vocab().values(), default=-1)
    if not 0 <= largest < words:
        raise Failure(f"the tokenizer's last token is {largest}, the model has {words}")
