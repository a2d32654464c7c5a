"""What this machine's CPU is good at, decided at run time."""

from contextlib import AbstractContextManager
from pathlib import Path

import torch


def has_fast_bfloat16() -> bool:
    """Whether Linux lists AMX or AVX-512 instructions for bfloat16; without them it is slower."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8").split()
    except OSError:
        return False
    return "amx_bf16" in flags or "avx512_bf16" in flags


def autocast(fast: bool) -> AbstractContextManager:
    """bfloat16 products where they are fast, float32 otherwise."""
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast)
