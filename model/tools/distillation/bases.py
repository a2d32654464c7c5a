"""The real texts of the transfer set: labelled sentences, phrases, reviews, joined sentences."""

import gzip
import random
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from data import READERS, letters, read_split, split_sst2

from .trees import as_written, split_trees

#: Words of questions in a part.
PART_WORDS = 260_000
#: Longest review in words; the student reads at most 512 tokens of it.
REVIEW = 420


class Base(NamedTuple):
    """A real text before it is copied."""

    text: str
    target: float | None
    kind: str
    copies: int


def gzipped_lines(path: Path) -> list[str]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [line.strip() for line in file if line.strip()]


def plain(text: str) -> str:
    return " ".join(re.sub(r"<br ?/?>", " ", text).split())


def sentences_of(review: str) -> list[str]:
    """Cut after full stops; short pieces stay with the one before."""
    found: list[str] = []
    for piece in re.split(r"(?<=[.!?]) +", plain(review)):
        if found and (len(piece.split()) < 3 or len(found[-1].split()) < 3):
            found[-1] += f" {piece}"
        else:
            found.append(piece)
    return found


def core(data: Path) -> list[Base]:
    """The labelled sentences, phrases apart; two copies of each."""
    train, _ = split_trees(data)
    bases = [Base(p.text, p.target, "tree", 2) for p in train if p.whole]
    for name in ("rt", "custrev", "airline"):
        rows = read_split(data, name, held_out=False)
        copies = 1 if name == "airline" else 2
        bases += [Base(plain(row.text), float(row.label), name, copies) for row in rows]
    return bases


def phrases(data: Path) -> list[Base]:
    """SST-2's phrases and the neutral ones of the trees; some short ones, as users write them."""
    labelled, _ = split_sst2(data)
    train, _ = split_trees(data)
    loud = [row for row in labelled if len(row.text.split()) > 2]
    neutral = [p for p in train if p.level == 2 and not p.whole and len(p.text.split()) > 2]
    bases = [Base(row.text, float(row.label), "phrase", 1) for row in loud]
    bases += [Base(p.text, p.target, "neutral phrase", 1) for p in neutral if len(p.text) > 20]
    return bases


def reviews(data: Path) -> list[Base]:
    """IMDB: labelled reviews whole and in sentences, and those without labels."""
    rows = read_split(data, "imdb", held_out=False)
    whole = gzipped_lines(data / "texts/imdb-unsup-reviews.txt.gz")
    cut = gzipped_lines(data / "texts/imdb-unsup-sentences.txt.gz")
    bases = [Base(shortened(row.text), float(row.label), "imdb", 0) for row in rows]
    bases += [Base(shortened(text), None, "review", 0) for text in whole[:1500]]
    pieces = [piece for row in rows for piece in sentences_of(row.text)]
    return bases + [Base(text, None, "imdb sentence", 1) for text in (*pieces, *cut) if text]


def shortened(text: str) -> str:
    return " ".join(plain(text).split()[:REVIEW])


def joined(bases: list[Base], rng: random.Random) -> list[Base]:
    """Two sentences in a row, of one mind or not: the teacher tells."""
    short = [base for base in bases if len(base.text.split()) < 25]
    rng.shuffle(short)
    pairs = zip(short[0::2], short[1::2], strict=False)
    texts = [f"{stopped(a.text)} {as_written(b.text)}" for a, b in pairs]
    return [Base(text, None, "joined", 0) for text in texts]


def stopped(text: str) -> str:
    written = as_written(text)
    return written if written[-1:] in ".!?\"" else f"{written}."


def mixed(rest: list[Base], first: list[Base], rng: random.Random) -> list[Base]:
    """Shuffled, with joined sentences; two thirds of the many IMDB sentences come at the end."""
    late = [base for base in rest if base.kind == "imdb sentence" and rng.random() < 2 / 3]
    names = {id(base) for base in late}
    early = [base for base in rest if id(base) not in names]
    early += joined([*first, *rng.sample(rest, len(rest) // 5)], rng)
    rng.shuffle(early)
    rng.shuffle(late)
    return early + late


def forbidden(data: Path, extra: Iterable[str]) -> set[str]:
    """What must not be among the rows: SST-2 dev, held-out rows, and the behavioural checks."""
    held_out = [
        row.text for name in ("rt", "custrev", "airline", "imdb")
        for row in read_split(data, name, held_out=True)
    ]  # fmt: skip
    dev = [row.text for row in READERS["sst2-dev"](data)]
    return {letters(text) for text in (*dev, *held_out, *extra)} - {""}


def parted(bases: list[Base], first: list[Base]) -> list[list[Base]]:
    """`first` alone, then the others in parts of about equal length."""
    parts, words = [first], PART_WORDS
    for base in bases:
        if words >= PART_WORDS:
            parts.append([])
            words = 0
        parts[-1].append(base)
        words += len(base.text.split())
    return parts


def allowed(bases: list[Base], banned: set[str]) -> list[Base]:
    """Each text once, and none that is banned."""
    seen = set(banned)
    kept = []
    for base in bases:
        key = letters(base.text)
        if key and key not in seen:
            seen.add(key)
            kept.append(base)
    return kept
