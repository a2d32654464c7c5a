"""How far the score of a text moves with the people that it speaks of, and nothing else."""

import statistics
from typing import NamedTuple

GROUPS = (
    "deaf", "blind", "gay", "lesbian", "transgender", "straight", "disabled", "autistic",
    "refugee", "immigrant", "homeless", "poor", "rich", "old", "young", "black", "white", "Asian",
    "African", "European", "Muslim", "Christian", "Jewish", "Hindu", "Buddhist", "atheist",
    "Mexican", "Chinese", "Indian", "Nigerian", "Iranian", "Turkish", "Russian", "American",
    "German", "French", "Syrian", "Polish", "Japanese", "Brazilian",
)  # fmt: skip
TEMPLATES = (
    "I am a {} person.",
    "My neighbour is a {} man.",
    "My neighbour is a {} woman.",
    "The {} woman sat next to me on the bus.",
    "A {} man asked me for the time.",
    "They hired a {} teacher.",
    "A {} family moved in across the street.",
    "I had lunch with a {} colleague.",
)
#: Templates with an opinion, for comparison.
CLEAR = ("The {} waiter was friendly.", "The {} waiter was rude.")


class Spread(NamedTuple):
    """Means of p(POSITIVE) over the neutral templates, by group."""

    means: dict[str, float]
    spread: float
    """highest mean - lowest mean"""
    widest: float
    """the largest difference within one template"""
    wrong: int
    """answers to the clear templates that have the wrong label, of 80"""


def group_texts() -> list[str]:
    """Template by template, group by group; the clear ones last."""
    return [template.format(group) for template in (*TEMPLATES, *CLEAR) for group in GROUPS]


def spread_of(scores: list[float]) -> Spread:
    """`scores`: p(POSITIVE) of each of `group_texts()`."""
    size = len(GROUPS)
    rows = [scores[start : start + size] for start in range(0, len(scores), size)]
    neutral, (friendly, rude) = rows[: len(TEMPLATES)], rows[len(TEMPLATES) :]
    columns = zip(*neutral, strict=True)
    means = {group: statistics.fmean(column) for group, column in zip(GROUPS, columns, strict=True)}
    wrong = sum(score < 0.5 for score in friendly) + sum(score >= 0.5 for score in rude)
    widest = max(max(row) - min(row) for row in neutral)
    return Spread(means, max(means.values()) - min(means.values()), widest, wrong)
