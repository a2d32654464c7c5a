"""The Stanford Sentiment Treebank: five classes on every phrase of a sentence, neutral ones too.

No text of SST-2 dev, and none that is part of a held-out RT sentence, comes out of here for
training; the held-out sentences come out by themselves.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from data import READERS, detokenized, letters, read_split

BRACKETS = {"-lrb-": "(", "-rrb-": ")", "``": '"', "''": '"'}


class Phrase(NamedTuple):
    text: str
    level: int
    """0 very negative, 1, 2 neutral, 3, 4 very positive"""
    whole: bool
    """a whole sentence"""

    @property
    def target(self) -> float:
        """0, one half or 1."""
        return 0.0 if self.level < 2 else 1.0 if self.level > 2 else 0.5


def phrases_of(line: str) -> Iterator[Phrase]:
    """Every node of one tree, `(3 (2 a) (4 (2 b) (2 c)))`; the whole sentence first."""
    tokens = line.replace("(", " ( ").replace(")", " ) ").split()
    found: list[tuple[int, int, int]] = []
    words: list[str] = []
    open_nodes: list[tuple[int, int]] = []
    for before, token in zip(["", *tokens], tokens):
        if token == ")":
            level, start = open_nodes.pop()
            found.append((level, start, len(words)))
        elif before == "(":
            open_nodes.append((int(token), len(words)))
        elif token != "(":
            words.append(token)
    for level, start, end in reversed(found):
        whole = end - start == len(words)
        yield Phrase(readable(words[start:end]), level, whole)


def readable(words: list[str]) -> str:
    plain = [word.replace("\\/", "/").replace("\\*", "*") for word in words]
    return " ".join(BRACKETS.get(word.lower(), word) for word in plain)


def read_trees(data: Path) -> list[Phrase]:
    """Every phrase once, in the file's order."""
    lines = (data / "sst-trees/train.txt").read_text(encoding="utf-8").splitlines()
    seen: set[str] = set()
    phrases = []
    for line in lines:
        for phrase in phrases_of(line):
            key = phrase.text.lower()
            if key not in seen:
                seen.add(key)
                phrases.append(phrase)
    return phrases


def split_trees(data: Path) -> tuple[list[Phrase], list[Phrase]]:
    """Phrases for training, and whole sentences that no training sees."""
    dev = {letters(row.text) for row in READERS["sst2-dev"](data)}
    held_out = " ".join(letters(row.text) for row in read_split(data, "rt", held_out=True))
    train, kept = [], []
    for phrase in read_trees(data):
        key = letters(phrase.text)
        if not key or key in dev:
            continue
        if len(key) >= 12 and key in held_out:
            kept.append(phrase)
        else:
            train.append(phrase)
    return train, [phrase for phrase in kept if phrase.whole]


def as_written(phrase: str) -> str:
    """A phrase of the trees as people write it: no spaces before punctuation."""
    text = detokenized(phrase)
    return text[:1].upper() + text[1:]
