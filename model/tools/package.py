"""Writes a model folder as transformers.js loads it, and puts it in place in one step."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from failure import Failure
from source import Source
from tokenizers import Tokenizer

#: By model_type: the architecture and tokenizer classes that transformers.js 4 knows.
CLASSES = {
    "bert": ("BertForSequenceClassification", "BertTokenizer"),
    "distilbert": ("DistilBertForSequenceClassification", "DistilBertTokenizer"),
    "roberta": ("RobertaForSequenceClassification", "RobertaTokenizer"),
}
#: Settings of a tokenizer that change its ids; the rest is about the machine that trained it.
TOKENIZER_KEYS = (
    "add_prefix_space", "bos_token", "clean_up_tokenization_spaces", "cls_token",
    "do_basic_tokenize", "do_lower_case", "eos_token", "mask_token", "never_split", "pad_token",
    "sep_token", "strip_accents", "tokenize_chinese_chars", "trim_offsets", "unk_token",
)  # fmt: skip
#: Left out of config.json: about the file that was read, not the one that is written.
FOREIGN_KEYS = ("_name_or_path", "dtype", "torch_dtype", "num_labels", "transformers.js_config")


def max_tokens(config: dict) -> int:
    """The longest text in tokens; RoBERTa gives its first places away to padding."""
    places = config.get("max_position_embeddings", 512)
    taken = config.get("pad_token_id", 1) + 1 if config["model_type"] == "roberta" else 0
    return min(512, places - taken)


def to_config(source: Source, name: str | None) -> dict:
    """The `config.json` to write; `name` only where the folder must say what it is."""
    kept = {k: v for k, v in source.config.items() if k not in FOREIGN_KEYS}
    return {
        **({"_name_or_path": name} if name else {}),
        **kept,
        "architectures": [CLASSES[source.config["model_type"]][0]],
        "id2label": {str(i): label for i, label in enumerate(source.labels)},
        "label2id": {label: i for i, label in enumerate(source.labels)},
    }


def to_tokenizer_config(config: dict, known: dict) -> dict:
    kept = {key: known[key] for key in TOKENIZER_KEYS if key in known}
    tokenizer_class = CLASSES[config["model_type"]][1]
    return {**kept, "model_max_length": max_tokens(config), "tokenizer_class": tokenizer_class}


def write_json(path: Path, value: dict) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def write_surroundings(
    folder: Path, source: Source, tokenizer: Tokenizer, tokenizer_config: dict, name: str | None
) -> None:
    """Everything but the ONNX files."""
    write_json(folder / "config.json", to_config(source, name))
    write_json(
        folder / "tokenizer_config.json", to_tokenizer_config(source.config, tokenizer_config)
    )
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)


def is_replaceable(folder: Path) -> bool:
    """An earlier export, or nothing: no other folder is ever removed."""
    if not folder.exists():
        return True
    return folder.is_dir() and ((folder / "onnx").is_dir() or not any(folder.iterdir()))


@contextmanager
def staged(out: Path) -> Iterator[Path]:
    """A folder beside `out` that takes its place at the end, or is removed if anything fails."""
    out = out.resolve()
    if not is_replaceable(out):
        raise Failure(f"{out} exists and is not an exported model")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as room:
        fresh = Path(room) / "fresh"
        (fresh / "onnx").mkdir(parents=True)
        yield fresh
        if out.exists():
            out.rename(Path(room) / "replaced")
        fresh.rename(out)
