"""What else has a limit: gradient checks, many runs at once, the import; and what `check` of each exercise costs.

A limit is a ratio of two times of one run, so it holds on slow and on fast machines alike.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.speed.timing import Contender, interleave, milliseconds
from nnutils.checks.catalogue import exercises_of, lessons
from nnutils.checks.check import examine
from nnutils.checks.exercise import Exercise
from nnutils.checks.run import run
from nnutils.data import digits, moons
from nnutils.gradients import direction_check, network_check, numerical_gradient
from nnutils.network import dense_network
from nnutils.optimizers import Adam
from nnutils.training import fit, fit_many

ROOT = Path(__file__).resolve().parents[2]
Job = tuple[float, str, str, float | None, str]  # value, unit, "at least" or "at most", limit, note
HEAVY = ("tensorflow", "keras", "sklearn", "matplotlib.pyplot")


def measure_jobs() -> dict[str, Job]:
    """{what it is: the job}."""
    return {**gradient_checks(), **trajectories(), **stacked(), **importing()}


def speedup(fast: Contender, slow: Contender, limit: float, rounds: int = 5) -> Job:
    """How many times faster a step of `fast` is than one of `slow`."""
    return interleave({"fast": fast, "slow": slow}, rounds)["slow"].ratio, "x", "at least", limit, ""


def gradient_checks() -> dict[str, Job]:
    """A network of 9 610 parameters, ten examples, float64: against two evaluations for each parameter, one by one."""
    network, (X, y), rng = dense_network([64, 128, 10]), digits(), np.random.default_rng(0)
    X, y, n = X[:10], y[:10], network.theta.size

    def cost(theta: Any) -> float:
        network.theta[...] = theta
        return network.loss(X, y, training=True)

    naive = (lambda: numerical_gradient(cost, network.theta), n)
    stacked = (lambda: network_check(network, X, y), n)
    slopes = (lambda: direction_check(network, X, y, rng), n)
    text = f"gradient check of {n:,} parameters over one parameter at a time, ".replace(",", " ", 1)
    return {
        f"{text}stacked": speedup(stacked, naive, 6),
        f"{text}ten random directions": speedup(slopes, naive, 150),
    }


def trajectories() -> dict[str, Job]:
    """Runs of Adam, each with its own learning rate, 200 steps on a bowl: 300 at once against 20 one by one."""
    rates, curvature = np.geomspace(1e-4, 1, 300)[:, None], np.array([1.0, 25.0])

    def descend(lr: Any) -> Any:
        w, optimizer = np.full((*np.shape(lr)[:1], 2), 2.0), Adam(lr)
        for _ in range(200):
            optimizer.update(w, curvature * w)
        return w

    one_by_one = (lambda: [descend(float(lr)) for lr in rates[::15, 0]], 20)
    text = "300 trajectories of Adam at once over one by one, 200 steps"
    return {text: speedup((lambda: descend(rates), 300), one_by_one, 50)}


def stacked() -> dict[str, Job]:
    """200 networks 2-8-1 on 300 moons: `fit_many` against `fit` of 20, one by one."""
    return dict(stacked_at(batch, dtype) for batch in (32, 300) for dtype in (np.float32, np.float64))


def stacked_at(batch: int, dtype: type) -> tuple[str, Job]:
    """The job with this size of the batch and this type."""
    X, y = moons(300, 0.2, rng=1)
    many = [dense_network([2, 8, 1], "tanh", loss="sigmoid", rng=i, dtype=dtype) for i in range(200)]
    few = [network.copy() for network in many[:20]]
    settings: dict[str, Any] = {
        "epochs": 2 if batch < 300 else 20,
        "batch_size": batch,
        "rng": 3,
        "measure": False,
    }
    together = (lambda: fit_many(many, X, y, Adam(1e-4), **settings), 200)
    alone = (lambda: [fit(network, X, y, Adam(1e-4), **settings) for network in few], 20)
    text = f"200 networks 2-8-1 at once over one by one, batch {batch}, {np.dtype(dtype)}"
    return text, speedup(together, alone, 8, rounds=7)


def importing() -> dict[str, Job]:
    """CPU time of `import nnutils` over that of `import numpy`, each in new processes, and the heavy libraries it loaded."""
    code = "import sys, time; start = time.process_time(); import {}; print(time.process_time() - start, *sys.modules)"

    def imported(name: str) -> list[str]:
        command = [sys.executable, "-c", code.format(name)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()

    heavy = ", ".join({*HEAVY} & {*imported("nnutils")})
    ratio = median(float(imported("nnutils")[0]) / float(imported("numpy")[0]) for _ in range(7))
    note = f"loads {heavy}" if heavy else "no TensorFlow, pyplot or scikit-learn"
    return {"import nnutils over import numpy": (ratio, "x", "at most", 4, note)}


def checks(times: int) -> Iterator[tuple[str, float, float, float, float]]:
    """(name, check of the right answer, running it, slowest check of a mistake, running all) of each exercise, in ms.

    Designs are left out: they have no mistakes, and their check is the training that they describe.
    """
    for exercise in (exercise for topic in lessons() for exercise in exercises_of(topic)):
        if exercise.kind == "design":
            continue
        right, wrong = exercise.reference, [mistake.function for mistake in exercise.mistakes]
        check, bare = partial(_check_time, exercise, times), partial(_run_time, exercise, times)
        yield exercise.name, check(right), bare(right), max(map(check, wrong)), bare(right, *wrong)


def _check_time(exercise: Exercise, times: int, answer: Callable) -> float:
    return milliseconds(lambda: examine(exercise, answer), times)


def _run_time(exercise: Exercise, times: int, *functions: Callable) -> float:
    return milliseconds(lambda: [run(each, exercise.draw(), exercise.part) for each in functions], times)
