"""Accuracy and calibration of a classifier, from its logits."""

import numpy as np


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities along the last axis, in float64; shape as given."""
    z = logits.astype(np.float64)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def accuracy(logits: np.ndarray, labels: np.ndarray) -> float:
    """Share of rows whose largest logit is the label's."""
    return round(float((logits.argmax(axis=1) == labels).mean()), 4)


def expected_calibration_error(logits: np.ndarray, labels: np.ndarray, bins: int = 15) -> float:
    """Mean gap between confidence and accuracy over equal-width bins (Guo et al. 2017, eq. 3)."""
    scores = softmax(logits)
    confidence = scores.max(axis=1)
    correct = scores.argmax(axis=1) == labels
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(correct[which == b].mean() - confidence[which == b].mean()) * (which == b).mean()
        for b in range(bins)
        if (which == b).any()
    ]
    return round(float(sum(gaps)), 4)


def calibration_floor(logits: np.ndarray, draws: int = 200) -> float:
    """What a perfectly calibrated model would show on as many rows: the mean expected calibration
    error of labels drawn from the scores themselves. Logits of shape (rows, 2)."""
    rng = np.random.default_rng(7)
    positive = softmax(logits)[:, 1]
    labels = (rng.random((draws, len(positive))) < positive).astype(int)
    return round(float(np.mean([expected_calibration_error(logits, drawn) for drawn in labels])), 4)


def mean_nll(sets: list[tuple[np.ndarray, np.ndarray]], temperature: float) -> float:
    """Negative log likelihood at a temperature, each set weighing the same."""
    means = []
    for logits, labels in sets:
        scores = softmax(logits / temperature)
        means.append(-np.log(scores[np.arange(len(labels)), labels] + 1e-12).mean())
    return float(np.mean(means))


def fit_temperature(sets: list[tuple[np.ndarray, np.ndarray]]) -> float:
    """The divisor of the logits with the least negative log likelihood (Guo et al. 2017, sec. 4.2)."""
    grid = np.geomspace(0.25, 4.0, 401)
    return round(float(min(grid, key=lambda t: mean_nll(sets, t))), 3)
