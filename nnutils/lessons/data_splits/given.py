"""What lesson 01 measures with: one small network, and what a camera, a telephone or a year does to the digits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from nnutils.network import Network


Pair = tuple[NDArray, NDArray]
AROUND = ((0, 0), (0, 1), (0, -1), (1, 0), (-1, 0))  # a pixel and its four neighbours


def trained(
    X: NDArray,
    y: NDArray,
    rng: np.random.Generator,
    hidden: int = 32,
    epochs: int = 15,
    batch_size: int = 64,
    lr: float = 0.003,
) -> Network:
    """A network of one hidden layer that has learned the digits X (m, 64), y (m,) by Adam."""

    from nnutils.network import dense_network
    from nnutils.optimizers import Adam
    from nnutils.training import fit

    network = dense_network([X.shape[1], hidden, 10], rng=rng)
    fit(network, X, y, Adam(lr=lr), epochs=epochs, batch_size=batch_size, rng=rng, measure=False)
    return network


def scores(rng: np.random.Generator, train: Pair, *others: Pair, **settings: Any) -> list[float]:
    """Train on a pair (X, y), and return the accuracy on it and on each of the other pairs. settings: as for `trained`."""
    network = trained(*train, rng, **settings)
    return [float(network.accuracy(*pair)) for pair in (train, *others)]


def photographed(X: NDArray, rng: np.random.Generator) -> NDArray:
    """One photograph of each sheet: its own light, and noise."""
    light = rng.uniform(0.6, 1.0, size=(len(X), 1))
    return np.clip(light * X + rng.normal(0, 0.25, X.shape), 0, 1)


def by_telephone(X: NDArray, rng: np.random.Generator) -> NDArray:
    """The digits through a telephone: blurred, grey, a little noisy."""
    image = X.reshape(-1, 8, 8)
    blurred = np.mean([np.roll(image, shift, axis=(1, 2)) for shift in AROUND], axis=0)
    grey = 0.25 + 0.5 * blurred.reshape(len(X), -1)
    return np.clip(grey + rng.normal(0, 0.05, X.shape), 0, 1)


def shifted(X: NDArray, pixels: NDArray) -> NDArray:
    """Each digit moved to the right by its own number of pixels, which need not be whole; white comes in. pixels: (m,)."""
    whole = np.floor(pixels).astype(int)
    blank = int(whole.max()) + 1
    image = np.pad(X.reshape(-1, 8, 8), ((0, 0), (0, 0), (blank, 0)))
    column = np.arange(8) + blank - whole[:, None]
    near, far = (np.take_along_axis(image, (column - k)[:, None], axis=2) for k in (0, 1))
    share = (pixels - whole)[:, None, None]
    return ((1 - share) * near + share * far).reshape(X.shape)


def study_of_nothing(
    rng: np.random.Generator,
) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    """Features that say nothing of the labels: 100 patients, 4 examples each, 200 features; a coin labels each patient.

    Returns (X, y, patients, dev): X (400, 200); y and patients (400,); dev, one example of each of 40 patients.
    """
    patients = np.repeat(rng.permutation(100), 4)
    labels = rng.permutation(np.arange(100) % 2)
    own = rng.normal(size=(100, 200))
    X = own[patients] + rng.normal(0, 0.7, size=(400, 200))
    return X, labels[patients], patients, 4 * rng.choice(100, 40, replace=False)


def chosen_by_all(X: NDArray, y: NDArray, n_kept: int) -> NDArray:
    """The features whose class means lie furthest apart in all examples, dev examples too: a leak. Returns (m, n_kept)."""
    apart = np.abs(X[y == 1].mean(axis=0) - X[y == 0].mean(axis=0)) / X.std(axis=0)
    return X[:, np.argsort(-apart)[:n_kept]]


def many_networks(rng: np.random.Generator, train: Pair, pool: Pair, count: int) -> NDArray:
    """Networks of widths and learning rates of their own: (count, examples of the pool) bools, where each is wrong."""
    networks = (
        trained(*train, rng, hidden=int(rng.integers(16, 48)), lr=10 ** rng.uniform(-2.8, -2.2))
        for _ in range(count)
    )
    return np.array([network.predict(pool[0]) != pool[1] for network in networks])


def winner(wrong: NDArray, sets: NDArray) -> tuple[NDArray, NDArray]:
    """Choose the network with the fewest errors on each dev set: (its number, its measured error), (dev sets,) each.

    wrong: (networks, pool) bools. sets: (networks, dev sets, n), the examples of the pool that each network is measured on.
    """
    measured = np.array([row[chosen].mean(axis=1) for row, chosen in zip(wrong, sets, strict=True)])
    return measured.argmin(axis=0), measured.min(axis=0)


def as_received(
    X: NDArray, y: NDArray, patients: NDArray, dev: NDArray, n_kept: int
) -> tuple[float, NDArray]:
    """The pipeline of the exercise `honest_score` as it came, with its three leaks."""
    train = ~np.isin(np.arange(len(y)), dev)
    mean, std = X.mean(axis=0), X.std(axis=0)
    Z = (X - mean) / std
    ones, zeros = Z[train & (y == 1)], Z[train & (y == 0)]
    apart = np.abs(Z[y == 1].mean(axis=0) - Z[y == 0].mean(axis=0))
    kept = np.argsort(-apart)[:n_kept]
    one, zero = ones[:, kept].mean(axis=0), zeros[:, kept].mean(axis=0)
    side = (Z[dev][:, kept] - (one + zero) / 2) @ (one - zero)
    return float(np.mean((side > 0) == (y[dev] == 1))), side
