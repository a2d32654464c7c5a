#!/usr/bin/env python3
"""Fine-tunes a pretrained BERT encoder on SST-2 and other English reviews, on CPU or GPU.

Writes a Hugging Face folder (`config.json`, `model.safetensors`, tokenizer files) and
`training.json` (arguments, rows, losses, held-out accuracy, temperature). Two runs with the same
seed on the same machine and number of threads see the same batches.
"""

import argparse
import json
import math
import random
import time
from pathlib import Path

import numpy as np
import torch
from averaging import Average
from data import Row, detokenized, held_out_sets, training_rows
from losses import r_drop_loss
from metrics import accuracy, expected_calibration_error, fit_temperature
from torch.nn.functional import cross_entropy
from tqdm import tqdm
from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer

LABELS = ["NEGATIVE", "POSITIVE"]


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("--encoder", type=Path, required=True, help="folder of the encoder")
    parser.add_argument("--data", type=Path, required=True, help="folder of the texts")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch", type=int, default=64, help="texts per step")
    parser.add_argument("--lr", type=float, default=8e-5, help="peak learning rate")
    parser.add_argument("--max-tokens", type=int, default=192, help="longest text in training")
    parser.add_argument("--sets", default="airline,custrev,imdb,rt,sst2", help="what to train on")
    parser.add_argument("--min-words", type=int, default=1, help="shortest SST-2 phrase to train on")
    parser.add_argument("--r-drop", type=float, default=0.0, help="weight of the R-Drop term")
    parser.add_argument(
        "--keep-start", type=float, default=0.0,
        help="share of the weights it started from in the result, for a classifier trained before",
    )
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--limit", type=int, help="train on this many rows only, to try things out")
    return parser.parse_args()


def to_batches(lengths: list[int], size: int, rng: random.Random) -> list[list[int]]:
    """Random batches of rows of nearly equal length; a long text counts as several."""
    order = sorted(rng.sample(range(len(lengths)), len(lengths)), key=lambda i: lengths[i] // 4)
    batches: list[list[int]] = [[]]
    for i in order:
        if len(batches[-1]) >= size or (len(batches[-1]) + 1) * lengths[i] > size * 40:
            batches.append([])
        batches[-1].append(i)
    rng.shuffle(batches)
    return [batch for batch in batches if batch]


@torch.inference_mode()
def logits_of(model, tokenizer, texts: list[str], device: str) -> np.ndarray:
    """Logits, shape (texts, labels), of each text by itself at up to 512 tokens."""
    model.eval()
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    out = np.zeros((len(texts), len(LABELS)), dtype=np.float32)
    for start in range(0, len(order), 16):
        chunk = order[start : start + 16]
        inputs = tokenizer(
            [texts[i] for i in chunk], truncation=True, max_length=512, padding=True, return_tensors="pt"
        ).to(device)
        out[chunk] = model(**inputs).logits.float().cpu().numpy()
    return out


def train(args: argparse.Namespace, rows: list[Row], device: str):
    tokenizer = AutoTokenizer.from_pretrained(args.encoder, model_max_length=512)
    config = AutoConfig.from_pretrained(
        args.encoder,
        num_labels=len(LABELS),
        id2label=dict(enumerate(LABELS)),
        label2id={label: i for i, label in enumerate(LABELS)},
    )
    model = AutoModelForSequenceClassification.from_pretrained(args.encoder, config=config).to(device)

    rng = random.Random(args.seed)
    lengths = [len(ids) for ids in tokenizer([r.text for r in rows], truncation=True, max_length=args.max_tokens)["input_ids"]]
    epochs = [to_batches(lengths, args.batch, rng) for _ in range(args.epochs)]
    steps = sum(map(len, epochs))

    matrices = [p for p in model.parameters() if p.dim() > 1]
    vectors = [p for p in model.parameters() if p.dim() <= 1]
    optimizer = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": 0.01}, {"params": vectors, "weight_decay": 0.0}],
        lr=args.lr, betas=(0.9, 0.98), fused=True,
    )
    warm_up = max(1, steps // 15)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm_up, max(0.0, (steps - step) / (steps - warm_up)))
    )
    average = Average(model, decay=0.99, every=5)
    start = [p.detach().clone() for p in average.live]

    losses, recent = [], []
    progress = tqdm(total=steps, desc="train", unit="step", mininterval=5)
    for batches in epochs:
        model.train()
        for batch in batches:
            texts = [rows[i].text for i in batch]
            texts = [detokenized(t) if rng.random() < 0.3 else t for t in texts]
            inputs = tokenizer(
                texts, truncation=True, max_length=args.max_tokens, padding=True, return_tensors="pt"
            ).to(device)
            labels = torch.tensor([rows[i].label for i in batch], device=device)
            if args.r_drop:
                inputs = {name: tensor.repeat(2, 1) for name, tensor in inputs.items()}
            with torch.autocast(device, dtype=torch.bfloat16):
                logits = model(**inputs).logits.float()
            if args.r_drop:
                loss = r_drop_loss(logits, labels, args.r_drop)
            else:
                loss = cross_entropy(logits, labels, label_smoothing=0.05)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad(set_to_none=True)
            average.update()
            recent.append(loss.item())
            progress.update()
            if len(recent) == 100:
                losses.append(round(math.fsum(recent) / 100, 4))
                progress.set_postfix(loss=losses[-1])
                recent.clear()
    progress.close()
    average.copy_to_model()
    with torch.no_grad():
        # Averages of two stages are more robust than the last (WiSE-FT, Wortsman et al. 2022).
        torch._foreach_lerp_(average.live, start, args.keep_start)
    return model, tokenizer, losses


def main() -> None:
    args = parse_args()
    random.seed(args.seed)
    np.random.seed(args.seed)
    torch.manual_seed(args.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"

    by_set = training_rows(args.data, args.sets.split(","), args.min_words)
    rows = [row for name in sorted(by_set) for row in by_set[name]]
    if args.limit:
        rows = random.Random(args.seed).sample(rows, args.limit)
    started = time.time()
    model, tokenizer, losses = train(args, rows, device)

    measured = {}
    calibration = []
    for name, held in held_out_sets(args.data).items():
        logits = logits_of(model, tokenizer, [r.text for r in held], device)
        labels = np.array([r.label for r in held])
        measured[name] = {"rows": len(held), "accuracy": accuracy(logits, labels), "ece": expected_calibration_error(logits, labels)}
        if name not in ("sst2-dev", "rt"):
            calibration.append((logits, labels))
    temperature = fit_temperature(calibration)

    model.save_pretrained(args.out, safe_serialization=True)
    tokenizer.save_pretrained(args.out)
    report = {
        "arguments": {k: str(v) if isinstance(v, Path) else v for k, v in vars(args).items() if k not in ("encoder", "data", "out")},
        "rows": {name: len(part) for name, part in sorted(by_set.items())},
        "seconds": round(time.time() - started),
        "temperature": temperature,
        "held_out": measured,
        "losses": losses,
    }
    (args.out / "training.json").write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps({k: v for k, v in report.items() if k != "losses"}, indent=2))


if __name__ == "__main__":
    main()
