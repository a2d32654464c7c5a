"""Training by several single-thread processes that average their weights every few steps.

Two threads in one process wait for each other at every product, which costs most of the time on a
machine with other work; processes that meet every few steps hardly wait (local SGD, Stich 2019).
"""

import datetime
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import torch
import torch.distributed as dist
import torch.multiprocessing as mp


class Worker(NamedTuple):
    rank: int
    count: int

    @property
    def leads(self) -> bool:
        """One of the workers writes files and prints."""
        return self.rank == 0

    def average(self, tensors: Iterable[torch.Tensor]) -> None:
        """Replaces each float tensor, in place, by its mean over the workers."""
        parts = list(tensors)
        if self.count == 1 or not parts:
            return
        flat = torch.cat([part.detach().reshape(-1) for part in parts])
        dist.all_reduce(flat)
        flat /= self.count
        for part, mean in zip(parts, flat.split([p.numel() for p in parts]), strict=True):
            part.detach().copy_(mean.view_as(part))

    def agree(self, flag: bool) -> bool:
        """The leading worker's answer."""
        if self.count == 1:
            return flag
        answer = torch.tensor([int(flag)])
        dist.broadcast(answer, 0)
        return bool(answer.item())


def _enter(rank: int, count: int, store: str, work: Callable, args: tuple) -> None:
    torch.set_num_threads(1)
    # A run may be stopped for hours while something else is measured.
    patience = datetime.timedelta(days=2)
    if count > 1:
        dist.init_process_group(
            "gloo", init_method=f"file://{store}", rank=rank, world_size=count, timeout=patience
        )
    work(Worker(rank, count), *args)
    if count > 1:
        dist.destroy_process_group()


def run(count: int, work: Callable, *args: object) -> None:
    """Calls `work(worker, *args)` in `count` processes; an error in one ends all and is raised."""
    if count == 1:
        _enter(0, 1, "", work, args)
        return
    with tempfile.TemporaryDirectory() as room:
        store = str(Path(room) / "store")
        mp.spawn(_enter, (count, store, work, args), nprocs=count, join=True)
