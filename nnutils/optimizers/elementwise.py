"""Optimisers that treat each parameter by itself.

In the formulas w is the parameter, g the gradient, and t counts the updates from 1. The code keeps an average
v = beta v + (1 - beta) g as the sum v / (1 - beta), which needs only sum = beta sum + g. The factor 1 - beta is then applied
once, to a number, instead of to the whole array.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnutils.arrays import Array, number_or_array
from nnutils.optimizers.base import Optimizer, add_decaying, corrected, divide_by_root


class SGD(Optimizer):
    """w -= lr g."""

    def step(self, w: Array, g: Array, buffer: Array) -> None:
        w -= np.multiply(g, self.lr, out=buffer)


class Momentum(Optimizer):
    """v = beta v + (1 - beta) g; w -= lr v. (Keras: v = beta v - lr g; w += v: its lr is ours times 1 - beta.)"""

    state_names = ("v",)

    def __init__(self, lr: Any = 0.01, beta: float = 0.9, weight_decay: float = 0.0) -> None:
        super().__init__(lr, weight_decay)
        self.beta = number_or_array(beta)

    def step(self, w: Array, g: Array, buffer: Array, v: Array) -> None:  # type: ignore[override]
        add_decaying(v, self.beta, g)
        w -= np.multiply(v, self.lr * (1 - self.beta), out=buffer)


class Nesterov(Momentum):
    """v = beta v - lr g, with g the gradient at the point ahead, p = w + beta v (Nesterov 1983, Sutskever et al. 2013).

    theta is the point p, where the gradient is taken. In terms of p the step is p += beta v - lr g.
    """

    def step(self, w: Array, g: Array, buffer: Array, v: Array) -> None:  # type: ignore[override]
        v *= self.beta
        v -= np.multiply(g, self.lr, out=buffer)
        w -= buffer
        w += np.multiply(v, self.beta, out=buffer)


class AdaGrad(Optimizer):
    """s += g^2; w -= lr g / (sqrt(s) + eps) (Duchi et al. 2011)."""

    state_names = ("s",)

    def __init__(self, lr: Any = 0.01, eps: float = 1e-8, weight_decay: float = 0.0) -> None:
        super().__init__(lr, weight_decay)
        self.eps = number_or_array(eps)

    def step(self, w: Array, g: Array, buffer: Array, s: Array) -> None:  # type: ignore[override]
        s += np.multiply(g, g, out=buffer)
        divide_by_root(g, s, self.eps, buffer)
        buffer *= self.lr
        w -= buffer


class RMSProp(Optimizer):
    """s = beta s + (1 - beta) g^2; w -= lr g / (sqrt(s) + eps) (Tieleman & Hinton 2012)."""

    state_names = ("s",)

    def __init__(
        self, lr: Any = 0.001, beta: float = 0.9, eps: float = 1e-8, weight_decay: float = 0.0
    ) -> None:
        super().__init__(lr, weight_decay)
        self.beta, self.eps = number_or_array(beta), number_or_array(eps)

    def step(self, w: Array, g: Array, buffer: Array, s: Array) -> None:  # type: ignore[override]
        add_decaying(s, self.beta, np.multiply(g, g, out=buffer))
        scale = (1 - self.beta) ** 0.5  # sqrt(s) = scale sqrt(sum)
        divide_by_root(g, s, self.eps / scale, buffer)
        buffer *= self.lr / scale
        w -= buffer


class Adam(Optimizer):
    """m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2 (Kingma & Ba 2015).

    w -= lr m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + eps)
    """

    state_names: tuple[str, ...] = ("m", "v")

    def __init__(
        self, lr: Any = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8, weight_decay: float = 0.0
    ) -> None:  # fmt: skip
        super().__init__(lr, weight_decay)
        self.beta1, self.beta2, self.eps = (
            number_or_array(beta1),
            number_or_array(beta2),
            number_or_array(eps),
        )

    def step(self, w: Array, g: Array, buffer: Array, m: Array, v: Array) -> None:  # type: ignore[override]
        add_decaying(m, self.beta1, g)
        add_decaying(v, self.beta2, np.multiply(g, g, out=buffer))
        scale = corrected(self.beta2, self.t) ** 0.5  # sqrt(v / (1 - beta2^t)) = scale sqrt(sum)
        divide_by_root(m, v, self.eps / scale, buffer)
        buffer *= self.lr * (corrected(self.beta1, self.t) / scale)
        w -= buffer


class AdaMax(Adam):
    """m as in Adam; u = max(beta2 u, |g|); w -= lr m / (1 - beta1^t) / (u + eps) (Kingma & Ba 2015, section 7.1)."""

    state_names = ("m", "u")

    def step(self, w: Array, g: Array, buffer: Array, m: Array, u: Array) -> None:  # type: ignore[override]
        add_decaying(m, self.beta1, g)
        u *= self.beta2
        np.maximum(u, np.abs(g, out=buffer), out=u)
        np.divide(m, np.add(u, self.eps, out=buffer), out=buffer)
        buffer *= self.lr * corrected(self.beta1, self.t)
        w -= buffer


class Nadam(Adam):
    """m and v as in Adam; the step uses the average m one step ahead (Dozat 2016, constant beta1).

    w -= lr (beta1 m / (1 - beta1^(t+1)) + (1 - beta1) g / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + eps)
    """

    state_names = ("m", "v", "ahead")

    def step(self, w: Array, g: Array, buffer: Array, m: Array, v: Array, ahead: Array) -> None:  # type: ignore[override]
        add_decaying(m, self.beta1, g)
        add_decaying(v, self.beta2, np.multiply(g, g, out=buffer))
        np.multiply(g, corrected(self.beta1, self.t), out=ahead)
        ahead += np.multiply(m, self.beta1 * corrected(self.beta1, self.t + 1), out=buffer)
        scale = corrected(self.beta2, self.t) ** 0.5
        divide_by_root(ahead, v, self.eps / scale, buffer)
        buffer *= self.lr / scale
        w -= buffer


class Lion(Optimizer):
    """w -= lr sign(beta1 m + (1 - beta1) g); then m = beta2 m + (1 - beta2) g (Chen et al. 2023). One state instead of two."""

    state_names = ("m",)

    def __init__(
        self, lr: Any = 0.0001, beta1: float = 0.9, beta2: float = 0.99, weight_decay: float = 0.0
    ) -> None:
        super().__init__(lr, weight_decay)
        self.beta1, self.beta2 = number_or_array(beta1), number_or_array(beta2)

    def step(self, w: Array, g: Array, buffer: Array, m: Array) -> None:  # type: ignore[override]
        buffer[...] = m  # only the sign counts, so both terms may be divided by 1 - beta1
        add_decaying(buffer, self.beta1 / (1 - self.beta1), g)
        np.copysign(buffer != 0, buffer, out=buffer)  # np.sign, without a branch for each number
        buffer *= self.lr
        w -= buffer
        m *= self.beta2
        m += np.multiply(g, 1 - self.beta2, out=buffer)
