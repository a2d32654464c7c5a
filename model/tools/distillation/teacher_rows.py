"""What the teacher learns from: labelled sentences, phrases and reviews, and neutral phrases."""

import random
from pathlib import Path

from data import detokenized, is_held_out, read_split

from .rows import Aimed
from .trees import split_trees

#: Rows of the phrase sets; whole sentences and the other sets are all taken.
PHRASES = 13_000
NEUTRAL_PHRASES = 7_000
#: Longest stretch of a review, in words: from its start for half of them, from its end for others.
STRETCH = 100
#: Share of the long IMDB reviews that are taken.
IMDB = 0.5


def stretch(text: str) -> str:
    words = text.split()
    if len(words) <= STRETCH:
        return text
    return " ".join(words[:STRETCH] if is_held_out(text, 0.5) else words[-STRETCH:])


def tree_rows(data: Path, rng: random.Random) -> list[Aimed]:
    """Sentences, and a choice of longer phrases, in the trees' spelling or as people write them."""
    train, _ = split_trees(data)
    sentences = [p for p in train if p.whole]
    long = [p for p in train if not p.whole and len(p.text.split()) >= 5]
    loud = rng.sample([p for p in long if p.level != 2], PHRASES)
    neutral = rng.sample([p for p in long if p.level == 2], NEUTRAL_PHRASES)
    return [Aimed(spelling(p.text, rng), p.target) for p in (*sentences, *loud, *neutral)]


def spelling(text: str, rng: random.Random) -> str:
    kind = rng.random()
    return text if kind < 0.35 else text.lower() if kind < 0.5 else detokenized(text)


def teacher_rows(data: Path, seed: int) -> list[Aimed]:
    """About 41,000 rows and 0.9 million tokens."""
    rng = random.Random(seed)
    rows = tree_rows(data, rng)
    for name in ("rt", "custrev", "airline", "imdb"):
        for row in read_split(data, name, held_out=False):
            if name == "imdb" and rng.random() > IMDB:
                continue
            text = stretch(row.text.replace("<br />", " "))
            rows.append(Aimed(spelling(text, rng) if name == "rt" else text, float(row.label)))
    return rows
