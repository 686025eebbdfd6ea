"""What lesson 21 gives: the project's pictures, its plain baselines, a training that a recipe describes, and the sealed test."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from nnutils.network import Network

LETTERS, SIDE, DIFFICULTY, BRIGHTER = "ABCDEFGHIJ", 12, 0.6, 3.0
TRAIN, DEV, TEST = 600, 600, 1000
MOST_EXAMPLES, MOST_PARAMETERS = 36_000, 40_000  # the budget of a recipe, of all its members together
DEFAULTS: dict[str, Any] = {
    "hidden": (64,),
    "activation": "relu",
    "batch_norm": False,
    "keep_prob": 1.0,
    "optimizer": "adam",
    "lr": 0.003,
    "schedule": "constant",
    "epochs": 20,
    "batch_size": 50,
    "weight_decay": 0.0,
    "average": 0.0,
    "turn": 0.0,
    "shift": 0.0,
    "negative": 0.0,
    "mixup": 0.0,
    "smoothing": 0.0,
    "members": 1,
}
RANGES = {  # the least and the largest that a number may be
    "keep_prob": (0.1, 1), "lr": (1e-6, 100), "weight_decay": (0, 100), "average": (0, 0.9999), "turn": (0, 180),
    "shift": (0, 6), "negative": (0, 1), "mixup": (0, 10), "smoothing": (0, 0.9), "members": (1, 20), "epochs": (1, 200),
    "batch_size": (20, TRAIN),
}  # fmt: skip
CHOICES = {
    "activation": ("relu", "leaky_relu", "elu", "selu", "gelu", "silu", "tanh", "sigmoid"),
    "optimizer": ("sgd", "momentum", "adam", "nadam"),
    "schedule": ("constant", "linear", "cosine", "warmup", "one_cycle"),
}
WHOLE = ("members", "epochs", "batch_size")
MOST_LAYERS = 24


@dataclass(frozen=True)
class Pictures:
    """Letters to name: X (m, 144), each picture without its mean, y (m,), for training, for decisions, and for the end."""

    X: NDArray
    y: NDArray
    X_dev: NDArray
    y_dev: NDArray
    X_test: NDArray
    y_test: NDArray


@functools.lru_cache(maxsize=16)
def pictures(seed: int, train: int = TRAIN, letters: str = LETTERS) -> Pictures:
    """The project's data of a seed: other letters drawn, none of them in two parts."""

    from nnutils.data import drawn_characters

    drawn = drawn_characters(train + DEV + TEST, letters, DIFFICULTY, SIDE, seed)
    X = BRIGHTER * (drawn.X - drawn.X.mean(axis=1, keepdims=True)).astype(np.float32)
    ends = train, train + DEV
    parts = zip(np.split(X, ends), np.split(drawn.y, ends), strict=True)
    return Pictures(*(array for part in parts for array in part))


# --- plain baselines ---------------------------------------------------------------------------------------------------


def constant(X: NDArray, y: NDArray, X_new: NDArray) -> NDArray:
    """The most frequent class, whatever is seen."""
    return np.full(len(X_new), np.bincount(y).argmax())


def logistic_regression(X: NDArray, y: NDArray, X_new: NDArray) -> NDArray:
    """No hidden layer, L2, 60 epochs of Adam."""

    from nnutils.network import dense_network
    from nnutils.optimizers import Adam
    from nnutils.training import fit

    network = dense_network([X.shape[1], int(y.max()) + 1], l2=10.0, dtype=np.float32)
    fit(network, X, y, Adam(0.01), epochs=60, batch_size=100, measure=False)
    return network.predict(X_new)


def nearest_neighbour(X: NDArray, y: NDArray, X_new: NDArray) -> NDArray:
    """The class of the training picture that is nearest (1-NN)."""
    return y[_squares(X_new, X).argmin(axis=1)]


def kernel_machine(X: NDArray, y: NDArray, X_new: NDArray) -> NDArray:
    """A least-squares SVM with the kernel exp(-distance^2 / width), a ridge regression on it (Suykens & Vandewalle 1999)."""
    near = _squares(X, X)
    width = near.mean()
    K = np.exp(-near / width) + 0.03 * np.eye(len(X))
    weights = np.linalg.solve(K, 2 * np.eye(int(y.max()) + 1)[y] - 1)
    return (np.exp(-_squares(X_new, X) / width) @ weights).argmax(axis=1)


BASELINES = {
    "constant": constant,
    "logistic regression": logistic_regression,
    "1-NN": nearest_neighbour,
    "kernel machine": kernel_machine,
}


def _squares(A: NDArray, B: NDArray) -> NDArray:
    """The squared distance of each row of A to each row of B."""
    A, B = A.astype(float), B.astype(float)
    return np.maximum((A**2).sum(axis=1)[:, None] - 2 * A @ B.T + (B**2).sum(axis=1), 0)


# --- a training that a recipe describes --------------------------------------------------------------------------------


def checked(recipe: Mapping[str, Any]) -> dict[str, Any]:
    """The recipe with all its settings.

    Raises
    ------
    ValueError: it has an unknown setting, a value out of range, or is over the budget.
    """
    if not isinstance(recipe, Mapping):
        raise ValueError("a recipe is a dict: the names of settings, each with its value")
    if set(recipe) - set(DEFAULTS):
        raise ValueError(f"a recipe has no other settings than {', '.join(DEFAULTS)}")
    full = DEFAULTS | dict(recipe)
    for name, (low, high) in RANGES.items():
        if not _number(full[name], name in WHOLE) or not low <= full[name] <= high:
            kind = "a whole number" if name in WHOLE else "a number"
            raise ValueError(f"{name} is {kind} from {low:g} to {high:g}")
    for name, options in CHOICES.items():
        if not isinstance(full[name], str) or full[name] not in options:
            raise ValueError(f"{name} is one of {', '.join(options)}")
    if not isinstance(full["batch_norm"], bool | np.bool_):
        raise ValueError("batch_norm is True or False")
    hidden = full["hidden"]
    if not isinstance(hidden, tuple | list) or len(hidden) > MOST_LAYERS:
        raise ValueError(f"hidden is a tuple of {MOST_LAYERS} widths at most")
    if not all(_number(width, whole=True) and 1 <= width <= 1000 for width in hidden):
        raise ValueError("the widths in hidden are whole numbers from 1 to 1000")
    return full


def within_budget(full: Mapping[str, Any]) -> None:
    """Raise ValueError if the members together see more examples, or have more parameters, than the project allows."""
    sizes = [SIDE * SIDE, *full["hidden"], len(LETTERS)]
    parameters = sum((a + 1) * b for a, b in zip(sizes, sizes[1:], strict=False)) * full["members"]
    if parameters > MOST_PARAMETERS:
        raise ValueError(f"all members together may have {MOST_PARAMETERS} weights and biases")
    if full["epochs"] * full["members"] * TRAIN > MOST_EXAMPLES:
        epochs = MOST_EXAMPLES // TRAIN
        raise ValueError(f"all members together may be trained for {epochs} epochs, {MOST_EXAMPLES} examples")


def _number(value: Any, whole: bool = False) -> bool:
    kinds = (int, np.integer) if whole else (int, float, np.integer, np.floating)
    return isinstance(value, kinds) and not isinstance(value, bool) and math.isfinite(value)


def rate(schedule: str, step: int, total: int, lr: float) -> float:
    """The learning rate of a step. "warmup": a tenth of the run upwards, then a cosine; "linear": from lr down, no rise."""

    from nnutils import schedules

    if schedule == "linear":
        return lr * (1 - step / total)
    if schedule == "cosine":
        return schedules.cosine(step, total, lr)
    if schedule == "warmup":
        return schedules.warmup_cosine(step, max(1, total // 10), total, lr)
    return schedules.one_cycle(step + 1, total + 1, lr) if schedule == "one_cycle" else lr


def build(full: Mapping[str, Any], n_in: int, n_out: int, rng: np.random.Generator, dtype: Any) -> Network:
    """The untrained network: He's variance, or LeCun's for SELU."""

    from nnutils.network import dense_network

    return dense_network(
        [n_in, *full["hidden"], n_out],
        activation=full["activation"],
        keep_prob=full["keep_prob"],
        batch_norm=bool(full["batch_norm"]),
        init="lecun" if full["activation"] == "selu" else "he",
        rng=rng,
        dtype=dtype,
    )


def train(
    recipe: Mapping[str, Any],
    data: Sequence[Pictures],
    seeds: Sequence[int],
    l1: float = 0.0,
    start: Any = None,
) -> Network:
    """A network for each of the data, trained side by side: a stack. A seed decides start, order and changes of a run.

    l1 adds l1/m sum |W| to the cost, by a proximal step. start: a stack of networks to begin with.
    """

    from nnutils.activations import softmax
    from nnutils.averages import weight_average
    from nnutils.network import Network
    from nnutils.optimizers import SGD, Adam, Momentum, Nadam

    full = checked(recipe)
    rngs = [np.random.default_rng(seed) for seed in seeds]
    X, y = np.stack([one.X for one in data]), np.stack([one.y for one in data])
    k = int(y.max()) + 1
    fresh = [build(full, X.shape[-1], k, rng, np.float32) for rng in rngs]
    network = start or Network.stack(fresh)
    kinds = {"sgd": SGD, "momentum": Momentum, "adam": Adam, "nadam": Nadam}
    optimizer = kinds[full["optimizer"]](full["lr"], weight_decay=full["weight_decay"])
    m, size = X.shape[1], full["batch_size"]
    total, step = full["epochs"] * math.ceil(m / size), 0
    average: NDArray = network.theta.copy()
    for _ in range(full["epochs"]):
        changed = [_epoch(full, a, b, k, rng) for a, b, rng in zip(X, y, rngs, strict=True)]
        pixels, targets = (np.stack(part) for part in zip(*changed, strict=True))
        for first in range(0, m, size):
            x, t = pixels[:, first : first + size], targets[:, first : first + size]
            optimizer.lr = rate(full["schedule"], step, total, full["lr"])
            p = softmax(network.logits(x, training=True))
            network.backpropagate((p - t) / np.float32(x.shape[1]))
            optimizer.update(network.theta, network.grad)
            for W in network.weights if l1 else ():
                W[...] = np.sign(W) * np.maximum(np.abs(W) - optimizer.lr * l1 / m, 0)
            if full["average"]:
                average = weight_average(average, network.theta, full["average"], step)
            step += 1
    if full["average"]:
        network.theta[...] = average
    return network


def _epoch(
    full: Mapping[str, Any], X: NDArray, y: NDArray, k: int, rng: np.random.Generator
) -> tuple[NDArray, NDArray]:
    """The pictures of an epoch in a new order, changed, and rows of probabilities for them."""

    from nnutils.augmentation import affine, mixup, smooth_labels

    order = rng.permutation(len(y))
    images, Y = X[order], np.eye(k)[y[order]]
    turn = rng.uniform(-full["turn"], full["turn"], len(y))
    shift = rng.uniform(-full["shift"], full["shift"], (len(y), 2))
    if full["turn"] or full["shift"]:
        side, parts = (
            math.isqrt(X.shape[1]),
            math.ceil(len(y) / 50),
        )  # 50 at a time: they fit into the processor's cache
        pieces = (np.array_split(a, parts) for a in (images.reshape(-1, side, side), turn, shift))
        images = np.concatenate([affine(*piece) for piece in zip(*pieces, strict=True)]).reshape(len(y), -1)
    images = np.where(rng.random((len(y), 1)) < full["negative"], -images, images)
    if full["smoothing"]:
        Y = smooth_labels(Y, full["smoothing"])
    if full["mixup"]:
        lam = rng.beta(full["mixup"], full["mixup"])
        images, Y = mixup(images, Y, lam, rng.permutation(len(y)))
    return images.astype(np.float32), Y.astype(np.float32)


def logits(recipe: Mapping[str, Any], data: Pictures, seed: int, X: NDArray) -> NDArray:
    """Log probabilities (n, k) of X after the training of a recipe: of its members the mean probability's logarithm."""

    from nnutils.activations import softmax

    full = checked(recipe)
    members = full["members"]
    network = train(full, [data] * members, [seed + 1000 * i for i in range(members)])
    proba = softmax(network.logits(np.stack([X] * members)).astype(float)).mean(axis=0)
    return np.log(np.maximum(proba, 1e-12))


# --- the sealed test ---------------------------------------------------------------------------------------------------


def lead(right: NDArray, rival: NDArray) -> float:
    """By how many standard errors one is ahead on the same pictures. right, rival: (n,), where each was right.

    The error is that of paired differences (lesson 01): sqrt((d - (p - q)^2) / n), d the share on which one alone is right.
    """
    gain = float(np.mean(right) - np.mean(rival))
    differ = float(np.mean(right != rival))
    return gain / math.sqrt(max(differ - gain**2, 1 / len(right)) / len(right))


def try_recipe(recipe: Mapping[str, Any], seed: int) -> float:
    """The lead over the best plain baseline, in standard errors, on sealed pictures of a seed.

    Raises
    ------
    ValueError: the recipe has an unknown setting, a value out of range, or is over the budget.
    """
    full = checked(recipe)
    within_budget(full)
    data = pictures(seed)
    rivals = [rule(data.X, data.y, data.X_test) == data.y_test for rule in BASELINES.values()]
    with np.errstate(all="ignore"):
        named = logits(full, data, seed, data.X_test).argmax(axis=1)
    return lead(named == data.y_test, max(rivals, key=np.mean))
