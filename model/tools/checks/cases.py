"""All behavioural checks: the texts lie in `texts/`, a section for each part of a capability."""

import json
from collections.abc import Callable
from pathlib import Path

from sections import read_sections

from .case import Case
from .groups import GROUPS, TEMPLATES, group_texts

TEXTS = Path(__file__).parent / "texts"
#: Clear opinions that are dressed up in several ways.
BASES = (
    "The garden was beautiful and we'd go back tomorrow.",
    "I didn't like the curry, it was cold and greasy.",
    "Her lecture inspired the whole class.",
    "The tour was a shambles from start to finish.",
    "They've built a charming little cinema.",
    "It's the noisiest fridge I have ever owned.",
)


def misspelled(text: str) -> str:
    """Two letters of the longest word swapped."""
    word = max(text.split(), key=lambda w: len(w.strip(".,")))
    middle = len(word) // 2
    swapped = word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]
    return text.replace(word, swapped, 1)


CLOTHES: dict[str, Callable[[str], str]] = {
    "upper case": str.upper,
    "lower case": str.lower,
    "no final stop": lambda text: text[:-1],
    "exclamation mark": lambda text: text[:-1] + "!",
    "spaces around and doubled": lambda text: "  " + text.replace(" ", "  ") + " ",
    "line breaks": lambda text: text.replace(" ", "\n", 2),
    "URL appended": lambda text: f"{text} https://pics.example/a/42",
    "@mention before": lambda text: f"@marta {text}",
    "HTML line break": lambda text: f"{text}<br /><br />",
    "quoted": lambda text: f'"{text}"',
    "one typo (swap)": misspelled,
    "neutral sentence appended": lambda text: f"{text} We drove there by car.",
    "curly apostrophe": lambda text: text.replace("'", "\u2019"),
    "apostrophe left out": lambda text: text.replace("'", ""),
}
#: What the end of a section's name says of its texts.
KINDS = {
    "POSITIVE": ("MFT", 1), "NEGATIVE": ("MFT", 0), "NEUTRAL": ("NEUTRAL", 0),
    "SAME": ("INV", 0), "UP": ("DIR", 1), "DOWN": ("DIR", 0),
}  # fmt: skip


def written_cases() -> list[Case]:
    """Sections "capability | part | kind"; two texts to compare are joined by an arrow."""
    cases = []
    for file in ("words", "styles", "pairs", "neutral"):
        for name, texts in read_sections(TEXTS / f"{file}.txt").items():
            capability, part, ending = name.split(" | ")
            kind, right = KINDS[ending]
            split = [tuple(t.split(" -> ")) if kind in ("INV", "DIR") else (t,) for t in texts]
            cases += [Case(capability, part, kind, pair, right) for pair in split]
    return cases


def all_cases() -> list[Case]:
    dressed = [
        Case("invariance", part, "INV", (base, dress(base)), 0)
        for part, dress in CLOTHES.items()
        for base in BASES
    ]
    return [*written_cases(), *dressed]


def all_texts() -> list[str]:
    """Every text of the checks: none may be trained on."""
    return [*(text for case in all_cases() for text in case.texts), *group_texts()]


def checks_as_json() -> str:
    """The checks for other languages, a case on each line."""
    cases = ",\n".join(json.dumps(case._asdict(), ensure_ascii=False) for case in all_cases())
    groups = json.dumps({"names": GROUPS, "templates": TEMPLATES})
    return f'{{"groups": {groups},\n"cases": [\n{cases}\n]}}\n'
