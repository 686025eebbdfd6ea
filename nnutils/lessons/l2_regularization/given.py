"""What the cases of lesson 03 hand to an answer: the gradients of a small model with weights, biases, gains and shifts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Params = dict[str, NDArray[np.floating]]


@dataclass(frozen=True)
class ScaledLines:
    """The gradient of half the mean squared error of ((X W1 + b1) gamma1 + beta1) W2 + b2.

    X: (m, n_x); y: (m,). Parameters: W1 (n_x, n_h); b1, gamma1, beta1 (n_h,); W2 (n_h, 1); b2 (1,).
    """

    def __call__(self, params: Params, X: NDArray, y: NDArray) -> Params:
        lines = X @ params["W1"] + params["b1"]
        hidden = lines * params["gamma1"] + params["beta1"]
        d = (hidden @ params["W2"] + params["b2"] - y[:, np.newaxis]) / len(X)
        back = d @ params["W2"].T
        return {
            "W1": X.T @ (back * params["gamma1"]),
            "b1": (back * params["gamma1"]).sum(axis=0),
            "gamma1": (back * lines).sum(axis=0),
            "beta1": back.sum(axis=0),
            "W2": hidden.T @ d,
            "b2": d.sum(axis=0),
        }
