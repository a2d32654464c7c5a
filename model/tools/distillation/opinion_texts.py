"""Short opinions whose side is beyond doubt: negation, contrast, reversed hopes, comparison,
answers, ratings, facts that please or annoy, idioms, plain sarcasm, emoji, emoticons, hashtags.

The templates are `texts/praise.txt` and `texts/blame.txt`, written side by side, so that neither a
word nor a shape stands for one label alone.
"""

import random

from sections import read_lists, read_sections

from .emoji_rows import GLAD, SAD, singles
from .neutral_texts import KINDS, TEXTS
from .neutral_texts import LISTS as NEUTRAL_LISTS
from .rows import Aimed
from .slots import filled, sentence, some

LISTS = {**NEUTRAL_LISTS, **read_lists(TEXTS / "opinion-lists.txt")}
GOOD = read_sections(TEXTS / "praise.txt")
BAD = read_sections(TEXTS / "blame.txt")


def emoji_rows(count: int, rng: random.Random) -> list[Aimed]:
    """Neutral words whose emoji say it all, emoji alone, and an opinion with its emoji."""
    sides = ((singles(GLAD), GOOD["plain"], 1.0), (singles(SAD), BAD["plain"], 0.0))
    plain = (*KINDS["facts"], *KINDS["requests"][:2], *KINDS["questions"][:2])
    rows = []
    for _ in range(count):
        emoji, opinions, target = sides[rng.random() < 0.5]
        mark = rng.choice(emoji) * rng.choice((1, 1, 1, 2, 3))
        kind = rng.random()
        if kind < 0.12:
            rows.append(Aimed(mark + rng.choice(("", rng.choice(emoji))), target))
            continue
        words = sentence(filled(rng.choice(plain if kind < 0.7 else opinions), LISTS, rng))
        shape = rng.choice(("{w} {e}", "{w}{e}", "{e} {w}", "{w} {e}"))
        words = words.rstrip(".") if rng.random() < 0.4 else words
        rows.append(Aimed(shape.format(w=words, e=mark), target))
    return rows


def opinion_rows(count: int, rng: random.Random) -> list[Aimed]:
    """About `count` rows of each kind and side, and twice as many with emoji."""
    rows = emoji_rows(count * 2, rng)
    for side, target in ((GOOD, 1.0), (BAD, 0.0)):
        for templates in side.values():
            rows += [Aimed(text, target) for text in some(templates, LISTS, count, rng)]
    return rows
