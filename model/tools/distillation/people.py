"""Names, groups and places: what must not move a score, and copies with one put for another.

The templates are `texts/people.txt`, the words `texts/people-lists.txt`.
"""

import random
import re
from functools import cache
from pathlib import Path

from sections import read_lists, read_sections

from .rows import Aimed
from .slots import some

TEXTS = Path(__file__).parent / "texts"
WORDS = read_lists(TEXTS / "people-lists.txt")
NAMES, COUNTRIES, NATIONS = WORDS["names"], WORDS["countries"], WORDS["nations"]
LISTS = {**WORDS, "p": WORDS["groups"] + NATIONS, "name": NAMES, "country": COUNTRIES}
#: Section of `people.txt` -> target, and how often it is used in proportion to the others.
TARGETS = {"about": (0.5, 2), "named": (0.5, 1), "praised": (1.0, 1), "blamed": (0.0, 1)}


def people_rows(count: int, rng: random.Random) -> list[Aimed]:
    """Rows with equal targets whoever they are about; `count` of the rarer kinds."""
    templates = read_sections(TEXTS / "people.txt")
    return [
        Aimed(text, target)
        for kind, (target, share) in TARGETS.items()
        for text in some(templates[kind], LISTS, count * share, rng)
    ]


@cache
def _pattern() -> re.Pattern[str]:
    words = sorted((*NAMES, *COUNTRIES, *NATIONS), key=len, reverse=True)
    return re.compile(r"\b(" + "|".join(words) + r")\b", re.IGNORECASE)


def with_other_people(text: str, rng: random.Random) -> str | None:
    """The text with each name, country and nationality replaced by another of its kind."""
    kinds = (NAMES, COUNTRIES, NATIONS)

    def other(match: re.Match[str]) -> str:
        word = match[0].capitalize()
        kind = next(kind for kind in kinds if word in kind)
        return rng.choice(kind) if match[0][0].isupper() else rng.choice(kind).lower()

    swapped = _pattern().sub(other, text)
    return swapped if swapped != text else None
