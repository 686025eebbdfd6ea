"""What else has a limit: gradient checks, many runs at once, `check` of every exercise, the import, the whole course."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np

from nnutils.benchmarking.contenders import ROOT
from nnutils.benchmarking.timing import interleave, milliseconds
from nnutils.checks.catalogue import exercises_of, lessons
from nnutils.checks.check import examine
from nnutils.checks.exercise import Exercise
from nnutils.data import digits, moons
from nnutils.gradients import direction_check, network_check
from nnutils.network import dense_network
from nnutils.optimizers import Adam
from nnutils.training import fit, fit_many

Job = dict[str, Any]


def job(text: str, value: float, unit: str, limit: float | None = None, note: str = "") -> Job:
    """A row of the table. Unit "x" is a factor, of which more is better; of every other unit less is."""
    good = None if limit is None else (value >= limit if unit == "x" else value <= limit)
    return {"text": text, "value": value, "unit": unit, "limit": limit, "reached": good, "note": note}


def measure_jobs(quick: bool) -> list[Job]:
    """All rows; a quick look leaves out the exercises and the course."""
    rows = [*gradient_checks(), trajectories(), *stacked(), minibatch_sweep(), importing()]
    return rows if quick else [*rows, every_check(), *whole_course()]


def gradient_checks() -> list[Job]:
    """A network of 9 610 parameters, ten examples, float64."""
    network, (X, y) = dense_network([64, 128, 10]), digits()
    X, y, rng = X[:10], y[:10], np.random.default_rng(0)
    n = f"{network.theta.size:,} parameters".replace(",", " ")
    stacked = milliseconds(lambda: network_check(network, X, y))["median"]
    slopes = milliseconds(lambda: direction_check(network, X, y, rng), 15)["median"]
    return [
        job(f"gradient check of {n}, stacked", stacked, "ms", 70),
        job(f"gradient check of {n}, ten random directions", slopes, "ms", 3),
    ]


def trajectories() -> Job:
    """300 runs of Adam, each with a learning rate of its own, 200 steps on a bowl."""
    lr, curvature = np.geomspace(1e-4, 1, 300)[:, None], np.array([1.0, 25.0])

    def run() -> None:
        w, optimizer = np.full((300, 2), 2.0), Adam(lr)
        for _ in range(200):
            optimizer.update(w, curvature * w)

    return job("300 trajectories of Adam, 200 steps", milliseconds(run, 11)["median"], "ms", 8)


def stacked() -> list[Job]:
    """200 networks 2-8-1: how many times faster `fit_many` is than `fit` of one after the other."""
    return [stacked_at(batch, dtype) for batch in (32, 300) for dtype in (np.float32, np.float64)]


def stacked_at(batch: int, dtype: type) -> Job:
    """At this batch size, of 300 moons."""
    X, y = moons(300, 0.2, rng=1)
    many = [dense_network([2, 8, 1], "tanh", loss="sigmoid", rng=i, dtype=dtype) for i in range(200)]
    few, epochs = [net.copy() for net in many[:20]], 2 if batch < 300 else 20
    settings: dict[str, Any] = {"epochs": epochs, "batch_size": batch, "rng": 3, "measure": False}

    def one_by_one() -> None:
        for network in few:
            fit(network, X, y, Adam(1e-4), **settings)

    together: Callable[[], object] = lambda: fit_many(many, X, y, Adam(1e-4), **settings)  # noqa: E731
    rows = interleave({"together": (together, 200), "one by one": (one_by_one, 20)}, 7)
    text = f"200 networks 2-8-1 at once over one by one, batch {batch}, {np.dtype(dtype)}"
    return job(text, rows["one by one"]["ratio"], "x", 8)


def minibatch_sweep() -> Job:
    """An epoch of the digits at eight batch sizes from 1 to all, 64-32-10."""
    X, y = digits(np.float32)

    def run() -> None:
        for batch in (1, 4, 16, 32, 64, 128, 512, len(X)):
            network = dense_network([64, 32, 10], dtype=np.float32)
            fit(network, X, y, Adam(1e-7), epochs=1, batch_size=batch)

    return job("an epoch of the digits at eight batch sizes, 1 to all", milliseconds(run, 3)["median"], "ms")


def importing() -> Job:
    """CPU milliseconds of `import nnutils` in a new process, and the heavy libraries that it loaded: there should be none."""
    code = (
        "import sys, time; start = time.process_time(); import nnutils; print(time.process_time() - start, "
        "*{name.split('.')[0] for name in sys.modules if name.startswith("
        "('tensorflow', 'keras', 'sklearn', 'matplotlib.pyplot'))})"
    )
    times, heavy = [], ""
    for _ in range(7):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        seconds, *names = done.stdout.split()
        times.append(1000 * float(seconds))
        heavy = ", ".join(names)
    note = f"loads {heavy}" if heavy else "no TensorFlow, pyplot or scikit-learn"
    return job("import nnutils", median(times), "ms", 250, note)


def check_time(exercise: Exercise, answer: Callable, times: int = 3) -> float:
    """Milliseconds of one `check`."""
    return milliseconds(lambda: examine(exercise, answer), times)["median"]


def every_check() -> Job:
    """The slowest `check` of all exercises, with the right answer or with any of the known mistakes."""
    worst, name, count = 0.0, "", 0
    for topic in lessons():
        for exercise in exercises_of(topic):
            count += 1
            answers = [exercise.reference, *(mistake.function for mistake in exercise.mistakes)]
            slowest = max(check_time(exercise, answer) for answer in answers)
            if slowest > worst:
                worst, name = slowest, exercise.name
    return job(f"check, the slowest of {count} exercises and their mistakes", worst, "ms", 100, f"`{name}`")


def whole_course() -> list[Job]:
    """CPU seconds of executing all lessons, as `nnutils table` measured them."""
    store = ROOT / "docs" / "measured.json"
    if not store.exists():
        return []
    total = sum(row["cpu_seconds"] for row in json.loads(store.read_text(encoding="utf-8")).values())
    return [job("every lesson executed, from docs/measured.json", total, "s of CPU")]
