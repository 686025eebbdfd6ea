"""Data that are drawn from a formula. rng: a Generator, or a seed."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nnutils.data.dataset import Dataset

Rng = np.random.Generator | int
PLANE = ("x1", "x2")


def moons(m: int = 300, noise: float = 0.2, rng: Rng = 0, dtype: DTypeLike = np.float64) -> Dataset:
    """Two interleaved half circles: X (m, 2), y 0 or 1, equally many of each, shuffled."""
    rng, y = _labels(m, 2, rng)
    angle = np.pi * rng.random(m)
    upper = np.column_stack([np.cos(angle), np.sin(angle)])
    points = np.where(y[:, None] == 0, upper, [1, 0.5] - upper)
    return _plane(points, y, noise, rng, dtype, "two moons")


def circles(m: int = 300, noise: float = 0.1, rng: Rng = 0, dtype: DTypeLike = np.float64) -> Dataset:
    """A circle of radius 1 (y = 0) around one of radius 0.5 (y = 1): X (m, 2)."""
    rng, y = _labels(m, 2, rng)
    angle = 2 * np.pi * rng.random(m)
    points = np.column_stack([np.cos(angle), np.sin(angle)]) * np.where(y == 0, 1, 0.5)[:, None]
    return _plane(points, y, noise, rng, dtype, "two circles")


def spirals(
    m: int = 300, classes: int = 3, noise: float = 0.1, rng: Rng = 0, dtype: DTypeLike = np.float64
) -> Dataset:
    """Spiral arms from the middle outwards, one for each class: X (m, 2), y 0 to classes - 1."""
    rng, y = _labels(m, classes, rng)
    radius = rng.random(m)
    angle = 2 * np.pi * y / classes + 4 * radius
    points = np.column_stack([np.cos(angle), np.sin(angle)]) * radius[:, None]
    return _plane(points, y, noise, rng, dtype, f"{classes} spirals")


def temperatures(rng: Rng = 0, days: int = 365) -> NDArray[np.float64]:
    """A year of daily mean temperatures in degrees C, (days,), generated and not measured.

    A yearly wave of 4 to 18 degrees, lowest in late January, plus noise of which 70 % remains the next day.
    """
    rng = np.random.default_rng(rng)
    day = np.arange(days)
    season = 11 - 7 * np.cos(2 * np.pi * (day - 25) / 365)
    weather = np.zeros(days)
    for today, shock in enumerate(rng.normal(0, 2, days)):
        weather[today] = 0.7 * weather[today - 1] * (today > 0) + shock
    return season + weather


def _labels(m: int, classes: int, rng: Rng) -> tuple[np.random.Generator, NDArray[np.intp]]:
    """A generator, and labels in random order, as equal in number as possible."""
    if m < classes or classes < 2:
        raise ValueError(f"{classes} classes of {m} points: take two classes or more, and a point for each")
    rng = np.random.default_rng(rng)
    return rng, rng.permutation(np.arange(m) % classes)


def _plane(
    points: NDArray, y: NDArray, noise: float, rng: np.random.Generator, dtype: DTypeLike, description: str
) -> Dataset:
    """The data set, with normal noise of this standard deviation added to both coordinates."""
    if noise < 0:
        raise ValueError(f"noise is a standard deviation, 0 or more, not {noise}")
    X = (points + rng.normal(0, noise, points.shape)).astype(dtype, copy=False)
    names = tuple(str(label) for label in range(y.max() + 1))
    return Dataset(X, y, PLANE, names, description)
