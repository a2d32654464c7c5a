"""What an exported file must prove before anybody may load it."""

import random

import numpy as np
import onnxruntime as ort
import torch
from batches import Ids, by_length, logits_of, to_feeds
from failure import Failure
from metrics import softmax
from transformers import AutoConfig, AutoModelForSequenceClassification

#: Largest difference of a logit between the float32 file and PyTorch.
LOGIT_TOLERANCE = 1e-4
#: Largest difference of a score between a text alone and the same text in any batch.
BATCH_TOLERANCE = 1e-5
#: Least share of texts that int8 labels as float32 does.
AGREEMENT = 0.995
#: For random weights, whose labels are coin tosses: largest difference of a score from float32.
RANDOM_SCORE_TOLERANCE = 0.02


def reference_model(config: dict, tensors: dict[str, np.ndarray], labels: int):
    """The PyTorch model with these very tensors."""
    known = AutoConfig.for_model(**{**config, "id2label": dict(enumerate(range(labels)))})
    model = AutoModelForSequenceClassification.from_config(known, attn_implementation="eager")
    state = {name: torch.from_numpy(values) for name, values in tensors.items()}
    try:
        missing = model.load_state_dict(state, strict=False).missing_keys
    except RuntimeError as error:
        reason = str(error).splitlines()[-1].strip()
        raise Failure(f"the weights do not fit config.json: {reason}") from error
    missing = [name for name in missing if not name.endswith(("position_ids", "token_type_ids"))]
    if missing:
        raise Failure(f"the weights lack {missing[0]}")
    return model.float().eval()


@torch.inference_mode()
def reference_logits(model, ids: list[Ids], pad_id: int) -> np.ndarray:
    """PyTorch's logits, (texts, labels)."""
    found = np.zeros((len(ids), model.config.num_labels), np.float32)
    for batch in by_length(ids, 16):
        feeds = to_feeds([ids[i] for i in batch], pad_id)
        found[batch] = model(**{k: torch.from_numpy(v) for k, v in feeds.items()}).logits.numpy()
    return found


def check_float32(session: ort.InferenceSession, ids: list[Ids], pad_id: int, expected: np.ndarray):
    """Float32 against PyTorch; returns its logits and the largest difference."""
    logits = logits_of(session, ids, by_length(ids, 16), pad_id)
    worst = float(np.abs(logits - expected).max())
    if not worst <= LOGIT_TOLERANCE:
        raise Failure(f"float32 differs from PyTorch by {worst:.2g} (limit {LOGIT_TOLERANCE})")
    return logits, worst


def check_batches(session: ort.InferenceSession, ids: list[Ids], pad_id: int):
    """The same texts alone and in mixed batches; returns the logits of each alone and the largest
    difference of a score."""
    alone = logits_of(session, ids, ([i] for i in range(len(ids))), pad_id)
    order = random.Random(1).sample(range(len(ids)), len(ids))
    mixed = logits_of(session, ids, (order[i : i + 8] for i in range(0, len(ids), 8)), pad_id)
    worst = float(np.abs(softmax(alone) - softmax(mixed)).max())
    if not worst <= BATCH_TOLERANCE:
        raise Failure(f"scores depend on the batch by {worst:.2g} (limit {BATCH_TOLERANCE})")
    return alone, worst


def check_int8(logits: np.ndarray, expected: np.ndarray, *, trained: bool) -> dict[str, float]:
    """int8 against float32: the share of equal labels and the largest difference of a score."""
    agreement = float((logits.argmax(axis=1) == expected.argmax(axis=1)).mean())
    worst = float(np.abs(softmax(logits) - softmax(expected)).max())
    if trained and agreement < AGREEMENT:
        raise Failure(f"int8 agrees with float32 on {agreement:.2%} (limit {AGREEMENT:.1%})")
    if not trained and not worst <= RANDOM_SCORE_TOLERANCE:
        raise Failure(f"int8 scores differ by {worst:.2g} (limit {RANDOM_SCORE_TOLERANCE})")
    return {"label_agreement": agreement, "max_score_difference": worst}
