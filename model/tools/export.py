#!/usr/bin/env python3
"""Exports a BERT, DistilBERT or RoBERTa classifier to the ONNX folder that Polarity serves.

The int8 file (`onnx/model_quantized.onnx`) gives a text the same score alone and in any batch. All
is checked, against PyTorch too, before it is put in place; on any failure nothing is written and
the exit code is 1. Everything is read from local folders.
"""

import argparse
import csv
import json
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")

import numpy as np
import onnx
from arithmetic import Float32, Int8
from attention_range import wide_layers
from batches import Ids, open_session, to_ids
from classifier_graph import build
from failure import Failure
from package import max_tokens, staged, write_surroundings
from random_model import NAME, README, write_random_distilbert
from self_check import (
    check_batches,
    check_float32,
    check_int8,
    reference_logits,
    reference_model,
)
from sentences import sample_texts
from source import Source, check_vocabulary, read_config, read_source, read_tokenizer
from weights import Classifier, checked, to_classifier

VERSION = "2"


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--model", type=Path, help="Hugging Face folder of the classifier")
    what.add_argument("--random", choices=["distilbert"], help="untrained, for measurements only")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--tokenizer", type=Path, help="folder of the tokenizer (default: --model)")
    parser.add_argument("--fp32", action="store_true", help="also write onnx/model.onnx")
    parser.add_argument("--temperature", type=float, default=1.0, help="divides the logits")
    parser.add_argument("--labels", help="names of the classes in the order of the logits: A,B")
    parser.add_argument("--texts", type=Path, help="TSV whose first column to check with")
    parser.add_argument("--seed", type=int, default=20, help="of --random")
    args = parser.parse_args()
    if not args.temperature > 0:
        parser.error("--temperature must be above 0")
    if args.random and not args.tokenizer:
        parser.error("--random needs --tokenizer")
    return args


def check_texts(path: Path | None) -> list[str]:
    """200 built-in texts, or an even choice of up to 1000 from the first column of a TSV."""
    if path is None:
        return sample_texts(200)
    if not path.is_file():
        raise Failure(f"no such file: {path}")
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        texts = [row[0].strip() for row in rows if row and row[0].strip()]
    if not texts:
        raise Failure(f"{path} has no texts")
    return texts[:: max(1, len(texts) // 1000)][:1000]


def check(source: Source, files: dict[str, bytes], ids: list[Ids], args) -> dict[str, float]:
    """Every promise about the files, measured; Failure at the first one broken."""
    pad_id = source.config.get("pad_token_id") or 0
    model = reference_model(source.config, source.tensors, len(source.labels))
    expected = reference_logits(model, ids, pad_id) / np.float32(args.temperature)
    logits, float32 = check_float32(open_session(files["model.onnx"]), ids, pad_id, expected)
    alone, batch = check_batches(open_session(files["model_quantized.onnx"]), ids, pad_id)
    return {
        "texts": len(ids),
        "max_float32_logit_difference": float32,
        "max_batch_score_difference": batch,
        **check_int8(alone, logits, trained=not args.random),
    }


def to_files(
    source: Source, model: Classifier, temperature: float, ids: list[Ids]
) -> dict[str, bytes]:
    """Both graphs, as they will lie in `onnx/`; `ids` show how large attention scores become."""
    metadata = {
        "source": source.name,
        "source_sha256": source.sha256,
        "temperature": str(temperature),
        "exporter": f"polarity model/tools/export.py version {VERSION}",
    }
    room = len(model.positions) - (model.position_offset or 0)
    wide = wide_layers(build(model, Float32, metadata), ids, room)
    graphs = {
        "model.onnx": build(model, Float32, metadata, wide),
        "model_quantized.onnx": build(model, Int8, metadata, wide),
    }
    for graph in graphs.values():
        onnx.checker.check_model(graph)
    return {name: graph.SerializeToString() for name, graph in graphs.items()}


def export(folder: Path, args: argparse.Namespace) -> dict[str, float]:
    """Reads, builds, checks, and only then puts the folder in place."""
    layout = checked(read_config(folder))
    name = NAME if args.random else None
    source = read_source(folder, args.labels, layout.head, name)
    tokenizer, tokenizer_config = read_tokenizer(args.tokenizer or folder)
    model = to_classifier(source.tensors, source.config, args.temperature)
    check_vocabulary(tokenizer, len(model.words))
    ids = to_ids(tokenizer, check_texts(args.texts), max_tokens(source.config))

    with staged(args.out) as fresh:
        files = to_files(source, model, args.temperature, ids)
        report = check(source, files, ids, args)
        write_surroundings(fresh, source, tokenizer, tokenizer_config, name)
        for file, content in files.items():
            if args.fp32 or file != "model.onnx":
                (fresh / "onnx" / file).write_bytes(content)
        if args.random:
            (fresh / "README.md").write_text(README.format(seed=args.seed))
        size = sum(path.stat().st_size for path in fresh.rglob("*") if path.is_file())
    return {**report, "bytes": size}


def main() -> int:
    args = parse_args()
    try:
        if args.random:
            with tempfile.TemporaryDirectory() as room:
                write_random_distilbert(Path(room), args.seed)
                report = export(Path(room), args)
        else:
            report = export(args.model, args)
    except Failure as failure:
        print(f"export: {failure}", file=sys.stderr)
        return 1
    print(json.dumps(report, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
