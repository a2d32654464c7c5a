"""The training loop of teacher and student: stops and goes on at any time.

A checkpoint holds weights, optimizer and position. Batches come from the seed and the dropout of a
step from its number, so a run that went on is the run that was never stopped, up to the averaging
of the optimizers' moments at each checkpoint.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch.nn import Module
from torch.optim import Optimizer

from .cpu import autocast, has_fast_bfloat16
from .files import read_lines, write_lines, write_tensors
from .workers import Worker


@dataclass(frozen=True)
class Fit:
    """How to train."""

    batches: list[list[int]]
    """Rows of each batch, in the order of training."""
    loss: Callable[[Module, list[int]], torch.Tensor]
    """The loss of one batch; differentiable."""
    checkpoint: Path
    """File that is written while training and read to go on."""
    meet: int = 16
    """Steps between two averages of the workers' weights."""
    warm_up: float = 0.06
    """Share of the steps in which the rate rises."""
    every: float = 300.0
    """Seconds between two checkpoints."""
    seed: int = 20


def rate(step: int, steps: int, warm_up: float) -> float:
    """Rises to 1, then falls in a straight line to 0."""
    rising = max(1, round(steps * warm_up))
    return min((step + 1) / rising, (steps - step) / max(1, steps - rising))


def moments(optimizer: Optimizer) -> list[torch.Tensor]:
    """AdamW's running means, which differ between workers."""
    states = [optimizer.state[p] for group in optimizer.param_groups for p in group["params"]]
    return [state[key] for state in states for key in ("exp_avg", "exp_avg_sq") if key in state]


def fit(worker: Worker, model: Module, optimizer: Optimizer, plan: Fit) -> None:
    """Trains `model` in place; all workers end with the same weights."""
    trained = [p for p in model.parameters() if p.requires_grad]
    peaks = [group["lr"] for group in optimizer.param_groups]
    steps = len(plan.batches) // worker.count
    position, log = resume(model, optimizer, plan.checkpoint)
    first = position // worker.count
    fast = has_fast_bfloat16()
    saved, started, losses = time.monotonic(), time.monotonic(), []
    model.train()
    for step in range(first, steps):
        torch.manual_seed(plan.seed * 1_000_003 + step * worker.count + worker.rank)
        for group, peak in zip(optimizer.param_groups, peaks, strict=True):
            group["lr"] = peak * rate(step, steps, plan.warm_up)
        with autocast(fast):
            loss = plan.loss(model, plan.batches[step * worker.count + worker.rank])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(loss.item())
        if (step + 1) % plan.meet and step + 1 < steps:
            continue
        worker.average(trained)
        if worker.leads:
            log.append(progress(step + 1, steps, losses, (step + 1 - first, started)))
        losses = []
        if worker.agree(time.monotonic() - saved > plan.every or step + 1 == steps):
            worker.average(moments(optimizer))
            if worker.leads:
                save(model, optimizer, plan.checkpoint, ((step + 1) * worker.count, log))
            saved = time.monotonic()


def progress(step: int, steps: int, losses: list[float], since: tuple[int, float]) -> dict:
    """Prints and returns where the training is; `since` is the steps of this run and its start."""
    done, started = since
    seconds = time.monotonic() - started
    entry = {"step": step, "loss": round(sum(losses) / len(losses), 4)}
    left = seconds / done * (steps - step) / 60
    print(f"{step}/{steps} loss {entry['loss']:.4f} {left:.0f} min left", flush=True)
    return entry


def save(model: Module, optimizer: Optimizer, path: Path, at: tuple[int, list]) -> None:
    """`at`: batches that are trained, and the log."""
    position, log = at
    state = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "position": position,
    }
    write_tensors(path, state)
    write_lines(path.with_suffix(".log.jsonl"), log)
    print(f"checkpoint after {position} batches", flush=True)


def resume(model: Module, optimizer: Optimizer, path: Path) -> tuple[int, list]:
    """Batches that are trained already, and the log so far; 0 where there is no checkpoint."""
    if not path.is_file():
        return 0, []
    state = torch.load(path, map_location="cpu", weights_only=True)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    log = path.with_suffix(".log.jsonl")
    return state["position"], read_lines(log) if log.is_file() else []
