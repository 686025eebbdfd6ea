"""What lesson 07 gives: activations, a signal on its way forward and back, trainings at the best rate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from nnutils.network import Network

Array = NDArray[np.floating]
Activation = Callable[[Array], tuple[Array, Array]]  # z → (value, derivative)
Data = tuple[Array, NDArray[np.integer]]


@dataclass(frozen=True)
class Tanh:
    """scale * tanh(z)."""

    scale: float = 1.0

    def __call__(self, z: NDArray) -> Array:
        return self.scale * np.tanh(z)


@dataclass(frozen=True)
class Sigmoid:
    """1 / (1 + exp(-z))."""

    def __call__(self, z: NDArray) -> Array:
        return 0.5 + 0.5 * np.tanh(np.asarray(z) / 2)


@dataclass(frozen=True)
class Bent:
    """z for z > 0 and slope * z elsewhere, plus shift. Without arguments it is ReLU."""

    slope: float = 0.0
    shift: float = 0.0

    def __call__(self, z: NDArray) -> Array:
        return np.where(np.asarray(z) > 0, z, self.slope * np.asarray(z)) + self.shift


def there_and_back(
    weights: Sequence[Array], x: Array, activation: Activation, rng: np.random.Generator
) -> tuple[Array, Array, Array]:
    """What each layer does to a signal and to a gradient: three arrays (layers,).

    weights: one (n_in, n_out) a layer. x: (m, n_x). The gradient begins at the last layer as standard normal numbers of rng.
    Returns how far the examples are apart after each layer, as the root mean square distance of an activation from its unit's
    mean over the examples; the root mean square of the gradient by each layer's z; the share of the slopes that are flat, below a
    tenth of the largest one in the layer.
    """
    a, apart, slopes = x, [], []
    for W in weights:
        a, slope = activation(a @ W)
        apart.append(np.sqrt(np.mean((a - a.mean(axis=0)) ** 2)))
        slopes.append(slope)
    d, back = rng.standard_normal(a.shape), []
    for W, slope in zip(reversed(weights), reversed(slopes), strict=True):
        d = d * slope
        back.append(np.sqrt(np.mean(d**2)))
        d = d @ W.T
    flat = [np.mean(slope < 0.1 * slope.max()) for slope in slopes]
    return np.array(apart), np.array(back[::-1]), np.array(flat)


def at_best_rates(
    start: Callable[[float, int], Network],
    variances: Sequence[float],
    rates: Sequence[float],
    data: Callable[[int], tuple[Data, Data]],
    chosen_on: Sequence[int],
    seeds: Sequence[int],
) -> tuple[NDArray, NDArray]:
    """Train with each variance of the weights, at the learning rate that is best for it.

    start(variance, seed): a new network. data(seed): training and dev set. Each seed also decides on the order of the batches.
    Returns the mean dev accuracy on the seeds of `chosen_on`, (variances, rates), and with the rates that are best there the
    accuracy on `seeds`, (seeds, variances).
    """
    everything = [(variance, lr) for variance in variances for lr in rates]
    tried = np.mean([_trained(start, data, everything, seed) for seed in chosen_on], axis=0)
    tried = tried.reshape(len(variances), len(rates))
    best = [(variance, rates[i]) for variance, i in zip(variances, tried.argmax(axis=1), strict=True)]
    return tried, np.array([_trained(start, data, best, seed) for seed in seeds])


def _trained(
    start: Callable[[float, int], Network],
    data: Callable[[int], tuple[Data, Data]],
    settings: Sequence[tuple[float, float]],
    seed: int,
) -> NDArray:
    """Dev accuracies of networks that are trained together, one for each (variance, learning rate)."""
    from nnutils.optimizers import SGD
    from nnutils.training import fit_many

    train, dev = data(seed)
    networks = [start(variance, seed) for variance, _ in settings]
    optimizer = SGD(np.array([[lr] for _, lr in settings], networks[0].dtype))
    with np.errstate(all="ignore"):  # some of them explode
        fit_many(networks, *train, optimizer, epochs=6, batch_size=50, rng=seed, measure=False)
        return np.array([network.accuracy(*dev) for network in networks])
