"""What lesson 09 hands to students: a gradient on its way back, a rate that is too large at first, stacks at their best rate."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from nnutils.layers import Layer
    from nnutils.network import Network

Array = NDArray[np.floating]
Function = Callable[[Array], tuple[Array, Array]]  # z → (value, derivative)
FAST, SLOW = 5, 15  # epochs, before and after the learning rate is corrected


def gradient_by_layer(function: Function, std: float, X: Array, seed: int, layers: int = 20) -> Array:
    """Root mean square of the gradient by each layer's z, (layers,): random numbers of size 1 arrive behind the last layer.

    Layers of 64 units without biases, of weights with the standard deviation std / sqrt(64). X: (m, 64).
    """
    rng = np.random.default_rng(seed)
    weights, slopes, a = rng.normal(0, std / 8, (layers, 64, 64)), [], X
    for W in weights:
        a, slope = function(a @ W)
        slopes.append(slope)
    d, sizes = rng.normal(size=a.shape), np.empty(layers)
    for k in reversed(range(layers)):
        d = d * slopes[k]
        sizes[k] = np.sqrt(np.mean(d * d))
        d = d @ weights[k].T
    return sizes


def parts(X: Array, y: NDArray, seed: int, m: int = 900) -> tuple[Array, NDArray, Array, NDArray]:
    """m examples to train on and 500 others, drawn at random: (X, y, X_dev, y_dev)."""
    order = np.random.default_rng(seed).permutation(len(X))
    train, dev = order[:m], order[m : m + 500]
    return X[train], y[train], X[dev], y[dev]


def too_fast_at_first(
    layer: Callable[[], Layer], X: Array, y: NDArray, seed: int, lr: float = 2.0
) -> tuple[Array, Array, int]:
    """Five epochs at the rate lr, then fifteen at 0.1: one hidden layer of 32 units, SGD in batches of 64.

    layer: makes the hidden layer's activation. Returns, after each epoch, the share of the hidden units that are silent, with
    z < 0 for every training example, and the dev accuracy; and how many that were silent when the rate was corrected are
    silent no longer at the end.
    """
    from nnutils.layers import Dense
    from nnutils.network import Network
    from nnutils.optimizers import SGD
    from nnutils.training import fit

    X, y, *dev = parts(X, y, seed, m=600)
    network = Network(64, [Dense(32, "he"), layer(), Dense(10, "he")], rng=seed)
    silent: list[NDArray[np.bool_]] = []
    accuracy: list[float] = []

    def look(network: Network, history: object) -> None:
        silent.append(np.all(network.layers[0].forward(X) < 0, axis=0))
        accuracy.append(network.accuracy(*dev))

    for rate, epochs in ((lr, FAST), (0.1, SLOW)):
        fit(network, X, y, SGD(rate), epochs=epochs, batch_size=64, rng=seed, measure=False, callbacks=[look])
    woken = silent[FAST - 1] & ~silent[-1]
    return np.mean(silent, axis=1), np.array(accuracy), int(woken.sum())


def dense_stack(name: str, depth: int, seed: int, width: int = 32) -> Network:
    """A network for the digits: hidden layers of this activation, each with weights of its own gain.

    "SwiGLU" gets two matrices a layer, and so two thirds of the units: the number of weights is about the same.
    """
    from nnutils import activations
    from nnutils.initializers import gain
    from nnutils.layers import ELU, GELU, SELU, Dense, ReLU, Sigmoid, SwiGLU, Tanh
    from nnutils.network import Network

    kinds: Mapping[str, tuple[type[Layer], Function]] = {
        "sigmoid": (Sigmoid, activations.sigmoid),
        "tanh": (Tanh, activations.tanh),
        "ReLU": (ReLU, activations.relu),
        "ELU": (ELU, activations.elu),
        "SELU": (SELU, activations.selu),
        "GELU": (GELU, activations.gelu),
        "SwiGLU": (SwiGLU, activations.silu),
    }
    kind, function = kinds[name]
    gated = name == "SwiGLU"
    units = 2 * width // 3 if gated else width
    std = gain(lambda z: function(z)[0])
    if gated:  # the gate is multiplied by a sum whose mean square is std^2
        std = std**0.5
    chain: list[Layer] = []
    n_in = 64
    for _ in range(depth):
        chain += [Dense(units * (1 + gated), std / n_in**0.5), kind()]
        n_in = units
    return Network(64, [*chain, Dense(10, "lecun")], rng=seed)


def signal_by_layer(name: str, depth: int, X: Array, seed: int) -> Array:
    """The root mean square of the activations after each hidden layer of a new dense_stack, (depth,)."""
    a, sizes = X, []
    with np.errstate(over="ignore"):
        for number, layer in enumerate(dense_stack(name, depth, seed).layers[:-1]):
            a = layer.forward(a)
            if number % 2:  # behind the activation
                sizes.append(np.sqrt(np.mean(a * a)))
    return np.array(sizes)


def at_its_best_rate(
    name: str, depth: int, X: Array, y: NDArray, rates: Sequence[float], epochs: int = 8, starts: int = 4
) -> tuple[float, Array]:
    """Adam's best rate on one split of the digits, and the dev accuracies that it reaches on two others, (2 * starts,).

    Each split has its own order of batches, and each network its own start. All networks of a split train together.
    """
    from nnutils.optimizers import Adam
    from nnutils.training import fit_many

    def trained(lr: Array, split: int, seeds: Sequence[int]) -> Array:
        X_train, y_train, *dev = parts(X, y, split)
        networks = [dense_stack(name, depth, seed) for seed in seeds]
        with np.errstate(all="ignore"):  # some rates are far too large
            settings = {"epochs": epochs, "batch_size": 64, "rng": split, "measure": False}
            fit_many(networks, X_train, y_train, Adam(lr), **settings)
            return np.array([network.accuracy(*dev) for network in networks])

    tried = np.tile(rates, 3)[:, None]
    seeds = np.repeat([100, 101, 102], len(rates)).tolist()
    means = trained(tried, 100, seeds).reshape(3, -1).mean(axis=0)
    best = float(rates[int(np.argmax(means))])
    reached = [
        trained(np.full((starts, 1), best), split, [10 * split + k for k in range(starts)])
        for split in (0, 1)
    ]
    return best, np.concatenate(reached)
