"""What all optimisers share: a state in theta's shape, decoupled weight decay, and three formulas."""

from __future__ import annotations

import copy
from typing import Any, Self

import numpy as np

from nnutils.arrays import Array, number_or_array


class Optimizer:
    """The base class. A subclass names its state and defines ``step``, which may write over its buffer."""

    state_names: tuple[str, ...] = ()

    def __init__(self, lr: Any = 0.01, weight_decay: float = 0.0) -> None:
        self.lr: Any = number_or_array(lr)
        self.weight_decay, self.t = float(weight_decay), 0
        self.state: dict[str, Array] = {}

    def update(self, theta: Array, grad: Array) -> None:
        """One step. It changes theta in place, and not grad, which has theta's shape."""
        if np.shape(grad) != theta.shape:
            raise ValueError(f"the gradient has the shape {np.shape(grad)}, and theta has {theta.shape}")
        if self.t == 0:
            self.state = {name: np.zeros_like(theta) for name in self.state_names}
            self._buffer = np.empty_like(theta)
        elif self._buffer.shape != theta.shape:
            raise ValueError(
                f"this optimiser serves theta of shape {self._buffer.shape}, not {theta.shape}: make another"
            )
        self.t += 1
        if type(self.lr) is not float:
            self.lr = np.asarray(self.lr, theta.dtype) if np.ndim(self.lr) else float(self.lr)
        if self.weight_decay:
            theta *= 1 - self.lr * self.weight_decay
        self.step(theta, grad, self._buffer, **self.state)

    def step(self, w: Array, g: Array, buffer: Array) -> None:
        raise NotImplementedError

    def reset(self) -> None:
        """Forget the state, for a new theta."""
        self.t, self.state = 0, {}

    def copy(self) -> Self:
        """An optimiser in the same state, which shares no memory with this one."""
        return copy.deepcopy(self)

    def __repr__(self) -> str:
        settings = ((k, v) for k, v in vars(self).items() if k not in {"t", "state"} and k[0] != "_")
        return f"{type(self).__name__}({', '.join(f'{k}={v}' for k, v in settings)})"


def add_decaying(total: Array, beta: float, new: Array) -> None:
    """total = beta total + new, in place: the weighted average divided by 1 - beta."""
    total *= beta
    total += new


def corrected(beta: float, t: int) -> float:
    """(1 - beta) / (1 - beta^t): the decaying sum times this is the bias-corrected average."""
    return (1 - beta) / (1 - beta**t)


def divide_by_root(a: Array, s: Array, eps: float, out: Array) -> None:
    """out = a / (sqrt(s) + eps)."""
    np.sqrt(s, out=out)
    out += eps
    np.divide(a, out, out=out)
