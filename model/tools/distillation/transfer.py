"""The transfer set: what the teacher is asked, and the texts that the student learns it on.

It lies in numbered parts, each a list of questions (`part-00.asks.jsonl`, texts) and of rows
(`part-00.rows.jsonl`, see `TransferRow`). Part 0 holds the labelled sentences; the others are even
mixtures of the rest, so that training can begin with any number of them.
"""

import random
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from data import detokenized, letters

from .bases import Base, allowed, core, forbidden, mixed, parted, phrases, reviews
from .emoji_rows import spelled
from .files import write_json, write_lines
from .neutral_texts import neutral_texts
from .noise import Noise
from .opinion_texts import opinion_rows
from .people import people_rows
from .trees import as_written

#: Rows by kind; templates have fewer different ones in some.
NEUTRAL = {
    "facts": 9000, "requests": 3000, "questions": 2500,
    "undecided": 1800, "foreign": 500, "signs": 2500,
}  # fmt: skip
PEOPLE = 2500
OPINIONS = 450


class TransferRow(NamedTuple):
    text: str
    ask: int | None
    """which question's answer is its target; None: `target` alone"""
    target: float | None
    """label or prescribed target, 0 to 1; None: not labelled"""
    kind: str


def template_rows(rng: random.Random, neutral: list[str], noise: Noise) -> list[TransferRow]:
    """Rows with a prescribed target, the teacher not asked; a noisy copy of every other opinion."""
    rows = [TransferRow(text, None, 0.5, "neutral") for text in neutral]
    rows += [TransferRow(row.text, None, row.target, "people") for row in people_rows(PEOPLE, rng)]
    for row in opinion_rows(OPINIONS, rng):
        rows.append(TransferRow(row.text, None, row.target, "opinion"))
        if rng.random() < 0.5:
            rows.append(TransferRow(noise.copy(row.text), None, row.target, "opinion"))
    return rows


def rows_of(base: Base, ask: int, noise: Noise, rng: random.Random) -> Iterable[TransferRow]:
    """The text itself, in one of its spellings, and its copies."""
    kind = rng.random()
    spell = str if kind < 0.5 else as_written if kind < 0.8 else detokenized
    text = spell(base.text)
    yield TransferRow(text, ask, base.target, base.kind)
    for _ in range(base.copies):
        yield TransferRow(noise.copy(base.text), ask, base.target, base.kind)


class Plan(NamedTuple):
    data: Path
    out: Path
    seed: int
    excluded: list[str]
    """texts that must not be among the rows, beside the held-out ones"""
    limit: int | None
    """texts of a kind to take, all if None"""


def build(plan: Plan) -> None:
    """Writes all parts and `transfer.json`, how many rows of each kind there are."""
    data, out, rng = plan.data, plan.out, random.Random(plan.seed)
    banned = forbidden(data, plan.excluded)
    neutral = neutral_texts(NEUTRAL, rng)
    noise = Noise([text for text in neutral if text[-1:] in ".?!" and len(text) > 12], rng)
    first = allowed(core(data), banned)
    rest = mixed(allowed([*phrases(data), *reviews(data)], banned), first, rng)
    made = template_rows(rng, neutral, noise)
    templates = [row for row in made if letters(row.text) not in banned]
    rng.shuffle(templates)
    templates = templates[: plan.limit]
    parts = parted(rest[: plan.limit], first[: plan.limit])
    counts: dict[str, int] = defaultdict(int)
    for number, bases in enumerate(parts):
        rows = [row for ask, base in enumerate(bases) for row in rows_of(base, ask, noise, rng)]
        # Half of the templates go with the first part, so that a short training sees them too.
        rows += templates[::2] if number == 0 else templates[number * 2 - 1 :: 2 * (len(parts) - 1)]
        for row in rows:
            counts[row.kind] += 1
        write_lines(out / f"part-{number:02}.asks.jsonl", (spelled(base.text) for base in bases))
        write_lines(out / f"part-{number:02}.rows.jsonl", rows)
    write_json(out / "transfer.json", {"parts": len(parts), "rows": dict(counts)})
