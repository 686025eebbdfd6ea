"""What lesson 20 gives: a training program that is healthy or has one fault, and the trial of an examination."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from nnutils.network import Network

Array = NDArray[Any]

FAULTS = ("inputs", "labels", "leak", "start", "loss", "rate", "decay", "mode")
HEALTHY = "healthy"
EXAMPLES, BATCH, EPOCHS, CLASSES = 300, 30, 15, 10
DIGITS = 1797  # of the data set
FORMS = {
    "inputs": ("four in other units", "far from 0", "tiny"),
    "labels": ("one row too late", "two thirds mixed"),
    "leak": ("dev has been seen", "the answer is in X"),
    "start": ("weights too small", "weights too large", "units alike"),
    "loss": ("softmax twice", "sum for mean", "penalty turned"),
    "rate": ("too high", "too low"),
    "decay": ("penalty not / m", "rate by the step"),
    "mode": ("norm in training", "dropout left on"),
}
SEAL, PRIME = 1442695040888963407, 2**61 - 1  # so that a program's number does not show what is wrong with it


def program(fault: str = "", seed: int = 0, form: int = 0, norm: bool | None = None) -> Program:
    """A training program with this fault, or a healthy one.

    form: which of the fault's forms, from 0. seed: of data, start and order. norm: whether the network has batch norm, or
    dropout; None: drawn by the seed. Some forms need the one or the other, whatever is asked for.
    """
    kind = FAULTS.index(fault) if fault else len(FAULTS)
    body = 0 if norm is None else 1 + norm
    from nnutils.data import digits

    X, y = digits()
    X = X[:, X.std(axis=0) > 0.1]
    _, _, rows = _drawn(seed, len(y))
    pictures, labels = np.rint(16 * X[rows]).astype(np.uint8), y[rows].astype(np.uint8)
    return Program(((seed * 4 + body) * 64 + form * 16 + kind + 1) * SEAL % PRIME, pictures, labels)


def _drawn(seed: int, n: int) -> tuple[np.random.Generator, bool, Array]:
    """A program's generator, whether it has a norm where nobody says so, and which of n digits it has."""
    rng = np.random.default_rng([seed, 20])
    return rng, bool(rng.integers(2)), rng.permutation(n)[: 3 * EXAMPLES]


def _unsealed(number: int) -> tuple[str, int, int, bool | None]:
    """What `program` made this number of: fault, form, seed and norm."""
    rest, code = divmod(number * pow(SEAL, -1, PRIME) % PRIME - 1, 64)
    (seed, body), (form, kind) = divmod(rest, 4), divmod(code, 16)
    return (*FAULTS, "")[kind], form, seed, bool(body - 1) if body else None


@dataclass(frozen=True)
class Program:
    """A training that somebody hands to you. `begin` starts it anew, `log` is what it reported when it ran.

    X: (300, n), y: (300,): the training examples as the network gets them. X_dev, y_dev: the dev set. X_new, y_new:
    examples that came later, from use.
    """

    number: int
    pictures: Array = field(
        repr=False, compare=False
    )  # as they are stored, 0 to 16: a stranger's process has no data sets
    labels: Array = field(repr=False, compare=False)

    @property
    def _parts(self) -> dict[str, Any]:
        return _parts_of(self)

    @property
    def X(self) -> Array:
        return self._parts["X"].copy()

    @property
    def y(self) -> Array:
        return self._parts["y"].copy()

    @property
    def X_dev(self) -> Array:
        return self._parts["X_dev"].copy()

    @property
    def y_dev(self) -> Array:
        return self._parts["y_dev"].copy()

    @property
    def X_new(self) -> Array:
        return self._parts["X_new"].copy()

    @property
    def y_new(self) -> Array:
        return self._parts["y_new"].copy()

    def begin(self, times: float = 1.0) -> Run:
        """The program at its first weights. times: a factor of the learning rate."""
        return Run(self._parts, times)

    @functools.cached_property
    def log(self) -> dict[str, Array]:
        """Its own report: the "cost" of each step, and the accuracy on "train", "dev" and "new" after each epoch."""
        run = self.begin()
        told: dict[str, list[float]] = {"cost": [], "train": [], "dev": [], "new": []}
        for _ in range(EPOCHS):
            told["cost"] += run.epoch()
            for part, end in {"train": "", "dev": "_dev", "new": "_new"}.items():
                told[part].append(run.accuracy(self._parts[f"X{end}"], self._parts[f"y{end}"]))
        return {name: np.array(values) for name, values in told.items()}


class Run:
    """One training of a program, step by step."""

    def __init__(self, parts: dict[str, Any], times: float) -> None:
        self._parts, self._times, self._steps = parts, float(times), 0
        self._network: Network = parts["network"].copy()
        self._rng = np.random.default_rng([parts["seed"], 1])

    def step(self, X: Array, y: Array) -> float:
        """One update on this batch. Returns the cost before it, as the program computes it."""
        parts, network = self._parts, self._network
        decay = parts["decay"] ** (self._steps // parts["every"])
        with np.errstate(all="ignore"):  # a sick one may run away
            cost = network.loss_and_grad(X, y, max(EXAMPLES, len(X)))
            network.theta -= self._times * parts["lr"] * decay * network.grad
        self._steps += 1
        return float(cost)

    def epoch(self) -> list[float]:
        """One pass over the training examples, in batches of 30. Returns the costs."""
        X, y = self._parts["X"], self._parts["y"]
        rows = self._rng.permutation(len(y)).reshape(-1, BATCH)
        return [self.step(X[batch], y[batch]) for batch in rows]

    def cost(self, X: Array, y: Array) -> float:
        """The cost of these examples as the program computes it in training. Changes nothing."""
        network = self._network.copy()
        return float(network.loss(X, y, training=True, m=max(EXAMPLES, len(X))))

    def gradient(self, X: Array, y: Array) -> list[Array]:
        """The gradient of this cost by the weights of each layer, first to last. Changes nothing."""
        network = self._network.copy()
        network.loss_and_grad(X, y, max(EXAMPLES, len(X)))
        return [layer.dW for layer in network.layers if hasattr(layer, "dW")]

    def probabilities(self, X: Array) -> Array:
        """What the program says of these examples when it evaluates, (m, 10). It takes them in batches of 30."""
        batches = np.split(X, range(BATCH, len(X), BATCH))
        return np.concatenate([self._evaluated(batch) for batch in batches])

    def _evaluated(self, X: Array) -> Array:
        if self._parts["evaluation"]:
            network = self._network.copy() if self._parts["norm"] else self._network
            return network.forward(X, training=True, rng=self._rng)
        return self._network.forward(X)

    def accuracy(self, X: Array, y: Array) -> float:
        """The share that the program names rightly."""
        return float(np.mean(self.probabilities(X).argmax(axis=1) == y))

    def weights(self) -> list[Array]:
        """Copies of the weights of each layer, first to last."""
        return [W.copy() for W in self._network.weights]

    def activations(self, X: Array) -> list[Array]:
        """What each hidden layer gives to the next, after ReLU, (m, units) each. Changes nothing."""
        from nnutils.layers import ReLU

        a, found = X, []
        network = self._network.copy()
        for layer in network.layers:
            a = layer.forward(a, self._parts["norm"])
            if isinstance(layer, ReLU):
                found.append(a.copy())
        return found


@functools.lru_cache(maxsize=64)
def _parts_of(program: Program) -> dict[str, Any]:
    """All that a program is made of."""
    fault, form, seed, asked = _unsealed(program.number)
    rng, drawn, _ = _drawn(seed, DIGITS)
    norm = drawn if asked is None else asked
    if fault == "mode":
        norm = form == 0
    if (fault == "start" and form == 0) or (fault == "inputs" and form) or (fault == "decay" and form == 0):
        norm = False  # a norm would hide it
    parts: dict[str, Any] = {"seed": seed, "norm": norm, "lr": 0.2, "decay": 0.9, "every": EXAMPLES // BATCH}
    parts |= {"evaluation": fault == "mode", "l2": 0.3}
    _data(parts, program.pictures / 16, program.labels.astype(int), fault, form, rng)
    if fault == "rate":
        parts["lr"] *= (60 if norm else 25, 0.01)[form]
    if fault == "decay":
        parts |= ({"l2": 0.3 * EXAMPLES}, {"every": 1})[form]
    parts["network"] = _network(fault, form, seed, norm, parts["l2"], parts["X"].shape[1])
    return parts


def _data(parts: dict[str, Any], X: Array, y: Array, fault: str, form: int, rng: np.random.Generator) -> None:
    """Digits, standardized by the training examples, and what a fault does to them."""
    train = slice(EXAMPLES)
    X = (X - X[train].mean(axis=0)) / np.maximum(X[train].std(axis=0), 0.2)
    spoil = {"inputs": _spoil_inputs, "labels": _spoil_labels, "leak": _leak}.get(fault)
    if spoil:
        spoil(X, y, form, rng)
    for k, end in enumerate(("", "_dev", "_new")):
        part = slice(k * EXAMPLES, (k + 1) * EXAMPLES)
        order = np.argsort(y[part], kind="stable") if end else np.arange(EXAMPLES)
        parts[f"X{end}"], parts[f"y{end}"] = X[part][order], y[part][order]


def _spoil_inputs(X: Array, y: Array, form: int, rng: np.random.Generator) -> None:
    """Four features in another unit; all of them far from 0; all of them tiny."""
    if form == 0:
        X[:, rng.choice(X.shape[1], size=4, replace=False)] *= rng.uniform(30, 100)
    elif form == 1:
        X += rng.uniform(20, 50)
    else:
        X *= rng.uniform(0.005, 0.02)


def _spoil_labels(X: Array, y: Array, form: int, rng: np.random.Generator) -> None:
    """In training and dev: each label stands one row too late; two of three labels are mixed."""
    for part in (slice(EXAMPLES), slice(EXAMPLES, 2 * EXAMPLES)):
        if form == 0:
            y[part] = np.roll(y[part], 1)
        else:
            mixed = rng.choice(EXAMPLES, size=2 * EXAMPLES // 3, replace=False)
            y[part][mixed] = y[part][rng.permutation(mixed)]


def _leak(X: Array, y: Array, form: int, rng: np.random.Generator) -> None:
    """Two of three dev examples are training examples; or four features hold the label, but not in use."""
    if form == 0:
        copies = rng.choice(EXAMPLES, size=2 * EXAMPLES // 3, replace=False)
        X[EXAMPLES + copies], y[EXAMPLES + copies] = X[copies], y[copies]
    else:
        places = rng.choice(X.shape[1], size=4, replace=False)
        code = y[:, None] >> np.arange(4) & 1  # the label's number, in bits
        X[:, places] = 2.0 * code - 1 + 0.02 * rng.normal(size=code.shape)
        X[2 * EXAMPLES :, places] = 0


def _network(fault: str, form: int, seed: int, norm: bool, l2: float, n_in: int) -> Network:
    """The network at its first weights."""
    from nnutils.layers import Dense
    from nnutils.losses import Loss
    from nnutils.network import dense_network

    keep = 1.0 if norm else 0.65
    network = dense_network([n_in, 64, 64, CLASSES], batch_norm=norm, keep_prob=[1.0, keep], rng=seed, l2=l2)
    dense = [layer for layer in network.layers if isinstance(layer, Dense)]
    dense[-1].W *= 0.2
    if fault == "start":  # too small, too large, all units of a layer alike
        for layer in dense:
            layer.W *= (0.05, 12, 1)[form]
        for layer in dense[:-1] if form == 2 else []:
            layer.W[:] = layer.W[:, :1]
    if fault == "loss":  # softmax twice, the sum for the mean, a penalty with the wrong sign
        network.objective = (
            Loss("softmax", _twice, _softmax_twice),
            Loss("softmax", _sum, network.objective.output),
            network.objective,
        )[form]
        network.l2 = -10.0 if form == 2 else l2
    return network


def _softmax_twice(z: ArrayLike) -> Array:
    from nnutils.activations import softmax

    return softmax(softmax(z))


def _twice(z: ArrayLike, y: ArrayLike) -> tuple[Any, Array]:
    from nnutils.activations import softmax
    from nnutils.losses import softmax_cross_entropy

    p = softmax(z)
    cost, dp = softmax_cross_entropy(p, y)
    return cost, p * (dp - np.sum(p * dp, axis=-1, keepdims=True))


def _sum(z: ArrayLike, y: ArrayLike) -> tuple[Any, Array]:
    from nnutils.losses import softmax_cross_entropy

    cost, d = softmax_cross_entropy(z, y)
    return cost * np.size(y), d * np.size(y)


def sick_train(
    X: Array,
    Y: Array,
    U1: Array,
    U2: Array,
    lr: float,
    decay: float,
    lam: float,
    batch_size: int,
    epochs: int,
) -> tuple[Array, Array, Array]:
    """The training that the exercise `train` repairs, with its four faults."""
    m, n = X.shape
    W1, W2 = U1 * np.sqrt(2 * n), U2 * np.sqrt(2 / len(U2))
    costs: list[float] = []
    for _ in range(epochs):
        for start in range(0, m, batch_size):
            batch = slice(start, start + batch_size)
            a = np.maximum(X[batch] @ W1, 0)
            z = a @ W2
            p = np.exp(z - z.max(axis=1, keepdims=True))
            p = p / p.sum(axis=1, keepdims=True)
            loss = -np.mean(np.log(np.sum(p * Y[batch], axis=1) + 1e-300))
            costs.append(loss + lam / (2 * m) * (np.sum(W1**2) + np.sum(W2**2)))
            dz = p - Y[batch]
            da = (dz @ W2.T) * (a > 0)
            rate = lr * decay ** (len(costs) - 1)
            W1, W2 = W1 - rate * (X[batch].T @ da - lam / m * W1), W2 - rate * (a.T @ dz - lam / m * W2)
    return W1, W2, np.array(costs)


def try_examination(design: object, seed: int, patient: Program) -> float:
    """1.0 if the design is the name of what is wrong with the patient, else 0.0. The trial draws nothing from the seed.

    Raises ValueError for what is no name of the list.
    """
    if not isinstance(design, str) or design not in (*FAULTS, HEALTHY):
        raise ValueError(f"the answer should be one of the names {', '.join((*FAULTS, HEALTHY))}")
    return float(design == (_unsealed(patient.number)[0] or HEALTHY))


MOST_UPDATES = 2000  # of a pupil, who has learned any few examples long before


@dataclass(frozen=True)
class Pupil:
    """Learns examples by heart: each call is one update, counted in `done`, (1,), in place.

    Column 0 of X says how hard an example is, and column 1 is its right label. One with a wrong label is much harder.
    """

    done: Array
    slow: float

    def __call__(self, X: Array, y: Array) -> float:
        """One update on these examples. Returns their cost before it: it falls the more slowly the harder they all are.

        Raises ValueError where there are no examples, or where it is called again and again, so that nobody waits for hours.
        """
        if len(y) == 0:
            raise ValueError("step was given no examples")
        if self.done[0] >= MOST_UPDATES:
            raise ValueError(
                f"step was called more than {MOST_UPDATES} times: stop at the first cost below the goal"
            )
        hard = float(np.sum(X[:, 0] * (1 + 9 * (X[:, 1] != y))))
        cost = float(np.exp(-self.done[0] / (self.slow * hard)))
        self.done[0] += 1
        return cost


def fit_baseline(X: Array, y: Array, X_new: Array, y_new: Array) -> float:
    """The accuracy on new examples of logistic regression, trained by Adam."""
    from nnutils.network import dense_network
    from nnutils.optimizers import Adam
    from nnutils.training import fit

    network = dense_network([X.shape[1], CLASSES], init=0.0, l2=1.0)
    fit(network, X, y, Adam(0.02), epochs=150, measure=False)
    return float(network.accuracy(X_new, y_new))


def fit_with_norm(X: Array, y: Array) -> dict[str, Any]:
    """A trained network with batch norm and dropout, as the dict that the exercise `evaluate` gets."""
    from nnutils.network import dense_network
    from nnutils.optimizers import Adam
    from nnutils.training import fit

    network = dense_network([X.shape[1], 32, CLASSES], batch_norm=True, keep_prob=0.8)
    fit(network, X, y, Adam(0.01), epochs=20, batch_size=30, measure=False)
    norm = {"gamma": "gamma", "beta": "beta", "mean": "running_mean", "var": "running_var"}
    params = network.get_params()
    net: dict[str, Any] = {name: params[f"1.{own}"] for name, own in norm.items()}
    return net | {"W1": params["0.W"], "W2": params["4.W"], "b2": params["4.b"], "keep_prob": 0.8}
