"""Hyperparameter search: scales, grid and random search, coarse to fine, and a small Bayesian search.

A space is ``{name: (low, high, "linear" | "log")}``, a point of it ``{name: value}``, and results are pairs (point, loss).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.floating]
Space = Mapping[str, tuple[float, float, str]]
Point = dict[str, float]
Result = tuple[Mapping[str, float], float]


def log_uniform(low: float, high: float, u: ArrayLike) -> Array:
    """low (high / low)^u: for uniform u in [0, 1), every decade from low to high is as likely as any other."""
    if not 0 < low <= high:
        raise ValueError(f"a log scale needs 0 < low <= high, not {low} and {high}")
    return low * (high / low) ** np.asarray(u, float)


def sample_beta(low: float, high: float, u: ArrayLike) -> Array:
    """beta from low to high with 1 - beta log-uniform, so that every decade of the window 1 / (1 - beta) counts the same."""
    return 1 - log_uniform(1 - high, 1 - low, 1 - np.asarray(u, float))


def from_unit(space: Space, u: Sequence[float]) -> Point:
    """The point at the coordinates u, each in [0, 1] from low to high along its scale."""
    return {
        name: float(log_uniform(low, high, at) if _is_log(scale) else low + (high - low) * at)
        for (name, (low, high, scale)), at in zip(space.items(), u, strict=True)
    }


def to_unit(space: Space, point: Mapping[str, float]) -> Array:
    """The coordinates of a point: the inverse of ``from_unit``."""
    coordinates = []
    for name, (low, high, scale) in space.items():
        start, end, at = (math.log(v) if _is_log(scale) else v for v in (low, high, point[name]))
        coordinates.append((at - start) / (end - start) if end > start else 0.5)
    return np.array(coordinates)


def random_search(space: Space, n: int, rng: np.random.Generator) -> list[Point]:
    """n points, every value drawn independently, uniform along its own scale (Bergstra & Bengio 2012)."""
    return [from_unit(space, u) for u in rng.uniform(size=(n, len(space)))]


def grid(space: Space, n: int) -> list[Point]:
    """All combinations of n values of each parameter, evenly spaced along its scale, both ends included."""
    if n < 2:
        raise ValueError(f"a grid that holds both ends needs n of 2 or more, not {n}")
    return [from_unit(space, u) for u in itertools.product(np.linspace(0, 1, n), repeat=len(space))]


def coarse_to_fine(results: Sequence[Result], space: Space, keep: int) -> dict[str, tuple[float, float, str]]:
    """The smallest space that holds the `keep` points of lowest loss, its scales kept."""
    if not 2 <= keep <= len(results):
        raise ValueError(f"keep from 2 to all {len(results)} results, not {keep}")
    best = [point for point, _ in sorted(results, key=lambda result: result[1])[:keep]]
    return {
        name: (min(point[name] for point in best), max(point[name] for point in best), scale)
        for name, (_, _, scale) in space.items()
    }


def expected_improvement(mean: ArrayLike, std: ArrayLike, best: float) -> Array:
    """E[max(best - f, 0)] for f normal: (best - mean) Phi(z) + std phi(z), z = (best - mean) / std (Jones et al. 1998).

    mean, std: (n,) or numbers, of the losses that a model predicts; best: the lowest loss so far. Where std is 0 it is
    max(best - mean, 0).
    """
    gain, std = best - np.asarray(mean, float), np.asarray(std, float)
    z = gain / np.where(std > 0, std, 1)
    below = 0.5 * (1 + _erf(z / math.sqrt(2)))
    density = np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return np.where(std > 0, gain * below + std * density, np.maximum(gain, 0))


class GaussianProcess:
    """Regression with the kernel exp(-|x - x'|^2 / (2 length^2)) on standardized y (Rasmussen & Williams 2006, alg. 2.1).

    X: (m, d) in the unit cube; y: (m,). length is the one of `lengths` under which y is most probable; noise is the variance
    of y about the function, in units of y's own.
    """

    def __init__(self, lengths: Sequence[float] = (0.1, 0.2, 0.3, 0.5, 1.0), noise: float = 1e-4) -> None:
        self.lengths, self.noise = tuple(lengths), noise

    def fit(self, X: ArrayLike, y: ArrayLike) -> GaussianProcess:
        """Choose the length and factor the kernel matrix."""
        self.X, y = np.asarray(X, float), np.asarray(y, float)
        self.mean, self.scale = float(y.mean()), float(y.std()) or 1.0
        target = (y - self.mean) / self.scale
        fits = [self._factor(length, target) for length in self.lengths]
        _, self.length, self.root, self.alpha = max(fits, key=lambda fit: fit[0])
        return self

    def predict(self, X: ArrayLike) -> tuple[Array, Array]:
        """Mean and standard deviation of the function at X: (n,) each."""
        cross = self._kernel(np.asarray(X, float), self.X, self.length)
        explained = np.linalg.solve(self.root, cross.T)
        var = np.maximum(1 - np.sum(explained**2, axis=0), 0)
        return self.mean + self.scale * (cross @ self.alpha), self.scale * np.sqrt(var)

    def _factor(self, length: float, target: Array) -> tuple[float, float, Array, Array]:
        """(log probability of the target but for a constant, length, Cholesky factor, weights)."""
        m = len(target)
        root = np.linalg.cholesky(self._kernel(self.X, self.X, length) + self.noise * np.eye(m))
        alpha = np.linalg.solve(root.T, np.linalg.solve(root, target))
        return float(-target @ alpha / 2 - np.log(np.diag(root)).sum()), length, root, alpha

    @staticmethod
    def _kernel(A: Array, B: Array, length: float) -> Array:
        squares = np.sum((A[:, None] - B[None]) ** 2, axis=-1)
        return np.exp(-squares / (2 * length**2))


def bayesian_search(
    loss: Callable[[Point], float],
    space: Space,
    n: int,
    rng: np.random.Generator,
    first: int = 5,
    candidates: int = 300,
) -> list[tuple[Point, float]]:
    """n results: `first` at random, then each where a Gaussian process expects the largest improvement.

    The place is chosen among random candidates; losses may be on any scale, but must be finite.
    """
    tried = list(rng.uniform(size=(min(first, n), len(space))))
    losses = [float(loss(from_unit(space, u))) for u in tried]
    while len(tried) < n:
        model = GaussianProcess().fit(np.array(tried), losses)
        places = rng.uniform(size=(candidates, len(space)))
        places[: candidates // 4] = _near(tried[int(np.argmin(losses))], candidates // 4, rng)
        gain = expected_improvement(*model.predict(places), min(losses))
        tried.append(places[int(np.argmax(gain))])
        losses.append(float(loss(from_unit(space, tried[-1]))))
    return [(from_unit(space, u), value) for u, value in zip(tried, losses, strict=True)]


def _near(u: Array, n: int, rng: np.random.Generator) -> Array:
    """n places around u, inside the unit cube."""
    return np.clip(u + 0.05 * rng.normal(size=(n, len(u))), 0, 1)


def _erf(x: Array) -> Array:
    return np.vectorize(math.erf, otypes=[float])(x)


def _is_log(scale: str) -> bool:
    if scale not in ("linear", "log"):
        raise ValueError(f"a scale is 'linear' or 'log', not {scale!r}")
    return scale == "log"
