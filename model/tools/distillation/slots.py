"""Fills the slots of templates: "{thing} of {day}" with one word of each list."""

import random
import re
from collections.abc import Mapping, Sequence

SLOT = re.compile(r"\{(\w+)\}")
Lists = Mapping[str, Sequence[str]]


def filled(template: str, lists: Lists, rng: random.Random) -> str:
    """Each slot by a word of its list; a digit after the name tells two slots of one list apart."""
    return SLOT.sub(lambda slot: rng.choice(lists[slot[1].rstrip("0123456789")]), template)


def sentence(text: str) -> str:
    """Begins with a capital, and has "an" where a vowel follows."""
    text = re.sub(r"\b([Aa]) (?=[aeiouAEIOU])", r"\1n ", text)
    return text[:1].upper() + text[1:]


def some(templates: Sequence[str], lists: Lists, count: int, rng: random.Random) -> list[str]:
    """Up to `count` different texts, every template about as often as the others."""
    found: dict[str, None] = {}
    for i in range(count * 3):
        if len(found) == count:
            break
        found[sentence(filled(templates[i % len(templates)], lists, rng))] = None
    return list(found)
