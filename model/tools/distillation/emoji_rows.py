"""Emoji as words of the student's vocabulary, in rows that BERT left unused.

Each is an added token, matched in the text as it stands, so that it is one token between letters,
in a row of several, and with a variation selector after it; tokenizers (Python) and transformers.js
agree on that. An embedding starts as the mean of the word pieces of the Unicode name.
"""

import json
import unicodedata
from pathlib import Path

import torch
from tokenizers import Tokenizer

from .files import write_json

GLAD = (
    "😂🤣😊😍🥰😘😁😀😃😄😆😉😋😎😇🙂🤗🤩🥳😌😏😺😻😹❤💕💖💗💘💙💚💛💜🖤🤍🧡💞💓💝💯👍👏🙌🙏💪👌"
    "✌🤝🎉🎊🔥✨⭐🌟💫🏆🥇😅🤤😛😜🤪☺✅✔💐🌹🌸🌺🌻🌞☀🌈🎈🎁👑💎🍾🥂🕺💃🤟🤘🫶🥹😚😙😸💋🤠😽"
)
SAD = (
    "😭😢😡😠🤬😤😞😔😟😕🙁☹😣😖😫😩🥺😱😨😰😥😓🤢🤮🤧😷🤒🤕💔👎🖕💩😒🙄😑😬🤦😪🥱😧😦😮‍💨"
    "😿🙀😾☠💀👿😈🤡❌🚫⚠🗑🤥😳🥴😵🤯🥵🥶😲😯🫠🫤🫣🤨🧐👹👺"
)
PLAIN = (
    "😐😶🤔🙃👀👋🤷👉👈👇👆☝✋✍🤞👊🙈🙉🙊💭💬🗣👤👥📦📱💻📷📸🎥🎬🎵🎶🎧📚📖📝📅📌📍🔔📧✉"
    "☎📞🕐⏰⌚🚗🚕🚌🚆✈🚀🚲🏠🏢🏨🏥🏫⚽🏀🎮🎤🎸🍕🍔🍟🍰🎂☕🍺🍷🍽🍳🍎🐶🐱🐾🐝🌍🌎🌏🌙🌧⛄❄☔"
    "🌊🌳🍀🎄🎃👻👶👧👦👩👨👵👴💰💵💳🛒🔗➡⬅⬆⬇▶🔴🔵🟢⚡🎯🏁💡🔑🔒🆕🆗❓❗‼🏳🌴👗👟💄💍"
)
#: Skin tones follow the emoji they colour.
TONES = "🏻🏼🏽🏾🏿"
JOINERS = {"\u200d", "\ufe0f"}


def singles(text: str) -> list[str]:
    """The emoji of a string, each once."""
    return [char for char in dict.fromkeys(text) if char not in JOINERS]


def all_emoji() -> list[str]:
    """In the order of their rows; a new one is added at the end, never between."""
    return list(dict.fromkeys(singles(GLAD) + singles(SAD) + singles(PLAIN) + singles(TONES)))


def name_of(emoji: str) -> str:
    """Its Unicode name as words: "face with tears of joy"."""
    return unicodedata.name(emoji).lower().replace("-", " ")


def spelled(text: str) -> str:
    """A text with its emoji as words, for a model that does not know them."""
    known = set(all_emoji()) - set(TONES)
    words = [f" {name_of(char)} " if char in known else char for char in text]
    return " ".join("".join(words).replace("\ufe0f", "").replace("\u200d", "").split())


def add_emoji(source: Path, out: Path) -> dict[str, int]:
    """Writes a tokenizer that knows the emoji, without truncation and padding; ids by emoji."""
    settings = json.loads(source.read_text(encoding="utf-8"))
    vocabulary: dict[str, int] = settings["model"]["vocab"]
    unused = sorted((i, word) for word, i in vocabulary.items() if word.startswith("[unused"))
    ids = {}
    for emoji, (row, word) in zip(all_emoji(), unused):
        if emoji not in vocabulary:
            del vocabulary[word]
            vocabulary[emoji] = row
        ids[emoji] = vocabulary[emoji]
        settings["added_tokens"].append(added_token(emoji, ids[emoji]))
    settings["added_tokens"].sort(key=lambda token: token["id"])
    settings["model"]["vocab"] = dict(sorted(vocabulary.items(), key=lambda item: item[1]))
    settings.update(truncation=None, padding=None)
    write_json(out, settings)
    return ids


def added_token(content: str, row: int) -> dict:
    flags = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized", "special"), False)
    return {"id": row, "content": content, **flags}


@torch.no_grad()
def start_rows(words: torch.Tensor, ids: dict[str, int], tokenizer: Tokenizer) -> None:
    """Fills the emoji's rows of a word table, shape (vocabulary, hidden), in place."""
    for emoji, row in ids.items():
        pieces = tokenizer.encode(name_of(emoji), add_special_tokens=False).ids
        words[row] = words[pieces].mean(0)
