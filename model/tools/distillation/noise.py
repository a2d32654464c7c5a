"""Copies of a text that mean the same: what typing, phones and web pages do to it."""

import random
from collections.abc import Callable

from data import detokenized

from .emoji_rows import PLAIN, singles
from .people import with_other_people
from .trees import as_written

Change = Callable[[str, random.Random], str]
KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
NEIGHBOURS = {
    key: row[max(0, i - 1) : i] + row[i + 1 : i + 2] for row in KEYS for i, key in enumerate(row)
}
HANDLES = ("@sam", "@united", "@jenny_k", "@support", "@TheRealOne", "@user123", "@BestBuy", "@me")
TAGS = ("#monday", "#nowwatching", "#review", "#fyi", "#travel", "#movie", "#food", "#thread")
LINKS = ("https://t.co/Xy12abC", "http://bit.ly/2kf", "www.example.com/p?id=7", "youtu.be/q1w")


def letter(word: str, rng: random.Random) -> str:
    """One mistake in a word of four letters or more; its first letter stays."""
    at = rng.randrange(1, len(word) - 1)
    kind = rng.random()
    if kind < 0.4:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind < 0.7:
        return word[:at] + word[at + 1 :]
    if kind < 0.85:
        return word[: at + 1] + word[at:]
    near = NEIGHBOURS.get(word[at].lower(), "")
    return word[:at] + rng.choice(near or word[at]) + word[at + 1 :]


def typos(text: str, rng: random.Random) -> str:
    """One to three words with a mistake."""
    words = text.split(" ")
    long = [i for i, word in enumerate(words) if len(word) > 3 and word.isalpha()]
    for i in rng.sample(long, min(len(long), rng.choice((1, 1, 1, 2, 2, 3)))):
        words[i] = letter(words[i], rng)
    return " ".join(words)


def stretched(text: str, rng: random.Random) -> str:
    """One word with a letter held, as in "sooo"."""
    words = text.split(" ")
    at = [i for i, word in enumerate(words) if 2 < len(word) < 9 and word.isalpha()]
    if at:
        i = rng.choice(at)
        words[i] += words[i][-1] * rng.randint(1, 3)
    return " ".join(words)


def apostrophes(text: str, rng: random.Random) -> str:
    """Curly, or left out."""
    return as_written(text).replace("'", rng.choice(("\u2019", "\u2019", "")))


def capitals(text: str, rng: random.Random) -> str:
    return as_written(text).upper()


def exclaimed(text: str, rng: random.Random) -> str:
    return as_written(text).rstrip(" .") + "!" * rng.choice((1, 2, 3, 3, 5))


def bare(text: str, rng: random.Random) -> str:
    """Without punctuation, or without the last full stop."""
    if rng.random() < 0.5:
        return text.rstrip(" .")
    kept = "".join(char for char in detokenized(text) if char not in ".,;:!?()\"")
    return " ".join(kept.split())


def linked(text: str, rng: random.Random) -> str:
    return f"{as_written(text)} {rng.choice(LINKS)}"


def mentioned(text: str, rng: random.Random) -> str:
    return f"{rng.choice(HANDLES)} {as_written(text)}"


def tagged(text: str, rng: random.Random) -> str:
    return f"{as_written(text)} {rng.choice(TAGS)}"


def broken(text: str, rng: random.Random) -> str:
    """A web page's line break, or two, between two words."""
    words = as_written(text).split(" ")
    at = rng.randrange(len(words) + 1)
    return " ".join([*words[:at], rng.choice(("<br />", "<br /><br />", "<br>")), *words[at:]])


def quoted(text: str, rng: random.Random) -> str:
    start, end = rng.choice(('""', "\u201c\u201d", "''", "``"))
    return f"{start}{as_written(text)}{end}"


def marked(text: str, rng: random.Random) -> str:
    """An emoji that takes no side."""
    return f"{as_written(text)} {rng.choice(singles(PLAIN))}"


def peopled(text: str, rng: random.Random) -> str:
    return with_other_people(text, rng) or as_written(text)


class Noise:
    """Changes a text in one or two ways; neutral sentences come from the caller."""

    def __init__(self, neutral: list[str], rng: random.Random):
        self.neutral, self.rng = neutral, rng
        self.changes: list[tuple[float, Change]] = [
            (5, typos), (1, stretched), (2, apostrophes), (0.5, capitals), (2, exclaimed),
            (1.5, bare), (1, linked), (1, mentioned), (1, tagged), (1, broken), (1, quoted),
            (1, marked), (2.5, self.after), (2.5, self.before), (1, peopled),
        ]  # fmt: skip

    def before(self, text: str, rng: random.Random) -> str:
        return f"{rng.choice(self.neutral)} {as_written(text)}"

    def after(self, text: str, rng: random.Random) -> str:
        written = as_written(text)
        stop = "" if written[-1:] in ".!?" else "."
        return f"{written}{stop} {rng.choice(self.neutral)}"

    def copy(self, text: str) -> str:
        weights, changes = zip(*self.changes, strict=True)
        for change in self.rng.choices(changes, weights, k=self.rng.choice((1, 1, 1, 2))):
            text = change(text, self.rng)
        return text
