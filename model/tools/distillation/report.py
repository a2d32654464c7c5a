"""What a student is worth: all that the model card will say, from the weights before the export."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from checks.run import run_checks
from data import READERS, Row
from metrics import softmax
from tokenizers import Tokenizer
from transformers import AutoModelForSequenceClassification

from .files import write_json
from .held_out import choice_sets, measured, neutral_sentences
from .pools import Size, fill
from .rewritings import REWRITINGS, rewritten

SIZE = Size(rows=32, tokens=4096)
LONGEST = 512


def open_student(folder: Path) -> Callable[[list[str]], np.ndarray]:
    """Logits, float32 (texts, 2), of each text at up to 512 tokens; float32 throughout."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(LONGEST)
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()

    @torch.inference_mode()
    def ask(texts: list[str]) -> np.ndarray:
        ids = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
        lengths = [len(row) for row in ids]
        out = np.zeros((len(ids), 2), np.float32)
        for batch in fill(sorted(range(len(ids)), key=lengths.__getitem__), lengths, SIZE):
            longest = max(lengths[i] for i in batch)
            tokens = torch.tensor([ids[i] + [0] * (longest - lengths[i]) for i in batch])
            mask = torch.tensor([[int(p < lengths[i]) for p in range(longest)] for i in batch])
            out[batch] = model(input_ids=tokens, attention_mask=mask).logits.numpy()
        return out

    return ask


def auroc(higher: np.ndarray, lower: np.ndarray) -> float:
    """How often a value of `higher` is above one of `lower`; ties count half."""
    below = np.searchsorted(np.sort(lower), higher, "left")
    upto = np.searchsorted(np.sort(lower), higher, "right")
    return float((below + upto).mean() / 2 / len(lower))


def confidence(logits: np.ndarray) -> np.ndarray:
    return softmax(logits).max(axis=1)


def neutral_facts(sure: np.ndarray, neutral: np.ndarray) -> dict:
    """`sure`, `neutral`: the winner's score on opinions, and on texts without one."""
    return {
        "rows": len(neutral),
        "above_0.9": round(float((neutral > 0.9).mean()), 4),
        "auroc": round(auroc(sure, neutral), 4),
    }


class Look(NamedTuple):
    data: Path
    neutral: Path | None
    """file of neutral sentences, one a line, beside the held-out ones"""
    limit: int | None
    """held-out rows of a set, all if None"""


def report_of(ask: Callable[[list[str]], np.ndarray], look: Look) -> dict:
    """The temperature comes from held-out rows alone; all scores below are at it."""
    choices = measured(ask, choice_sets(look.data, look.limit))
    temperature = choices["temperature"]
    dev = READERS["sst2-dev"](look.data)[: look.limit]
    looked_at = {"sst2-dev": dev, **{name: rewritten(dev, name) for name in REWRITINGS}}
    sure = confidence(ask([row.text for row in dev]) / temperature)
    files = {"trees, held out": neutral_sentences(look.data)}
    if look.neutral:
        files[look.neutral.stem] = look.neutral.read_text(encoding="utf-8").splitlines()
    return {
        "temperature": temperature,
        "held_out": choices["sets"],
        "sst2-dev": measured(ask, looked_at, temperature)["sets"],
        "confident_errors_on_dev": confident_errors(ask, dev, temperature),
        "neutral": {
            name: neutral_facts(sure, confidence(ask(texts) / temperature))
            for name, texts in files.items()
        },
        "checks": run_checks(lambda texts: softmax(ask(texts) / temperature)[:, 1].tolist()),
    }


def confident_errors(ask: Callable, rows: list[Row], temperature: float) -> float:
    """Share of the errors whose score is above 0.9."""
    scores = softmax(ask([row.text for row in rows]) / temperature)
    wrong = scores.argmax(axis=1) != np.array([row.label for row in rows])
    return round(float((scores.max(axis=1)[wrong] > 0.9).mean()), 4)


def write_report(folder: Path, look: Look) -> None:
    """Writes `report.json` into the student's folder."""
    torch.set_num_threads(1)
    write_json(folder / "report.json", report_of(open_student(folder), look))
