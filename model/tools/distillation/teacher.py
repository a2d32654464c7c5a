"""The teacher: MPNet-base with mean pooling and a linear head, its lowest layers frozen."""

import random
from pathlib import Path
from typing import NamedTuple

import torch
from torch.nn.functional import log_softmax
from transformers import AutoModel, AutoTokenizer

from .files import replace, write_json
from .fit import Fit, fit
from .pools import Size, to_batches
from .rows import Aimed
from .teacher_rows import teacher_rows
from .workers import Worker, run

FROZEN_LAYERS = 4
RATE = 4e-5
HEAD_RATE = 4e-4
SIZE = Size(rows=24, tokens=24 * 48)
LONGEST = 192


class Teacher(torch.nn.Module):
    """Logits, shape (texts, 2), from the mean of the last layer over a text's tokens."""

    def __init__(self, encoder: Path):
        super().__init__()
        self.encoder = AutoModel.from_pretrained(encoder, attn_implementation="eager")
        self.head = torch.nn.Linear(self.encoder.config.hidden_size, 2)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask)
        weight = attention_mask.unsqueeze(-1).float()
        mean = (hidden.last_hidden_state.float() * weight).sum(1) / weight.sum(1)
        return torch.nn.functional.linear(mean, self.head.weight, self.head.bias).float()

    def freeze(self, layers: int) -> None:
        frozen = [self.encoder.embeddings, *self.encoder.encoder.layer[:layers]]
        for module in frozen:
            module.requires_grad_(False)


def optimizer_of(model: Teacher) -> torch.optim.Optimizer:
    body = [p for p in model.encoder.parameters() if p.requires_grad]
    matrices = [p for p in body if p.dim() > 1]
    vectors = [p for p in body if p.dim() <= 1]
    groups = [
        {"params": matrices, "lr": RATE, "weight_decay": 0.01},
        {"params": vectors, "lr": RATE, "weight_decay": 0.0},
        {"params": model.head.parameters(), "lr": HEAD_RATE, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=RATE, fused=True)


class Work(NamedTuple):
    encoder: Path
    data: Path
    out: Path
    seed: int
    limit: int | None
    """rows to train on, all if None"""


def train(worker: Worker, work: Work) -> None:
    torch.manual_seed(work.seed)
    tokenizer = AutoTokenizer.from_pretrained(work.encoder)
    model = Teacher(work.encoder)
    model.freeze(FROZEN_LAYERS)
    rows = teacher_rows(work.data, work.seed)
    if work.limit:
        rows = random.Random(work.seed).sample(rows, work.limit)
    ids = tokenizer([row.text for row in rows], truncation=True, max_length=LONGEST)["input_ids"]
    batches = to_batches([len(i) for i in ids], SIZE, random.Random(work.seed))
    if worker.leads:
        print(f"teacher: {len(rows)} rows, {sum(map(len, ids))} tokens", flush=True)

    def loss(net: torch.nn.Module, batch: list[int]) -> torch.Tensor:
        inputs = tokenizer.pad({"input_ids": [ids[i] for i in batch]}, return_tensors="pt")
        return cross_entropy_sum(net(**inputs), [rows[i] for i in batch]) / SIZE.rows

    plan = Fit(batches, loss, work.out / "checkpoint.pt", seed=work.seed)
    fit(worker, model, optimizer_of(model), plan)
    if worker.leads:
        finish(model, work.out, {"rows": len(rows), "tokens": sum(map(len, ids))})


def cross_entropy_sum(logits: torch.Tensor, rows: list[Aimed]) -> torch.Tensor:
    """Against targets between the labels; the caller divides by a fixed number, so that a long
    text in a small batch weighs as much as a short one in a full batch."""
    target = torch.tensor([[1 - row.target, row.target] for row in rows])
    return -(target * log_softmax(logits.float(), dim=1)).sum()


def finish(model: Teacher, out: Path, facts: dict) -> None:
    state = {name: tensor.half() for name, tensor in model.state_dict().items()}
    replace(out / "teacher.pt", lambda fresh: torch.save(state, fresh))
    write_json(out / "teacher.json", {**facts, "frozen_layers": FROZEN_LAYERS, "rate": RATE})


def load(encoder: Path, trained: Path) -> Teacher:
    """The trained teacher, ready to be asked."""
    model = Teacher(encoder)
    state = torch.load(trained, map_location="cpu", weights_only=True)
    model.load_state_dict({name: tensor.float() for name, tensor in state.items()})
    return model.eval()


def train_teacher(work: Work, workers: int) -> None:
    """Writes `teacher.pt` (16-bit weights) and `teacher.json`."""
    work.out.mkdir(parents=True, exist_ok=True)
    run(workers, train, work)
