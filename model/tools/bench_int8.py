#!/usr/bin/env python3
"""Compares the exporter's int8 with onnxruntime's stock dynamic int8, as one JSON.

Speed: random weights in two shapes, one thread, the competitors taking turns; medians. `stock`
quantises the exporter's own float32 graph, `stock_torch` the graph that torch.onnx writes, which is
what most people serve; each is the faster of per-tensor and per-column weights.
Invariance (with --model): real texts of 1 to 512 tokens, each alone and in random batches.
"""

import argparse
import json
import logging
import tempfile
import time
import warnings
from pathlib import Path
from statistics import median

import numpy as np
import onnx
import onnxruntime as ort
import torch
from arithmetic import Float32, Int8
from batches import Ids, logits_of, open_session, to_ids
from classifier_graph import build
from data import READERS
from metrics import softmax
from onnxruntime.quantization import QuantType, quantize_dynamic
from source import read_config, read_tokenizer
from tqdm import tqdm
from transformers import AutoModelForSequenceClassification, BertConfig, DistilBertConfig
from weights import to_classifier

SHAPES = {
    "minilm": BertConfig(
        hidden_size=384, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536
    ),
    "distilbert": DistilBertConfig(),
}
#: (texts, tokens of each)
SIZES = [(8, 32), (32, 16), (1, 16), (4, 128)]


class Logits(torch.nn.Module):
    """The model as torch.onnx needs it: two tensors in, one out."""

    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        return self.model(input_ids=input_ids, attention_mask=attention_mask).logits


def write_torch(model: torch.nn.Module, path: Path) -> None:
    tokens = torch.ones(2, 8, dtype=torch.long)
    names = ["input_ids", "attention_mask"]
    axes = {name: {0: "batch", 1: "sequence"} for name in names}
    torch.onnx.export(
        Logits(model), (tokens, tokens), str(path), input_names=names, output_names=["logits"],
        dynamic_axes=axes, opset_version=17, dynamo=False,
    )  # fmt: skip


def write_stock(path: Path) -> dict[str, Path]:
    """The file quantised by onnxruntime, with a scale per tensor and one per column."""
    options = {"DefaultTensorType": onnx.TensorProto.FLOAT}
    written = {}
    for per_channel in (False, True):
        out = path.with_suffix(f".{per_channel}.onnx")
        quantize_dynamic(
            path, out, weight_type=QuantType.QInt8, per_channel=per_channel, extra_options=options
        )
        written[f"{path.stem}_{'column' if per_channel else 'tensor'}"] = out
    return written


def open_competitors(shape: str, room: Path) -> dict[str, ort.InferenceSession]:
    config = SHAPES[shape]
    torch.manual_seed(20)
    model = AutoModelForSequenceClassification.from_config(config, attn_implementation="eager")
    tensors = {name: tensor.numpy() for name, tensor in model.eval().state_dict().items()}
    classifier = to_classifier(tensors, config.to_dict())
    onnx.save(build(classifier, Int8, {}, wide=()), room / "int8.onnx")
    onnx.save(build(classifier, Float32, {}, wide=()), room / "stock.onnx")
    write_torch(model, room / "stock_torch.onnx")
    files = {"int8": room / "int8.onnx", "float32": room / "stock.onnx"}
    files |= write_stock(room / "stock.onnx") | write_stock(room / "stock_torch.onnx")
    return {name: open_session(path, threads=1) for name, path in files.items()}


def seconds_in_turn(
    sessions: dict[str, ort.InferenceSession], feeds: dict[str, np.ndarray], rounds: int
) -> dict[str, float]:
    """Median seconds of one run by competitor; round by round, so that noise hits all alike."""
    taken: dict[str, list[float]] = {name: [] for name in sessions}
    for _ in range(rounds):
        for name, session in sessions.items():
            started = time.perf_counter()
            session.run(None, feeds)
            taken[name].append(time.perf_counter() - started)
    # The first round warms up.
    return {name: median(values[1:]) for name, values in taken.items()}


def compare(shape: str, rounds: int) -> dict[str, dict]:
    """By size: milliseconds of each competitor, and how many times as fast as stock int8 is."""
    rng = np.random.default_rng(20)
    result = {}
    with tempfile.TemporaryDirectory() as room:
        sessions = open_competitors(shape, Path(room))
        for texts, tokens in tqdm(SIZES, desc=shape, unit="size"):
            ids = rng.integers(1000, 30000, (texts, tokens))
            feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
            took = seconds_in_turn(sessions, feeds, rounds)
            ratio = {
                base: round(min(took[f"{base}_tensor"], took[f"{base}_column"]) / took["int8"], 3)
                for base in ("stock", "stock_torch")
            }
            milliseconds = {name: round(value * 1000, 2) for name, value in took.items()}
            result[f"{texts}x{tokens}"] = {"times_as_fast": ratio, "milliseconds": milliseconds}
    return result


def spread_texts(data: Path, tokenizer, count: int) -> list[Ids]:
    """Real texts cut to lengths spread evenly from 1 to 512 tokens, as far as there are such."""
    texts = [row.text for name in ("imdb", "rt", "airline") for row in READERS[name](data)]
    ids = sorted(to_ids(tokenizer, texts, 512), key=len)
    lengths = np.array([len(row) for row in ids])
    wanted = np.linspace(1, 512, count)
    return [ids[int(np.abs(lengths - n).argmin())][: max(1, int(n))] for n in wanted]


def invariance(folder: Path, data: Path, batches: int) -> dict[str, float]:
    """Largest |score difference| of a text alone and in random batches of 2 to 16 texts."""
    config = read_config(folder)
    tokenizer, _ = read_tokenizer(folder)
    session = open_session(folder / "onnx/model_quantized.onnx", threads=1)
    ids, pad_id = spread_texts(data, tokenizer, 200), config.get("pad_token_id") or 0
    alone = softmax(logits_of(session, ids, ([i] for i in range(len(ids))), pad_id))
    rng = np.random.default_rng(20)
    worst, compared = 0.0, 0
    for _ in tqdm(range(batches), desc="invariance", unit="batch"):
        pick = rng.choice(len(ids), rng.integers(2, 17), replace=False)
        mixed = logits_of(session, [ids[i] for i in pick], [list(range(len(pick)))], pad_id)
        worst = max(worst, float(np.abs(softmax(mixed) - alone[pick]).max()))
        compared += len(pick)
    counts = {"texts": len(ids), "batches": batches, "compared": compared}
    return {**counts, "max_score_difference": worst}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, help="exported folder, for the invariance")
    parser.add_argument("--data", type=Path, required=True, help="folder of the texts")
    parser.add_argument("--rounds", type=int, default=30, help="runs of each competitor and size")
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    result = {"onnxruntime": ort.__version__, "threads": 1, "rounds": args.rounds}
    result |= {shape: compare(shape, args.rounds) for shape in SHAPES}
    if args.model:
        result["invariance"] = invariance(args.model, args.data, batches=50)
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
