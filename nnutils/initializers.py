"""Random initial weights: the standard deviation that keeps the signal's size from layer to layer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import DTypeLike

from nnutils.arrays import Array, chosen


def init_std(fan_in: int, fan_out: int, scheme: str) -> float:
    """Standard deviation of the weights of a layer with fan_in inputs and fan_out units.

    "he":     sqrt(2 / fan_in), for ReLU and similar ones (He et al. 2015)
    "glorot": sqrt(2 / (fan_in + fan_out)), for tanh and softmax (Glorot & Bengio 2010)
    "lecun":  sqrt(1 / fan_in), for SELU (LeCun et al. 1998)
    """
    if min(fan_in, fan_out) < 1:
        raise ValueError(f"a layer needs at least one input and one unit, not {fan_in} and {fan_out}")
    variances = {"he": 2 / fan_in, "glorot": 2 / (fan_in + fan_out), "lecun": 1 / fan_in}
    return float(np.sqrt(chosen("scheme", scheme, variances)))


def gain(activation: Callable[[Array], Array]) -> float:
    """1 / sqrt(E[f(z)^2]) for z ~ N(0, 1): with weights of variance gain^2 / fan_in a layer keeps the mean square 1 of its z.

    activation: returns the values f(z) alone. It is integrated from -10 to 10. ReLU has sqrt(2), which is He's scheme, and no
    activation has 1, LeCun's. The gain of the derivative is the one that the gradient needs, with fan_out (He et al. 2015).
    """
    z = np.linspace(-10, 10, 20_001)
    density = np.exp(-(z**2) / 2)
    return float(np.sqrt(density.sum() / np.sum(density * activation(z) ** 2)))


def weights(
    fan_in: int, fan_out: int, scheme: str | float, rng: np.random.Generator, dtype: DTypeLike = np.float64
) -> Array:
    """W: (fan_in, fan_out), normal with mean 0. scheme: a name, or the standard deviation itself."""
    std = init_std(fan_in, fan_out, scheme) if isinstance(scheme, str) else float(scheme)
    return (std * rng.standard_normal((fan_in, fan_out))).astype(dtype, copy=False)
