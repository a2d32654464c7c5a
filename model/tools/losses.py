"""Losses beyond plain cross entropy."""

import torch
from torch.nn.functional import cross_entropy, kl_div, log_softmax


def r_drop_loss(logits: torch.Tensor, labels: torch.Tensor, weight: float) -> torch.Tensor:
    """Cross entropy of two dropout passes, and `weight` times how far they differ (Liang et al. 2021).

    `logits` has shape (2 * rows, labels), the two passes one after the other.
    """
    loss = cross_entropy(logits, labels.repeat(2), label_smoothing=0.05)
    first, second = log_softmax(logits, dim=-1).chunk(2)
    there = kl_div(first, second, log_target=True, reduction="batchmean")
    back = kl_div(second, first, log_target=True, reduction="batchmean")
    return loss + weight * (there + back) / 2
