"""Texts that hold no opinion: facts, requests, notes, questions, other languages, no language.

The templates are `texts/neutral.txt`, the words for their slots `texts/lists.txt`.
"""

import random
from pathlib import Path

from sections import read_lists, read_sections

from .people import COUNTRIES, NAMES
from .slots import some

TEXTS = Path(__file__).parent / "texts"
KINDS = read_sections(TEXTS / "neutral.txt")
LISTS = {**read_lists(TEXTS / "lists.txt"), "name": NAMES, "country": COUNTRIES}


def neutral_texts(counts: dict[str, int], rng: random.Random) -> list[str]:
    """Texts by kind, in `counts` each at most; two facts in a row now and then."""
    texts = []
    for kind, count in counts.items():
        made = some(KINDS[kind], LISTS, count, rng)
        if kind == "facts":
            pairs = zip(made[::7], made[3::7], strict=False)
            texts += [f"{first} {second}" for first, second in pairs]
        texts += made
    return texts
