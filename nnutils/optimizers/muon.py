"""Muon: momentum that is made orthogonal, for weight matrices (Jordan et al. 2024, kellerjordan.github.io/posts/muon)."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from nnutils.arrays import Array, number_or_array
from nnutils.optimizers.base import Optimizer, add_decaying
from nnutils.optimizers.elementwise import Adam

Place = tuple[int, tuple[int, int]]  # of a matrix in theta: where it begins, and its shape
CUBIC = (1.5, -0.5, 0.0)  # coefficients with which Newton-Schulz converges: all singular values come to 1
# Jordan et al.: five steps bring them to between about 0.7 and 1.2, and more steps no closer.
TUNED = (3.4445, -4.7750, 2.0315)


def orthogonalize(M: Array) -> Array:
    """U V^T of the singular value decomposition M = U S V^T: the same singular vectors, all singular values 1.

    M: (..., rows, columns). A singular value of 0, also one that rounding has left, stays 0.
    """
    U, S, Vt = np.linalg.svd(M, full_matrices=False)
    least = np.finfo(M.dtype).eps * max(M.shape[-2:]) * S[..., :1]
    return (U * (least < S)[..., None, :]) @ Vt


def newton_schulz(
    M: Array, steps: int = 5, coefficients: tuple[float, float, float] = TUNED, eps: float = 1e-7
) -> Array:
    """About U V^T, by products alone: X = M / |M|, then X = a X + (b X X^T + c (X X^T)^2) X, so many times.

    Each step maps a singular value s to a s + b s^3 + c s^5, and changes no singular vector. |M| is the Frobenius norm, eps at
    least. M: (..., rows, columns).
    """
    a, b, c = coefficients
    tall = M.shape[-2] > M.shape[-1]
    X = M.mT if tall else M  # X X^T is then the smaller of the two
    X = X / np.maximum(np.sqrt(np.vecdot(X, X).sum(axis=-1))[..., None, None], eps)
    for _ in range(steps):
        A = X @ X.mT
        X = a * X + (b * A + c * (A @ A)) @ X
    return X.mT if tall else X


class Muon(Optimizer):
    """M = beta M + G; W -= lr U V^T, with U S V^T = M. Parameters outside the matrices take a step of Adam.

    matrices: the weight matrices' places in theta, as ``network.matrices`` says them. ns_steps: of the tuned Newton-Schulz
    iteration; None makes M orthogonal exactly, by its singular value decomposition. adam_ratio: Adam's rate is adam_ratio lr.
    No Nesterov, and no factor for the form of the matrix (docs/conventions.md).
    """

    state_names = ("m",)

    def __init__(
        self,
        matrices: Sequence[Place],
        lr: Any = 0.02,
        beta: float = 0.95,
        ns_steps: int | None = 5,
        adam_ratio: float = 0.1,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(lr, weight_decay)
        self.matrices, self.beta, self.ns_steps = list(matrices), number_or_array(beta), ns_steps
        self._adam, self.adam_ratio = Adam(), float(adam_ratio)

    def step(self, w: Array, g: Array, buffer: Array, m: Array) -> None:  # type: ignore[override]
        rest = np.ones(w.shape[-1], bool)
        lr = self.lr if type(self.lr) is float else self.lr[..., None]
        add_decaying(m, self.beta, g)
        for start, shape in self.matrices:
            here = np.s_[..., start : start + prod(shape)]
            rest[here] = False
            M = m[here].reshape(*w.shape[:-1], *shape)
            step = orthogonalize(M) if self.ns_steps is None else newton_schulz(M, self.ns_steps)
            w[here] -= (lr * step).reshape(w[here].shape)
        if rest.any():
            self._adam.lr = self.lr * self.adam_ratio
            part = w[..., rest]
            self._adam.update(part, g[..., rest])
            w[..., rest] = part

    def reset(self) -> None:
        super().reset()
        self._adam.reset()
