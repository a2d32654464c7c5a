"""A full-size DistilBERT that has learnt nothing: for benchmarks and container tests."""

from pathlib import Path

import torch
from transformers import DistilBertConfig, DistilBertForSequenceClassification

NAME = "random-distilbert (UNTRAINED, random weights)"
LABELS = {0: "NEGATIVE", 1: "POSITIVE"}
README = f"""# {NAME}

This model has learnt nothing. Its weights are random numbers (seed {{seed}}) in the shape of
`distilbert-base-uncased`: 6 layers, 768 wide, 12 heads, 30522 tokens, 512 positions. Its labels
are coin tosses. It exists to measure speed and memory, and to test containers.
"""


def write_random_distilbert(folder: Path, seed: int) -> None:
    """Writes the Hugging Face folder, weights drawn as before training (normal, deviation 0.02)."""
    torch.manual_seed(seed)
    config = DistilBertConfig(id2label=LABELS, label2id={v: k for k, v in LABELS.items()})
    DistilBertForSequenceClassification(config).save_pretrained(folder)
