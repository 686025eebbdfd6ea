"""What lesson 21 measures of probabilities: log loss, calibration, and whether a difference over seeds is one."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

BINS = 10


def softened(logits: NDArray, T: ArrayLike = 1.0) -> NDArray:
    """The probabilities of logits divided by T. logits: (..., n, k); T: a number, or one for each run."""

    from nnutils.activations import softmax

    return softmax(np.asarray(logits, float) / np.asarray(T, float)[..., None, None])


def accuracy(proba: NDArray, y: NDArray) -> NDArray:
    """The share of right answers of each run. proba: (..., n, k); y: (..., n)."""
    return np.mean(proba.argmax(axis=-1) == y, axis=-1)


def log_loss(proba: NDArray, y: NDArray) -> NDArray:
    """Mean of -log of the probability of the right class, for each run."""
    right = np.take_along_axis(proba, y[..., None], axis=-1)[..., 0]
    return -np.log(np.maximum(right, 1e-12)).mean(axis=-1)


def reliability(proba: NDArray, y: NDArray) -> NDArray:
    """Of ten bins of confidence: (share of the examples, mean confidence, accuracy), (3, 10); NaN where a bin is empty.

    All runs together; proba: (..., n, k), y: (..., n).
    """
    confidence, right = proba.max(axis=-1).ravel(), (proba.argmax(axis=-1) == y).ravel()
    number = np.minimum((confidence * BINS).astype(int), BINS - 1)
    rows = np.full((3, BINS), np.nan)
    for k in range(BINS):
        inside = number == k
        rows[0, k] = inside.mean()
        if inside.any():
            rows[1:, k] = confidence[inside].mean(), right[inside].mean()
    return rows


def calibration_error(proba: NDArray, y: NDArray) -> NDArray:
    """The expected calibration error of lesson 04, of each run. proba: (runs, n, k); y: (runs, n)."""
    found = []
    for of_run, labels in zip(proba, y, strict=True):
        share, confidence, right = reliability(of_run, labels)
        found.append(np.nansum(share * np.abs(confidence - right)))
    return np.array(found)


def decided(scores: Mapping[str, ArrayLike]) -> tuple[str, str, float]:
    """The best option, the next one, and the lead in standard errors of the paired differences over seeds.

    scores: option → one score for each seed, the higher the better; the seeds are the same for all.
    """
    first, second = sorted(scores, key=lambda name: -float(np.mean(np.asarray(scores[name], float))))[:2]
    gain = np.asarray(scores[first], float) - np.asarray(scores[second], float)
    error = gain.std(ddof=1) / np.sqrt(len(gain))
    return first, second, float(gain.mean() / max(error, 1e-12))
