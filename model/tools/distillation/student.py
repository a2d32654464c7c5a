"""The student: MiniLM-L6, reading [CLS] through a pooler that starts anew."""

import random
import shutil
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn.functional import logsigmoid
from transformers import AutoConfig, AutoModelForSequenceClassification

from .emoji_rows import add_emoji, start_rows
from .files import write_json
from .fit import Fit, fit
from .pools import Size, to_batches
from .student_rows import SOFTNESS, StudentRows, read_part, together
from .workers import Worker, run

LABELS = ["NEGATIVE", "POSITIVE"]
SIZE = Size(rows=48, tokens=48 * 40)
RATE = 1e-4
#: Share of the labels in the loss of a row that has both a label and the teacher's answer.
LABEL_SHARE = 0.1


class Lesson(NamedTuple):
    encoder: Path
    parts: Path
    out: Path
    temperature: float
    """of the teacher, from held-out rows"""
    count: int
    """parts to learn from"""
    epochs: int
    layers: int
    seed: int


def prepare(encoder: Path, folder: Path) -> Tokenizer:
    """Writes the tokenizer with its emoji, and the settings beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    add_emoji(encoder / "tokenizer.json", folder / "tokenizer.json")
    shutil.copy(encoder / "tokenizer_config.json", folder / "tokenizer_config.json")
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def new_student(encoder: Path, tokenizer: Tokenizer, layers: int) -> torch.nn.Module:
    """The encoder's every layer, or an even choice that ends with the last; a fresh pooler."""
    config = AutoConfig.from_pretrained(
        encoder, num_labels=2, id2label=dict(enumerate(LABELS)),
        label2id={label: i for i, label in enumerate(LABELS)},
    )  # fmt: skip
    model = AutoModelForSequenceClassification.from_pretrained(encoder, config=config)
    depth = len(model.bert.encoder.layer)
    kept = [depth - 1 - i * depth // layers for i in reversed(range(layers))]
    model.bert.encoder.layer = torch.nn.ModuleList(model.bert.encoder.layer[i] for i in kept)
    model.config.num_hidden_layers = layers
    for linear in (model.bert.pooler.dense, model.classifier):
        torch.nn.init.normal_(linear.weight, std=config.initializer_range)
        torch.nn.init.zeros_(linear.bias)
    plain = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    plain.no_padding()
    ids = {t.content: i for i, t in tokenizer.get_added_tokens_decoder().items() if not t.special}
    start_rows(model.bert.embeddings.word_embeddings.weight, ids, plain)
    return model


def padded(rows: StudentRows, batch: list[int]) -> dict[str, torch.Tensor]:
    parts = [rows.ids(i) for i in batch]
    ids = np.zeros((len(parts), max(map(len, parts))), np.int64)
    mask = np.zeros_like(ids)
    for i, part in enumerate(parts):
        ids[i, : len(part)] = part
        mask[i, : len(part)] = 1
    return {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}


def distillation_loss(logits: torch.Tensor, soft: torch.Tensor, hard: torch.Tensor) -> torch.Tensor:
    """The sum over rows of the divergence from the teacher, of the cross entropy with the label
    where there is one, or of both in their shares. `soft` and `hard` are NaN where absent."""
    margin = logits[:, 1] - logits[:, 0]
    asked, labelled = ~soft.isnan(), ~hard.isnan()
    p = soft.nan_to_num(0.5).clamp(1e-4, 1 - 1e-4)
    y = hard.nan_to_num(0.5)
    tempered = margin / SOFTNESS
    cross = -(p * logsigmoid(tempered) + (1 - p) * logsigmoid(-tempered))
    entropy = -(p * p.log() + (1 - p) * (1 - p).log())
    taught = (cross - entropy) * SOFTNESS**2
    told = -(y * logsigmoid(margin) + (1 - y) * logsigmoid(-margin))
    share = torch.where(asked, torch.where(labelled, LABEL_SHARE, 0.0), 1.0)
    return ((1 - share) * taught + share * told).sum()


def optimizer_of(model: torch.nn.Module) -> torch.optim.Optimizer:
    matrices = [p for p in model.parameters() if p.dim() > 1]
    vectors = [p for p in model.parameters() if p.dim() <= 1]
    groups = [{"params": matrices, "weight_decay": 0.01}, {"params": vectors, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.98), fused=True)


def learn(worker: Worker, lesson: Lesson) -> None:
    torch.manual_seed(lesson.seed)
    tokenizer = Tokenizer.from_file(str(lesson.out / "start/tokenizer.json"))
    model = new_student(lesson.encoder, tokenizer, lesson.layers)
    parts = [
        read_part(lesson.parts, part, tokenizer, lesson.temperature) for part in range(lesson.count)
    ]
    rows = together(parts)
    rng = random.Random(lesson.seed)
    lengths = rows.lengths
    batches = [batch for _ in range(lesson.epochs) for batch in to_batches(lengths, SIZE, rng)]
    soft, hard = torch.from_numpy(rows.soft), torch.from_numpy(rows.hard)
    if worker.leads:
        print(f"student: {len(lengths)} rows, {len(rows.tokens)} tokens an epoch", flush=True)

    def loss(net: torch.nn.Module, batch: list[int]) -> torch.Tensor:
        logits = net(**padded(rows, batch)).logits.float()
        return distillation_loss(logits, soft[batch], hard[batch]) / SIZE.rows

    plan = Fit(batches, loss, lesson.out / "checkpoint.pt", seed=lesson.seed)
    fit(worker, model, optimizer_of(model), plan)
    if worker.leads:
        finish(model, lesson, len(lengths))


def finish(model: torch.nn.Module, lesson: Lesson, rows: int) -> None:
    """Puts the Hugging Face folder `model/` in place in one step."""
    fresh = lesson.out / ".model.fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    model.save_pretrained(fresh, safe_serialization=True)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(lesson.out / "start" / name, fresh / name)
    facts = {
        "rows": rows, "parts": lesson.count, "epochs": lesson.epochs, "layers": lesson.layers,
        "teacher_temperature": lesson.temperature, "seed": lesson.seed, "rate": RATE,
    }  # fmt: skip
    write_json(fresh / "training.json", facts)
    fresh.rename(lesson.out / "model")


def train_student(lesson: Lesson, workers: int) -> None:
    """Writes the folder `model/`, which `export.py` takes."""
    prepare(lesson.encoder, lesson.out / "start")
    run(workers, learn, lesson)
