"""Random initial weights: the standard deviation that keeps the signal's size from layer to layer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import DTypeLike, NDArray

SCHEMES = ("he", "glorot", "lecun")


def init_std(fan_in: int, fan_out: int, scheme: str) -> float:
    """Standard deviation of the weights of a layer with fan_in inputs and fan_out units.

    "he":     sqrt(2 / fan_in), for ReLU and its kin (He et al. 2015)
    "glorot": sqrt(2 / (fan_in + fan_out)), for tanh and softmax (Glorot & Bengio 2010)
    "lecun":  sqrt(1 / fan_in), for SELU (LeCun et al. 1998)
    """
    if min(fan_in, fan_out) < 1:
        raise ValueError(f"a layer needs at least one input and one unit, not {fan_in} and {fan_out}")
    variances = {"he": 2 / fan_in, "glorot": 2 / (fan_in + fan_out), "lecun": 1 / fan_in}
    if scheme not in variances:
        raise ValueError(f"unknown scheme {scheme!r}: choose one of {', '.join(SCHEMES)}")
    return float(np.sqrt(variances[scheme]))


def weights(
    fan_in: int,
    fan_out: int,
    scheme: str | float,
    rng: np.random.Generator,
    dtype: DTypeLike = np.float64,
) -> NDArray[np.floating]:
    """W: (fan_in, fan_out), normal with mean 0; scheme is a name or the standard deviation itself."""
    std = init_std(fan_in, fan_out, scheme) if isinstance(scheme, str) else float(scheme)
    return (std * rng.standard_normal((fan_in, fan_out))).astype(dtype, copy=False)


def initialize(
    layer_sizes: Sequence[int],
    scheme: str | float,
    rng: np.random.Generator,
    dtype: DTypeLike = np.float64,
) -> list[tuple[NDArray[np.floating], NDArray[np.floating]]]:
    """A list of (W, b), one for each layer: W (n_in, n_out) normal, b (n_out,) zeros.

    layer_sizes: the inputs first, the outputs last, so [64, 128, 10] is two layers.
    """
    pairs = zip(layer_sizes[:-1], layer_sizes[1:], strict=True)
    return [(weights(n_in, n_out, scheme, rng, dtype), np.zeros(n_out, dtype)) for n_in, n_out in pairs]
