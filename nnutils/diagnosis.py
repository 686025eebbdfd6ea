"""What the errors on train and dev say: the error rate, a diagnosis from three numbers, and the next step of the basic recipe."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

BIAS, VARIANCE, GOOD = "high bias", "high variance", "good fit"
BOTH = f"{BIAS} and {VARIANCE}"


def error_rate(y: ArrayLike, y_hat: ArrayLike) -> float:
    """The share of examples that are classified wrongly. y, y_hat: (m,) true and predicted labels."""
    return float(np.mean(np.asarray(y) != np.asarray(y_hat)))


def diagnose(train_error: float, dev_error: float, bayes_error: float, gap: float = 0.02) -> str:
    """What is wrong with a network: "high bias", "high variance", "high bias and high variance" or "good fit".

    The bias is high if train_error - bayes_error > gap, the variance if dev_error - train_error > gap. bayes_error is the lowest
    error that any predictor can reach. (Ng 2018, Machine Learning Yearning, chapters 20 to 22)
    """
    bias, variance = train_error - bayes_error > gap, dev_error - train_error > gap
    return {(True, False): BIAS, (False, True): VARIANCE, (True, True): BOTH}.get((bias, variance), GOOD)


def next_step(diagnosis: str) -> str:
    """What the basic recipe does next. Where both are high, the bias comes first."""
    if BIAS in diagnosis:
        return "larger network, longer training, other optimizer or architecture"
    if VARIANCE in diagnosis:
        return "more data, regularization, or another architecture"
    return "measure once on the test set"
