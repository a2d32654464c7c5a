"""Writes a digest of what the reference tokenizer makes of 14,000 hostile texts.

    .venv/bin/python model/tools/tokenizer_reference.py

The texts themselves are not stored: whoever has `tests/fixtures/hostile-texts.json` draws them anew
from its fragments, with the same random numbers.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from tokenizers import Tokenizer

ROOT = Path(__file__).parent.parent.parent
TOKENIZER = ROOT / "model/sst2-minilm/tokenizer.json"
OUT = ROOT / "tests/fixtures/hostile-texts.json"
MOST_FRAGMENTS = 24

RANGES = [  # first, last, most of them in a row
    ("a", "z", 12), ("a", "z", 110), ("A", "Z", 8), ("0", "9", 110), ("!", "~", 120), ("j", "k", 103),
    ("\x00", " ", 4), ("\x7f", "\xa0", 4), ("\xa1", "\u024f", 8), ("\u0300", "\u036f", 40),
    ("\u0370", "\u052f", 8), ("\u0590", "\u06ff", 12), ("\u0700", "\u08ff", 8),
    ("\u0900", "\u0fff", 8), ("\u1000", "\u1fff", 8), ("\u1100", "\u11ff", 6),
    ("\u1ab0", "\u1aff", 6), ("\u1dc0", "\u1dff", 20), ("\u1e00", "\u1fff", 6),
    ("\u2000", "\u206f", 5), ("\u20d0", "\u20ff", 8), ("\u2100", "\u2bff", 4),
    ("\u302a", "\u302f", 8), ("\u3000", "\u33ff", 5), ("\u3400", "\u9fff", 8),
    ("\uac00", "\ud7a3", 6), ("\ue000", "\uf8ff", 2), ("\uf900", "\ufaff", 3),
    ("\ufb00", "\ufdff", 4), ("\ufe00", "\uffff", 4), ("\U00010000", "\U0001ffff", 3),
    ("\U0001f300", "\U0001faff", 4), ("\U0001f3fb", "\U0001f3ff", 2), ("\U00020000", "\U000323af", 3),
    ("\U0002b7f0", "\U0002b930", 2), ("\U0002f800", "\U0002fa1f", 2), ("\U000e0000", "\U0010ffff", 2),
]
STRINGS = [
    "[MASK]", "[SEP]", "[CLS]", "[PAD]", "[UNK]", "[mask]", "[MA\u0301SK]", "[[SEP]]", "[SE[SEP]P]",
    "[unused1]", "##", "##ing", "don't", "not bad", "naïve café", "ΟΔΥΣΣΕΥΣ", "İstanbul", "ẞß", "ǅ",
    "\u212a\u212b\u2126", "\u1100\u1161\u11a8", "\ufdfa", "\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "\U0001f3f3\ufe0f\u200d\U0001f308", "\u202eabc\u202c", "q" * 99, "q" * 100, "q" * 101, "é" * 100,
    "e\u0301" * 101, "counterrevolutionaries", "internationalization", " ", " ", " ", "\t\r\n", "\ufeff",
    "\x85", "\u1734", "\u00ad", "\u034f", "https://a.example/?q=1&r=%20", "ab\u0344\u0323\u05b0",
]  # fmt: skip

BUNDLED = (10_000, {})
VARIANTS = [
    (
        500,
        {
            "clean_text": bool(i & 1),
            "handle_chinese_chars": bool(i & 2),
            "strip_accents": strip,
            "lowercase": lower,
        },
    )
    for i in range(4)
    for strip, lower in [(False, True), (True, False)]
]


def random_numbers(state: int) -> Iterator[int]:
    """Xorshift: the same 32-bit numbers in every language."""
    while True:
        state ^= (state << 13) & 0xFFFFFFFF
        state ^= state >> 17
        state ^= (state << 5) & 0xFFFFFFFF
        yield state


def draw(numbers: Iterator[int], fragments: list) -> str:
    text = ""
    for _ in range(1 + next(numbers) % MOST_FRAGMENTS):
        fragment = fragments[next(numbers) % len(fragments)]
        if isinstance(fragment, str):
            text += fragment
            continue
        first, last, most = fragment
        for _ in range(1 + next(numbers) % most):
            text += chr(first + next(numbers) % (last - first + 1))
    return text


def digest(ids: list[int]) -> str:
    return hashlib.sha256(",".join(map(str, ids)).encode()).hexdigest()[:6]


def main():
    spec = json.loads(TOKENIZER.read_text())
    fragments = [[ord(a), ord(b), most] for a, b, most in RANGES] + STRINGS
    numbers = random_numbers(20_011)
    cases = []
    for count, settings in [BUNDLED, *VARIANTS]:
        changed = {**spec, "normalizer": {**spec["normalizer"], **settings}}
        tokenizer = Tokenizer.from_str(json.dumps(changed))
        texts = [draw(numbers, fragments) for _ in range(count)]
        ids = "".join(digest(encoded.ids) for encoded in tokenizer.encode_batch(texts))
        cases.append({"normalizer": settings, "count": count, "ids": ids})
    fixture = {
        "seed": 20_011,
        "mostFragments": MOST_FRAGMENTS,
        "fragments": fragments,
        "cases": cases,
    }
    OUT.write_text(json.dumps(fixture, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    main()
