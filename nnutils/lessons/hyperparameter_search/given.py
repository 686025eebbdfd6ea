"""What lesson 17 gives: runs for the cases, and the trial of a search policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


@dataclass(frozen=True)
class Training:
    """Training that can be resumed. curves: {config: losses after 1, 2, 3, ... steps}.

    Called as train(config, steps, state), with state None at first; it goes on by `steps` steps and returns (loss, state).
    """

    curves: Mapping[Any, Array]

    def __call__(self, config: Any, steps: int, state: Any) -> tuple[float, Any]:
        if not isinstance(steps, int | np.integer) or isinstance(steps, bool) or steps < 1:
            raise ValueError("steps should be a whole number of steps, 1 or more")
        if state is None:
            state = (config, 0)
        if not (isinstance(state, tuple) and len(state) == 2 and state[0] == config):
            raise ValueError("the state is not that of this config: give back what train returned for it")
        done = state[1] + int(steps)
        curve = self.curves[config]
        return float(curve[min(done, len(curve)) - 1]), (config, done)


@dataclass(frozen=True)
class Runs:
    """Runs of a search. table: {config: {seed: (train loss, dev loss, test loss)}}. Called as run(config, seed)."""

    table: Mapping[Any, Mapping[int, tuple[float, float, float]]]

    def __call__(self, config: Any, seed: int) -> tuple[float, float, float]:
        return self.table[config][int(seed)]


# A search of 40 runs: a policy is tried on made-up tasks with four hyperparameters, many searches side by side.

EPOCHS = 10  # of a full run
BUDGET = 40 * EPOCHS
SEARCHES = 40  # of one trial
MOST_STAGES = 12
CURVATURES = np.array([14.0, 6.0, 2.0, 0.5])
WORST = 2.4  # the logarithm of how far a run that learned nothing is above the best
KEYS = ("draw", "new", "epochs", "seeds", "keep")


def try_policy(design: object, seed: int, noise: float, early: float) -> float:
    """How good the settings are that searches by this policy choose: the best settings are 1, random ones 0 on average.

    design: a list of stages, as the exercise says. All together they train for at most BUDGET epochs.
    noise: the standard deviation, from seed to seed, of the logarithm of the loss. early: how far the order of runs after one
    epoch is that after all epochs, from 0 to 1.
    Raises ValueError for what is no such policy, or is over the budget.
    """
    stages = _stages(design)
    rng = np.random.default_rng(seed)
    task = _Task(rng, early)
    low, high = np.zeros((SEARCHES, 1, 4)), np.ones((SEARCHES, 1, 4))
    places, luck = np.empty((SEARCHES, 0, 4)), np.empty((SEARCHES, 0, BUDGET // EPOCHS))
    for draw, new, epochs, seeds, keep in stages:
        unit = _lattice(new) if draw == "grid" else rng.random((SEARCHES, new, 4))
        places = np.concatenate([places, low + (high - low) * unit], axis=1)
        luck = np.concatenate([luck, noise * rng.normal(size=(SEARCHES, new, luck.shape[2]))], axis=1)
        seen = task.log_loss(places, epochs) + luck[:, :, :seeds].mean(axis=2)
        best = np.argsort(seen, axis=1)[:, :keep, None]
        places, luck = np.take_along_axis(places, best, 1), np.take_along_axis(luck, best, 1)
        low, high = places.min(axis=1, keepdims=True), places.max(axis=1, keepdims=True)
    chosen = task.log_loss(places[:, :1], EPOCHS).mean()
    return float(1 - chosen / task.log_loss(rng.random((SEARCHES, 50, 4)), EPOCHS).mean())


class _Task:
    """The loss of settings in the unit cube: a valley, slanted in the first two, and its look after fewer epochs."""

    def __init__(self, rng: np.random.Generator, early: float) -> None:
        self.early = early
        self.best, self.first = rng.uniform(0.2, 0.8, size=(2, SEARCHES, 1, 4))
        self.slant = rng.uniform(0.3, 0.8, size=(SEARCHES, 1))

    def log_loss(self, places: Array, epochs: int) -> Array:
        """(searches, points): the logarithm of the loss over the best, without noise."""
        left = (EPOCHS - epochs) / (EPOCHS - 1)
        at_first = self.early * self._valley(places, self.best) + np.sqrt(1 - self.early**2) * self._valley(
            places, self.first
        )
        return left * at_first + (1 - left) * self._valley(places, self.best)

    def _valley(self, places: Array, best: Array) -> Array:
        away = places - best
        away[..., 0] -= self.slant * away[..., 1]
        return np.minimum(away**2 @ CURVATURES, WORST)


def _lattice(n: int) -> Array:
    """n = k^4 points, k values of each of four settings, both ends included; in the middle where k is 1."""
    k = round(n**0.25)
    line = np.linspace(0, 1, k) if k > 1 else np.array([0.5])
    return np.stack(np.meshgrid(*[line] * 4), axis=-1).reshape(1, -1, 4)


def _stages(design: object) -> list[tuple[str, int, int, int, int]]:
    """The stages of a policy, checked before anything is tried."""
    if not isinstance(design, list | tuple) or not 1 <= len(design) <= MOST_STAGES:
        raise ValueError(f"the policy should be a list of 1 to {MOST_STAGES} stages")
    stages: list[tuple[str, int, int, int, int]] = []
    left, trained, cost = (
        0,
        0,
        0,
    )  # points that go on, and the epochs that each of them has had in all its runs
    before = (1, 1)
    for stage in design:
        if not isinstance(stage, dict) or set(stage) != set(KEYS):
            raise ValueError(f"each stage should be a dict with the keys {', '.join(KEYS)}")
        draw, numbers = stage["draw"], [stage[key] for key in KEYS[1:]]
        if not isinstance(draw, str) or draw not in ("random", "grid"):
            raise ValueError('draw should be "random" or "grid"')
        if not all(isinstance(n, int | np.integer) and not isinstance(n, bool) for n in numbers):
            raise ValueError("new, epochs, seeds and keep should be whole numbers (a Python or NumPy int)")
        new, epochs, seeds, keep = map(int, numbers)
        if not 0 <= new <= BUDGET or not 1 <= epochs <= EPOCHS or not 1 <= seeds <= BUDGET // EPOCHS:
            raise ValueError(
                f"new should be from 0 to {BUDGET}, epochs from 1 to {EPOCHS}, seeds from 1 to {BUDGET // EPOCHS}"
            )
        if draw == "grid" and round(new**0.25) ** 4 != new:
            raise ValueError("a grid of four settings has 1, 16, 81 or 256 points")
        if epochs < before[0] or seeds < before[1]:
            raise ValueError("epochs and seeds should not be fewer than in the stage before")
        if not 1 <= keep <= left + new:
            raise ValueError("keep should be at least 1, and at most the points that the stage has")
        cost += new * epochs * seeds + left * (epochs * seeds - trained)
        if cost > BUDGET:
            raise ValueError(f"the policy is over the budget of {BUDGET} epochs")
        stages.append((draw, new, epochs, seeds, keep))
        left, trained, before = keep, epochs * seeds, (epochs, seeds)
    return stages


# Experiments of the lesson.


def split(seed: int | list[int], m: int = 400) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """m digits to train on and 600 for the dev set: ((X, y), (X, y))."""
    from nnutils.data import digits

    X, y = digits()
    order = np.random.default_rng(seed).permutation(len(X))
    train, dev = order[:m], order[m : m + 600]
    return (X[train], y[train]), (X[dev], y[dev])


def _bounded(losses: Any) -> Array:
    """Losses with 9 in the place of what is larger, or no number: such a run has failed."""
    return np.minimum(np.nan_to_num(np.asarray(losses, float), nan=9.0), 9.0)


def _together(sizes: list[int], n: int, optimizer: Any, data: Any, start: Any, **settings: Any) -> Array:
    """The dev losses of n networks after each epoch, trained side by side from one start: (epochs, n)."""
    from nnutils.network import dense_network
    from nnutils.training import fit_many

    network = dense_network(sizes, rng=start, dtype=np.float32)
    networks = [network.copy() for _ in range(n)]
    train, dev = data
    with np.errstate(all="ignore"):  # some of the settings diverge
        X, y = train
        history = fit_many(networks, X, y, optimizer, rng=start, measure=False, dev=dev, **settings)
    return _bounded(history.dev_loss)


def adam_losses(lr: Array, eps: Array, seed: int) -> Array:
    """The dev losses of networks with one hidden layer after 4 epochs of Adam, (n,)."""
    from nnutils.optimizers import Adam

    rates, epsilons = (np.array(values, np.float32)[:, None] for values in (lr, eps))
    optimizer = Adam(rates, eps=epsilons)  # type: ignore[arg-type]  # one for each network
    return _together([64, 24, 10], len(lr), optimizer, split(seed), seed, epochs=4, batch_size=32)[-1]


def curves(
    rates: Array, windows: Array, seed: int | list[int], start: int, epochs: int = 13, light: float = 1.0
) -> Array:
    """The dev losses after each epoch for every pair of window and rate: (epochs, windows, rates).

    rates: as Keras and PyTorch count them, so that a step is the rate times the window times the average gradient.
    light: what all pixels are multiplied by.
    """
    from nnutils.optimizers import Momentum

    lr, window = (one.ravel()[:, None].astype(np.float32) for one in np.meshgrid(rates, windows))
    data = tuple((light * X, y) for X, y in split(seed))
    optimizer = Momentum(lr * window, beta=1 - 1 / window)  # type: ignore[arg-type]  # one for each network
    losses = _together([64, 24, 10], lr.size, optimizer, data, start, epochs=epochs, batch_size=32)
    return losses.reshape(epochs, len(windows), len(rates))


def one_run(lr: float, window: float, units: int, layers: int, batch: int, seed: int) -> float:
    """The dev loss of one network after 10 epochs. The seed draws the split, the start and the order."""
    from nnutils.network import dense_network
    from nnutils.optimizers import Momentum
    from nnutils.training import fit

    train, dev = split(seed)
    network = dense_network([64, *[units] * layers, 10], rng=seed, dtype=np.float32)
    optimizer = Momentum(lr, beta=1 - 1 / window)
    with np.errstate(all="ignore"):
        fit(network, *train, optimizer, epochs=10, batch_size=batch, rng=seed, measure=False)
        return float(_bounded(network.evaluate(*dev)[0]))


def batch_losses(rates: Array, batch: int, epochs: int, seed: int) -> Array:
    """The dev loss for each learning rate, (rates,)."""
    from nnutils.optimizers import Momentum

    optimizer = Momentum(rates[:, None].astype(np.float32), beta=0.9)
    return _together([64, 32, 10], len(rates), optimizer, split(seed), seed, epochs=epochs, batch_size=batch)[
        -1
    ]


def width_losses(rates: Array, width: int, seed: int, scaled: bool, base: int = 16) -> Array:
    """The dev loss after 8 epochs of Adam for each rate, of a network with two hidden layers, (rates,).

    scaled: all weights but those of the first layer take base / width of the rate, and those of the last layer begin
    smaller by the root of that: how muP (Yang et al. 2022) scales them for Adam, with `base` as the width where nothing changes.
    """
    from nnutils.network import dense_network
    from nnutils.optimizers import Adam
    from nnutils.training import fit_many

    train, dev = split(seed, m=500)
    network = dense_network([64, width, width, 10], rng=seed, dtype=np.float32)
    factor = np.ones_like(network.theta)
    if scaled:
        dense = [layer for layer in network.layers if hasattr(layer, "W")]
        dense[-1].W *= (base / width) ** 0.5
        theta = network.theta.copy()
        network.theta[:] = 1
        for layer in dense[1:]:
            layer.W[:] = base / width
        factor = network.theta.copy()
        network.theta[:] = theta
    networks = [network.copy() for _ in rates]
    with np.errstate(all="ignore"):
        optimizer = Adam(rates[:, None].astype(np.float32) * factor)
        history = fit_many(
            networks, *train, optimizer, rng=seed, measure=False, dev=dev, epochs=8, batch_size=50
        )
    return _bounded(history.dev_loss)[-1]


def middle_of_good(rates: Array, losses: Array) -> float:
    """The middle, on a log scale, of all rates whose loss is within 1.5 times the lowest; between rates it is interpolated."""
    fine = np.linspace(np.log(rates[0]), np.log(rates[-1]), 201)
    smooth = np.interp(fine, np.log(rates), losses)
    return float(np.exp(fine[smooth <= 1.5 * losses.min()].mean()))


@dataclass(frozen=True)
class LossMap:
    """Losses on a regular net in the coordinates of a space, (rows, columns); between its knots they are interpolated.

    space: the first parameter runs along the columns, the second along the rows. Called with a point of the space.
    """

    losses: Array
    space: Mapping[str, tuple[float, float, str]]

    def __call__(self, point: Mapping[str, float]) -> float:
        from nnutils.search import to_unit

        rows, columns = self.losses.shape
        x, y = np.clip(to_unit(self.space, point), 0, 1) * [columns - 1, rows - 1]
        i, j = min(int(y), rows - 2), min(int(x), columns - 2)
        down, right = y - i, x - j
        side = (1 - right) * self.losses[i : i + 2, j] + right * self.losses[i : i + 2, j + 1]
        return float((1 - down) * side[0] + down * side[1])


def sobol_points(space: Mapping[str, tuple[float, float, str]], n: int, seed: int) -> list[dict[str, float]]:
    """n points of a scrambled Sobol sequence: they fill the space more evenly than random ones."""
    from scipy.stats import qmc

    from nnutils.search import from_unit

    power = int(np.ceil(np.log2(n)))
    unit = qmc.Sobol(len(space), seed=np.random.default_rng(seed)).random_base2(power)[:n]
    return [from_unit(space, u) for u in unit]


def share_explained(values: Any, outcome: Array, groups: int = 6) -> float:
    """How much of the variance of an outcome the groups of a value explain: between groups over all, from 0 to 1."""
    values = np.asarray(values)
    if len(np.unique(values)) > groups:
        values = np.searchsorted(np.quantile(values, np.arange(1, groups) / groups), values)
    means = {group: outcome[values == group].mean() for group in np.unique(values)}
    return float(np.mean([(means[group] - outcome.mean()) ** 2 for group in values]) / outcome.var())
