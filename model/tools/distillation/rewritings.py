"""The same labelled sentences as people would have typed them: what a model must read alike."""

import random
from collections.abc import Callable

from checks.cases import misspelled
from data import Row

from .trees import as_written


def swapped_pair(text: str, rng: random.Random) -> str:
    """Two neighbouring letters swapped inside one word of four letters or more."""
    words = text.split(" ")
    long = [i for i, word in enumerate(words) if len(word) > 3 and word.isalpha()]
    if not long:
        return misspelled(text) if len(max(words, key=len)) > 3 else text
    i = rng.choice(long)
    at = rng.randrange(1, len(words[i]) - 2) if len(words[i]) > 4 else 1
    word = words[i]
    words[i] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return " ".join(words)


def neutral_before(text: str, _: random.Random) -> str:
    return f"I am typing this on the train. {as_written(text)}"


def neutral_after(text: str, _: random.Random) -> str:
    return f"{as_written(text)} I am typing this on the train."


REWRITINGS: dict[str, Callable[[str, random.Random], str]] = {
    "as people write": lambda text, _: as_written(text),
    "one swapped pair of letters": swapped_pair,
    "a neutral sentence before": neutral_before,
    "a neutral sentence after": neutral_after,
    "exclamation marks": lambda text, _: as_written(text).rstrip(" .") + "!!!",
    "no apostrophes": lambda text, _: as_written(text).replace("'", ""),
    "a URL after": lambda text, _: f"{as_written(text)} https://t.co/9zQ",
}


def rewritten(rows: list[Row], name: str) -> list[Row]:
    """Always the same ones."""
    rng = random.Random(7)
    return [Row(REWRITINGS[name](row.text, rng), row.label) for row in rows]
