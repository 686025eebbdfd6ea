"""What lesson 02 hands to an answer: ways to learn, each a `fit(X, y)` that returns `predict`; and the trial of a plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from nnutils.network import Network
    from nnutils.optimizers import Adam


Predict = Callable[[NDArray], NDArray]


@dataclass(frozen=True)
class FirstFeature:
    """Learns nothing: predicts the feature with this number, whatever it was trained on."""

    feature: int = 0

    def __call__(self, X: NDArray, y: NDArray) -> Predict:
        return lambda examples: np.asarray(examples)[:, self.feature]


@dataclass(frozen=True)
class Rote:
    """Learns by heart: the right label for an example that it was trained on, and `unknown` for any other."""

    unknown: int = -1

    def __call__(self, X: NDArray, y: NDArray) -> Predict:
        known = {tuple(row): label for row, label in zip(np.asarray(X).tolist(), list(y), strict=True)}
        return lambda examples: np.array(
            [known.get(tuple(row), self.unknown) for row in np.asarray(examples).tolist()]
        )


@dataclass(frozen=True)
class Nearest:
    """Predicts the label of the nearest example that it was trained on; its distances weigh feature 0 `weight` times."""

    weight: float = 1.0

    def __call__(self, X: NDArray, y: NDArray) -> Predict:
        scale = np.ones(np.shape(X)[1])
        scale[0] = self.weight
        known, labels = np.asarray(X) * scale, np.asarray(y)

        def predict(examples: NDArray) -> NDArray:
            distances = np.square(np.asarray(examples)[:, None] * scale - known).sum(axis=2)
            return labels[distances.argmin(axis=1)]

        return predict


@dataclass(frozen=True)
class Counting:
    """Predicts for every example how many it was trained on, plus `offset`."""

    offset: int = 0

    def __call__(self, X: NDArray, y: NDArray) -> Predict:
        seen = len(y) + self.offset
        return lambda examples: np.full(len(examples), seen)


# The trial of a plan ---------------------------------------------------------------------------------------

FIRST = {"labels": 100, "units": 4, "epochs": 200}  # what the first network had
PRICES = {"labels": 1.0, "units": 20.0, "epochs": 0.8}  # of one more
FEE, BUDGET = 300.0, 1000.0  # what it costs to raise one of them at all; what there is to spend
LARGEST = 10**6  # so that a price is a float
KINDS = ("few units", "few labels", "few epochs")
MOVES = (0.02, 0.06, 0.04)  # how far the differences of these errors move from task to task, about
STARTS = 8  # of the first network, whose mean errors are told


@dataclass(frozen=True)
class Task:
    """Two classes, of which a share `flips` of the labels is wrong. What a small network lacks on it depends on the kind.

    few units: an even number of small clusters on a circle, the classes in turn. few labels: one straight boundary in 12
    dimensions. few epochs: one straight boundary, and a small learning rate.
    """

    kind: str
    flips: float
    clusters: int
    turn: float
    direction: NDArray

    @classmethod
    def drawn(cls, kind: str, flips: float, rng: np.random.Generator) -> Task:
        features = {"few units": 2, "few labels": 12, "few epochs": 5}[kind]
        return cls(
            kind, flips, 2 * int(rng.integers(6, 8)), 2 * np.pi * rng.random(), rng.normal(size=features)
        )

    def sample(self, m: int, rng: np.random.Generator) -> tuple[NDArray, NDArray, NDArray]:
        """X (m, n_x), and (m,) labels as they are bought, and without wrong ones."""
        if self.kind == "few units":
            cluster = rng.integers(self.clusters, size=m)
            angle = self.turn + 2 * np.pi * cluster / self.clusters
            X = 2 * np.column_stack([np.cos(angle), np.sin(angle)]) + 0.1 * rng.normal(size=(m, 2))
            y = cluster % 2
        else:
            X = rng.normal(size=(m, len(self.direction)))
            y = (X @ self.direction > 0).astype(int)
        return X, np.where(rng.random(m) < self.flips, 1 - y, y), y

    def optimizer(self, units: int) -> Adam:
        """Adam, slow where the task is. The wider the network, the smaller the rate: its outputs would move too fast."""

        from nnutils.optimizers import Adam

        rate = {"few units": 0.2, "few labels": 0.05, "few epochs": 0.0012}[self.kind]
        return Adam(rate * min(1.0, FIRST["units"] / units) ** 0.5)

    def network(self, units: int, rng: np.random.Generator) -> Network:
        from nnutils.network import dense_network

        return dense_network([len(self.direction), units, 1], loss="sigmoid", rng=rng)


def first_errors(task: Task, rng: np.random.Generator) -> tuple[float, float, float, float]:
    """The first network's error on train halfway and at the end, on dev, on dev with right labels; means of eight starts."""

    from nnutils.training import fit_many

    (X, y, _), (X_dev, y_dev, right) = task.sample(FIRST["labels"], rng), task.sample(500, rng)
    networks = [task.network(FIRST["units"], start) for start in rng.spawn(STARTS)]
    optimizer, on_train = task.optimizer(FIRST["units"]), []
    for _ in range(2):
        fit_many(networks, X, y, optimizer, epochs=FIRST["epochs"] // 2, measure=False)
        on_train.append(_mean_error(networks, X, y))
    return on_train[0], on_train[1], _mean_error(networks, X_dev, y_dev), _mean_error(networks, X_dev, right)


def _mean_error(networks: Sequence[Network], X: NDArray, y: NDArray) -> float:
    return 1 - float(np.mean([network.accuracy(X, y) for network in networks]))


def situation(kind: str, flips: float, rng: np.random.Generator) -> tuple[float, float, float, float]:
    """(halfway_error, train_error, dev_error, bayes_error) of a fresh task of this kind, with three decimals."""
    halfway, train, dev, _ = (round(error, 3) for error in first_errors(Task.drawn(kind, flips, rng), rng))
    return halfway, train, dev, flips


def price(design: Mapping[str, int]) -> float:
    """What a plan costs: the fee and the price of what is added, for each number that is raised. Less costs nothing."""
    more = {name: design[name] - FIRST[name] for name in FIRST}
    return sum(FEE + PRICES[name] * added for name, added in more.items() if added > 0)


def try_plan(
    design: Mapping[str, int],
    seed: int,
    halfway_error: float,
    train_error: float,
    dev_error: float,
    bayes_error: float,
) -> float:
    """The share of its avoidable errors that the first network loses by this plan, on a fresh task of the kind that was measured.

    Which kind that is, the errors say: of one fresh task of each kind, the one whose first network errs most alike is taken.

    Raises
    ------
    ValueError: the plan has another form, or is over the budget.
    """
    _check(design)
    if not 0 <= bayes_error < 0.5:
        raise ValueError("bayes_error must lie between 0 and 0.5")
    tasks, found = _fresh(seed, bayes_error)
    halfway, train, dev, wrong = found.T
    steps = np.column_stack([halfway - train, train - bayes_error, dev - train])
    told = halfway_error - train_error, train_error - bayes_error, dev_error - train_error
    alike = int(np.square((steps - told) / MOVES).sum(axis=1).argmin())
    return 1 - _error(tasks[alike], design, np.random.default_rng([seed, 1])) / float(wrong[alike])


@lru_cache(maxsize=64)  # another plan is often tried on the same seed
def _fresh(seed: int, flips: float) -> tuple[list[Task], NDArray]:
    """A fresh task of each kind, and what its first network measures: (kinds, 4)."""
    rng = np.random.default_rng([seed, 0])
    tasks = [Task.drawn(kind, flips, rng) for kind in KINDS]
    return tasks, np.array([first_errors(task, rng) for task in tasks])


def _error(task: Task, plan: Mapping[str, int], rng: np.random.Generator) -> float:
    """The share of fresh examples that a new network gets wrong; the labels that it is measured by are right."""

    from nnutils.training import fit

    X, y, _ = task.sample(int(plan["labels"]), rng)
    network = task.network(int(plan["units"]), rng)
    fit(network, X, y, task.optimizer(int(plan["units"])), epochs=int(plan["epochs"]), measure=False)
    X_new, _, right = task.sample(1000, rng)
    return 1 - float(network.accuracy(X_new, right))


def _check(design: Mapping[str, int]) -> None:
    if not isinstance(design, Mapping) or {*design} != {*FIRST}:
        raise ValueError("a plan is a dict with the keys labels, units and epochs, and no others")
    for name, value in design.items():
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
            raise ValueError(f"{name} must be a whole number, 1 or more")
    if max(design.values()) > LARGEST or price(design) > BUDGET:
        raise ValueError(f"the plan costs more than the budget of {BUDGET:.0f}")
