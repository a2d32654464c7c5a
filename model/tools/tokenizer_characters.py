"""Writes which characters BERT's normalizer and pre-tokenizer drop, and which they cut out.

    .venv/bin/python model/tools/tokenizer_characters.py

The reference (`tokenizers`) has Unicode tables of its own, older than those of any runtime: a mark
that was assigned since is a letter to it. So every code point is put to it once, and
`model/tokenizer/characters.json` holds the answers, as ranges in hex.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

OUT = Path(__file__).parent.parent / "tokenizer/characters.json"
OFF = {
    "clean_text": False,
    "handle_chinese_chars": False,
    "strip_accents": False,
    "lowercase": False,
}


def code_points() -> Iterator[str]:
    """All but surrogates, which no text in UTF-8 has."""
    yield from map(chr, range(0xD800))
    yield from map(chr, range(0xE000, 0x110000))


def dropped_by(setting: str) -> Callable[[str], bool]:
    normalizer = BertNormalizer(**{**OFF, setting: True})
    return lambda char: normalizer.normalize_str(f"a{char}b") == "ab"


def cut_out(char: str) -> bool:
    return len(BertPreTokenizer().pre_tokenize_str(f"a{char}b")) == 3


def to_ranges(chars: Iterable[str]) -> str:
    ranges: list[list[int]] = []
    for code in map(ord, chars):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return " ".join(f"{a:x}" if a == b else f"{a:x}-{b:x}" for a, b in ranges)


def main():
    sets = {
        "control": dropped_by("clean_text"),
        "accent": dropped_by("strip_accents"),
        "punctuation": cut_out,
    }
    table = {name: to_ranges(filter(member, code_points())) for name, member in sets.items()}
    OUT.write_text(json.dumps(table, indent=2) + "\n")


if __name__ == "__main__":
    main()
