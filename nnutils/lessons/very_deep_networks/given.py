"""What lesson 16 gives: branches and norms for the cases, the trial of a recipe, and deep networks that train side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from nnutils.layers import Layer
    from nnutils.network import Network

Array = NDArray[Any]


@dataclass(frozen=True)
class Linear:
    """x W."""

    W: Array

    def __call__(self, x: Array) -> Array:
        return x @ self.W


@dataclass(frozen=True)
class Rectified:
    """max(x, 0) W."""

    W: Array

    def __call__(self, x: Array) -> Array:
        return np.maximum(x, 0) @ self.W


@dataclass(frozen=True)
class Gated:
    """The backward pass of a branch that ends with a ReLU: d passes where it was open, then W backwards."""

    is_open: Array
    W: Array

    def __call__(self, d: Array) -> Array:
        return (d * self.is_open) @ self.W.T


@dataclass
class Dropping:
    """A branch with dropout: it computes x W, and at each call other units of it are dropped."""

    W: Array
    calls: int = 0

    def __call__(self, x: Array) -> Array:
        self.calls += 1
        mask = (np.arange(self.W.shape[1]) + self.calls) % 3 > 0
        return x @ self.W * mask * 1.5


@dataclass(frozen=True)
class Same:
    """Returns what it gets: the same array, and no copy of it."""

    def __call__(self, x: Array) -> Array:
        return x


@dataclass(frozen=True)
class Narrow:
    """A branch of the wrong width: one number for each example, (m, 1)."""

    def __call__(self, x: Array) -> Array:
        return x.mean(axis=1, keepdims=True)


@dataclass(frozen=True)
class Overflow:
    """A branch whose result is not finite."""

    def __call__(self, x: Array) -> Array:
        return np.full(x.shape, np.inf)


@dataclass(frozen=True)
class OfTheUnits:
    """Layer norm without gain and bias: the units of each example get mean 0 and variance 1."""

    eps: float = 1e-3

    def __call__(self, x: Array) -> Array:
        centred = x - x.mean(axis=1, keepdims=True)
        return centred / np.sqrt(np.mean(centred**2, axis=1, keepdims=True) + self.eps)


# Deep networks, many of them side by side.

WIDTH, CLASSES, BATCH = 16, 10, 32


@dataclass(frozen=True)
class Data:
    """Digits for several runs, a split for each. X: (runs, m, 64), y: (runs, m), and the same of the dev set."""

    X: Array
    y: Array
    X_dev: Array
    y_dev: Array

    def of(self, runs: Sequence[int]) -> Data:
        """The data of some runs; a run may stand there several times."""
        return Data(self.X[runs], self.y[runs], self.X_dev[runs], self.y_dev[runs])


def digits_for(seeds: Sequence[int], m: int = 1200, wrong: float = 0.0) -> Data:
    """m digits to train on for each seed, the others are the dev set. wrong: this share of the training labels is drawn anew."""
    from nnutils.data import digits

    pixels, labels = digits()
    parts: list[tuple[Array, ...]] = []
    for seed in seeds:
        rng = np.random.default_rng(70_000 + seed)
        order = rng.permutation(len(labels))
        X, y = pixels[order], labels[order]
        X = (X - X[:m].mean(axis=0)) / X[:m].std()
        drawn = np.where(rng.random(m) < wrong, rng.integers(CLASSES, size=m), y[:m])
        parts.append((X[:m], drawn, X[m:], y[m:]))
    return Data(*(np.stack(part) for part in zip(*parts, strict=True)))


@dataclass(frozen=True)
class Runs:
    """What came of some runs, one number each: accuracy on the training set and on the dev set."""

    train: Array
    dev: Array


def train(
    networks: Sequence[Network],
    data: Data,
    rates: Sequence[float],
    steps: int,
    seed: int,
    share: Callable[[int], float] | None = None,
    momentum: bool = False,
    batch: int = BATCH,
    measured: int | None = None,
) -> Runs:
    """Train networks of one architecture with Adam, or with momentum, each on its own data, at its own rate, in its own order.

    share: the share of the rate for each step, counted from 0. measured: how many examples of each set are read at the end,
    or None for all.
    """
    from nnutils.activations import softmax
    from nnutils.network import Network
    from nnutils.optimizers import Adam, Momentum

    rng, together = np.random.default_rng(30_000 + seed), Network.stack(networks)
    tops = np.array(rates, float)[:, None]
    optimizer: Any = Momentum(tops) if momentum else Adam(tops)
    runs, m = data.y.shape
    one_hot, run, order, at = np.eye(CLASSES), np.arange(runs)[:, None], None, m
    with np.errstate(all="ignore"):  # some rates are far too large
        for step in range(steps):
            if order is None or at + batch > m:
                order, at = rng.permuted(np.tile(np.arange(m), (runs, 1)), axis=1), 0
            rows = order[:, at : at + batch]
            at += batch
            p = softmax(together.logits(data.X[run, rows], training=True))
            together.backpropagate((p - one_hot[data.y[run, rows]]) / batch)
            if share:
                optimizer.lr = tops * share(step)
            optimizer.update(together.theta, together.grad)
        sets = ((data.X, data.y), (data.X_dev, data.y_dev))
        return Runs(*(_accuracy(together, X[:, :measured], y[:, :measured]) for X, y in sets))


def _accuracy(together: Network, X: Array, y: Array) -> Array:
    z = together.logits(X)
    return (np.isfinite(z).all(axis=-1) & (z.argmax(axis=-1) == y)).mean(axis=-1)


def choose_and_report(
    build: Callable[[int], Network],
    choose: Data,
    report: Data,
    steps: int,
    seed: int,
    rates: Sequence[float],
    by: str = "train",
) -> tuple[float, Runs]:
    """The rate with the best mean accuracy on some runs (on 300 examples of each), and what it reaches on others.

    build: makes a network from a seed. by: whose accuracy chooses the rate, that of the training set ("train") or of the dev set.
    """
    few, many = len(choose.y), len(report.y)
    lanes = [(rate, run) for rate in rates for run in range(few)]
    networks = [build(100 * seed + run) for _, run in lanes]
    tried = train(
        networks, choose.of([run for _, run in lanes]), [rate for rate, _ in lanes], steps, seed, measured=300
    )
    means = getattr(tried, by).reshape(len(rates), few).mean(axis=1)
    best = float(rates[int(means.argmax())])
    networks = [build(100 * seed + few + run) for run in range(many)]
    return best, train(networks, report, [best] * many, steps, seed + 1)


def logistic(seed: int) -> Network:
    """No hidden layer at all."""
    from nnutils.layers import Dense
    from nnutils.network import Network

    return Network(64, [Dense(CLASSES)], rng=seed)


def deep(
    layers: int,
    seed: int,
    shortcut: bool = False,
    norm: str = "none",
    scale: float = 1.0,
    begin: str = "random",
    keep_last: float = 1.0,
    at_random: bool = True,
    width: int = WIDTH,
) -> Network:
    """A dense layer, then `layers` blocks of norm, ReLU and a dense layer, then norm, ReLU and the output.

    norm: "none", "batch" or "layer". scale: of each branch. begin: "random"; "zero weights", of each branch's dense layer; or
    "zero gain", a trained factor at the end of each branch. keep_last: the last block is kept with this probability, and those
    before it more often (stochastic depth); with at_random=False all are kept, and multiplied by their probability.
    """
    from nnutils import layers as L
    from nnutils.network import Network

    kinds: Mapping[str, type[Layer] | None] = {"none": None, "batch": L.BatchNorm, "layer": L.LayerNorm}
    normed = kinds[norm]

    def norms() -> list[Layer]:
        return [normed()] if normed else []

    chain: list[Layer] = [L.Dense(width)]
    for block in range(1, layers + 1):
        keep = 1 - block / layers * (1 - keep_last)
        branch: list[Layer] = [*norms(), L.ReLU(), L.Dense(width, 0.0 if begin == "zero weights" else "he")]
        if begin == "zero gain":
            branch.append(L.Scale())
        if keep < 1 and at_random:
            branch.append(L.DropPath(keep))
        factor = scale if at_random else scale * keep
        chain += [L.Residual(branch, factor)] if shortcut else branch
    return Network(64, [*chain, *norms(), L.ReLU(), L.Dense(CLASSES)], rng=seed)


def post_or_pre(layers: int, seed: int, place: str) -> Network:
    """Blocks of two dense layers with a shortcut. Layer norm stands "post", after each sum, or "pre", before each branch."""
    from nnutils import layers as L
    from nnutils.network import Network

    chain: list[Layer] = [L.Dense(WIDTH)]
    for _ in range(layers // 2):
        branch: list[Layer] = [L.Dense(WIDTH), L.ReLU(), L.Dense(WIDTH)]
        chain += (
            [L.Residual([L.LayerNorm(), *branch])] if place == "pre" else [L.Residual(branch), L.LayerNorm()]
        )
    return Network(
        64,
        [*chain, *([L.LayerNorm()] if place == "pre" else []), L.Dense(CLASSES)],
        rng=seed,
    )


def arriving(network: Network, X: Array, seed: int) -> float:
    """How much of a gradient arrives: its length at the first block's input, over that at the last block's output."""
    from nnutils.layers import Dense, Residual

    rng = np.random.default_rng(50_000 + seed)
    network.logits(X, training=True)
    d = rng.normal(size=(len(X), CLASSES))
    blocks = [i for i, layer in enumerate(network.layers[:-1]) if isinstance(layer, Dense | Residual)]
    lengths = {}
    for i in range(len(network.layers) - 1, blocks[0], -1):
        d = network.layers[i].backward(d)
        lengths[i] = float(np.linalg.norm(d))
    return lengths[blocks[0] + 1] / lengths[blocks[-1] + 1]


# The trial of a recipe for 40 layers.

LAYERS, BUDGET = 40, 3200
KEYS = ("shortcut", "norm", "scale", "begin", "optimizer", "rate", "warmup", "schedule", "batch")
CHOICES = {
    "norm": ("none", "batch", "layer"),
    "begin": ("random", "zero weights", "zero gain"),
    "optimizer": ("momentum", "adam"),
    "schedule": ("constant", "cosine"),
}
LEAST_BATCH, MOST_BATCH = 16, 320


def try_recipe(design: object, seed: int) -> float:
    """The accuracy on new digits after training 40 layers by this recipe, on 3 200 examples in all.

    Raises ValueError for what is no such recipe.
    """
    recipe = _recipe(design)
    data = digits_for([seed])
    steps = BUDGET // recipe["batch"]
    rise = recipe["warmup"] * steps

    def share(step: int) -> float:
        if step < rise:
            return (step + 1) / (rise + 1)
        if recipe["schedule"] == "constant":
            return 1.0
        return float(0.5 * (1 + np.cos(np.pi * (step - rise) / (steps - rise))))

    network = deep(LAYERS, seed, recipe["shortcut"], recipe["norm"], recipe["scale"], recipe["begin"])
    runs = train(
        [network],
        data,
        [recipe["rate"]],
        steps,
        seed,
        share,
        recipe["optimizer"] == "momentum",
        recipe["batch"],
    )
    return float(runs.dev[0])


def _recipe(design: object) -> dict[str, Any]:
    """A recipe, checked before anything is trained."""
    if not isinstance(design, dict) or set(design) != set(KEYS):
        raise ValueError(f"the recipe should be a dict with the keys {', '.join(KEYS)}")
    if not isinstance(design["shortcut"], bool | np.bool_):
        raise ValueError("shortcut should be True or False")
    for key, options in CHOICES.items():
        if not isinstance(design[key], str) or design[key] not in options:
            raise ValueError(f"{key} should be one of {', '.join(options)}")
    numbers: dict[str, float] = {}
    for key, low, high in (("scale", 0.1, 10), ("rate", 0, 10), ("warmup", 0, 0.9)):
        value = design[key]
        if not isinstance(value, int | float | np.integer | np.floating) or isinstance(value, bool):
            raise ValueError(f"{key} should be a number")
        if not low <= value <= high:
            raise ValueError(f"{key} should be from {low} to {high}")
        numbers[key] = float(value)
    batch = design["batch"]
    if not isinstance(batch, int | np.integer) or isinstance(batch, bool):
        raise ValueError("batch should be a whole number")
    if not LEAST_BATCH <= batch <= MOST_BATCH:
        raise ValueError(f"batch should be from {LEAST_BATCH} to {MOST_BATCH}")
    chosen = {key: str(design[key]) for key in CHOICES}
    return {"shortcut": bool(design["shortcut"]), "batch": int(batch), **chosen, **numbers}
