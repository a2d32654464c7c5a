"""Labelled English texts for training and evaluation, with splits that never move.

Every reader returns `(text, label)` rows with label 0 NEGATIVE, 1 POSITIVE. A row belongs to the
test part of its set by a hash of its text, so that a change of order or size moves no row.
"""

import csv
import gzip
import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple


class Row(NamedTuple):
    text: str
    label: int


def is_held_out(text: str, share: float) -> bool:
    """True for about `share` of all texts, always the same ones."""
    digest = hashlib.sha256(text.strip().lower().encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32 < share


def read_tsv(path: Path, *, header: bool) -> list[Row]:
    """Reads `text<TAB>label` lines with no quoting, as GLUE writes them."""
    lines = path.read_text(encoding="utf-8").splitlines()[1 if header else 0 :]
    fields = [line.split("\t") for line in lines]
    return [Row(f[0].strip(), int(f[1])) for f in fields]


def read_quoted_tsv(path: Path) -> list[Row]:
    """Reads `text<TAB>label[<TAB>...]` with CSV quotes, gzipped or not, with or without a header."""
    open_text = gzip.open if path.suffix == ".gz" else open
    with open_text(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t"))
    return [Row(r[0].strip(), int(r[1])) for r in rows if len(r) > 1 and r[1] in ("0", "1")]


def read_custrev(path: Path) -> list[Row]:
    """Reads `label text` lines."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Row(line[2:].strip(), int(line[0])) for line in lines if line]


READERS: dict[str, Callable[[Path], list[Row]]] = {
    "sst2-train": lambda root: read_tsv(root / "sst2/train.tsv", header=True),
    "sst2-dev": lambda root: read_tsv(root / "sst2/dev.tsv", header=True),
    "rt": lambda root: read_tsv(root / "texts/rt-polarity.decontaminated.tsv", header=False),
    "custrev": lambda root: read_custrev(root / "texts/custrev.txt"),
    "airline": lambda root: read_quoted_tsv(root / "texts/airline.tsv"),
    "imdb": lambda root: read_quoted_tsv(root / "texts/imdb-2500.tsv.gz"),
}

#: Share of each set that training never sees.
HELD_OUT = {"rt": 0.06, "custrev": 0.25, "airline": 0.5, "imdb": 0.4}


def read_split(root: Path, name: str, *, held_out: bool) -> list[Row]:
    """One side of a set: the rows for training, or those that training never sees."""
    share = HELD_OUT[name]
    return [row for row in READERS[name](root) if is_held_out(row.text, share) == held_out]


def letters(text: str) -> str:
    """What is left of a text without case, spaces and punctuation: equal for two spellings of it."""
    return re.sub(r"[^a-z0-9]+", "", text.lower())


def detokenized(text: str) -> str:
    """Undoes Penn Treebank spacing ("do n't", "film 's") as people write it."""
    text = re.sub(r" (n't|'s|'re|'ve|'ll|'d|'m)\b", r"\1", text)
    text = re.sub(r" ([.,!?;:)])", r"\1", text)
    return text.replace("( ", "(").replace("-lrb- ", "(").replace(" -rrb-", ")")


def split_sst2(data: Path) -> tuple[list[Row], list[Row]]:
    """SST-2's phrases for training, and those that are part of a held-out RT sentence."""
    held_out = " ".join(letters(row.text) for row in read_split(data, "rt", held_out=True))
    dev = {letters(row.text) for row in READERS["sst2-dev"](data)}
    parts: tuple[list[Row], list[Row]] = ([], [])
    for row in READERS["sst2-train"](data):
        key = letters(row.text)
        if key not in dev:
            parts[len(key) >= 12 and key in held_out].append(row)
    return parts


def held_out_sets(data: Path) -> dict[str, list[Row]]:
    """Rows that no training sees, by set."""
    sets = {name: read_split(data, name, held_out=True) for name in HELD_OUT}
    return {"sst2-dev": READERS["sst2-dev"](data), "sst2-phrases": split_sst2(data)[1], **sets}
