"""Runs in a process of its own, with its BLAS kernel and its number of threads: every measurement, as a JSON object on stdout."""

from __future__ import annotations

import contextlib
import importlib.metadata
import json
import os
import platform
import sys
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.speed import contenders as c
from benchmarks.speed import frameworks as f
from benchmarks.speed.contenders import DIGITS, MNIST, PLAIN, REGULARIZED, Workload
from benchmarks.speed.timing import Contender, interleave
from nnutils import optimizers as o
from nnutils.optimizers import Adam

OURS, BARE = "nnutils", "bare products"
CONTENDERS: dict[str, c.Make] = {
    BARE: c.products,
    OURS: c.ours,
    "nnutils fit": c.ours_fit,
    "textbook NumPy": c.textbook,
    "scikit-learn partial_fit": c.scikit_learn,
    "Keras fit": f.keras_fit,
    "Keras train_on_batch": f.keras_train_on_batch,
    "tf.function, jit": f.tf_function,
    "PyTorch eager": f.torch_eager,
    "PyTorch, fused Adam": f.torch_fused,
    "jax jit": f.jax_jit,
}
PACKAGES = ("numpy", "keras", "tensorflow-cpu", "tensorflow", "scikit-learn", "torch", "jax")


def steps(
    workloads: Sequence[Workload], rounds: int, names: Sequence[str] = tuple(CONTENDERS)
) -> dict[str, Any]:
    """{workload: {contender: its row, or the reason why there is none}}. With two threads the time is wall-clock time."""
    table: dict[str, Any] = {}
    clock = time.process_time if f.threads() == 1 else time.perf_counter
    for work in workloads:
        ready: dict[str, Contender] = {}
        absent: dict[str, str] = {}
        for name in names:
            try:
                ready[name] = CONTENDERS[name](work)
            except ImportError:
                absent[name] = "not installed"
            except c.Unable as reason:
                absent[name] = str(reason)
        rows = interleave(ready, rounds, OURS, clock)
        table[work.name] = {name: rows.get(name) or absent[name] for name in names}
        print(f"measured {work.name}", file=sys.stderr, flush=True)
    return table


def sweeps(rounds: int) -> dict[str, Any]:
    """Bare products and nnutils, by the size of the batch and by the width of the hidden layers."""

    def rows(sizes: tuple[int, ...], batch: int) -> dict[str, Any]:
        work = Workload("", sizes, batch)
        return interleave({name: CONTENDERS[name](work) for name in (BARE, OURS)}, rounds)

    table = {
        "-".join(map(str, sizes)): {m: rows(sizes, m) for m in (1, 4, 16, 64, 256, 1024)}
        for sizes in (DIGITS, MNIST)
    }
    return table | {"width": {w: rows((64, w, w, 10), 64) for w in (8, 16, 32, 64, 128, 256, 512)}}


def parts(work: Workload, rounds: int) -> dict[str, float]:
    """The microseconds of a step and of its parts. What is missing is calls, memory and bookkeeping."""
    network, optimizer, (X, y) = work.network(), Adam(c.LEARNING_RATE), work.data()
    network.loss_and_grad(X, y)
    acts: list[Any] = [layer for layer in network.layers if not layer.shapes()]
    dense: list[Any] = [layer for layer in network.layers if layer.shapes()]
    inputs = [layer.a.copy() for layer in acts]
    sums = [(layer, layer.buffer("z", (work.batch, layer.n_out)), layer.ones(work.batch)) for layer in dense]

    def biases() -> None:
        for layer, z, ones in sums:
            z += layer.b
            ones.dot(z, out=layer.db)

    def activations() -> None:
        for layer, a in zip(acts, inputs, strict=True):
            layer.forward(a, training=True)
            layer.backward(a)

    z = network.logits(X, training=True).copy()
    jobs = {
        "whole": c.ours(work)[0],
        "matrix products": c.products(work)[0],
        "biases": biases,
        "activations": activations,
        "loss": lambda: network.objective.cost(z, y),
        "Adam": lambda: optimizer.update(network.theta, network.grad),
    }
    rows = interleave({name: (job, 1) for name, job in jobs.items()}, rounds)
    return {name: row.median for name, row in rows.items()}


def optimizers(work: Workload, rounds: int) -> dict[str, Any]:
    """A row for each optimiser: one update of all parameters, over SGD's, which is the first. No gradient is computed."""
    network = work.network()
    rng = np.random.default_rng(0)
    grad = rng.standard_normal(network.theta.size).astype(np.float32)
    made = {
        "SGD": o.SGD(c.LEARNING_RATE),
        "Momentum": o.Momentum(c.LEARNING_RATE),
        "Nesterov": o.Nesterov(c.LEARNING_RATE),
        "AdaGrad": o.AdaGrad(c.LEARNING_RATE),
        "RMSProp": o.RMSProp(c.LEARNING_RATE),
        "Lion": o.Lion(c.LEARNING_RATE),
        "Adam": o.Adam(c.LEARNING_RATE),
        "AdamW": o.Adam(c.LEARNING_RATE, weight_decay=0.1),
        "AdaMax": o.AdaMax(c.LEARNING_RATE),
        "Nadam": o.Nadam(c.LEARNING_RATE),
        "Muon, five Newton-Schulz steps": o.Muon(network.matrices, c.LEARNING_RATE),
        "Muon, singular values": o.Muon(network.matrices, c.LEARNING_RATE, ns_steps=None),
    }

    def step(optimizer: o.Optimizer) -> Contender:
        return lambda: optimizer.update(network.theta, grad), 1

    step_of = {name: step(optimizer) for name, optimizer in made.items()}
    return interleave({**step_of, "loss and gradient": c.gradient(work)}, rounds)


def machine() -> dict[str, Any]:
    """The processor, Python, the libraries' versions, and the load when the measurement ended."""
    model = platform.processor() or platform.machine()
    with contextlib.suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next((line.split(": ", 1)[1] for line in lines if line.startswith("model name")), model)
    versions = {}
    for name in PACKAGES:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            versions[name] = importlib.metadata.version(name)
    load = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None
    system = f"{platform.system()} {platform.machine()}"
    return {
        "cpu": model,
        "system": system,
        "python": platform.python_version(),
        "libraries": versions,
        "load": load,
    }


def main(what: str, rounds: int) -> None:
    """Measure and print. what: "whole", "kernel" (steps and jobs: enough for another kernel) or "quick" (three networks)."""
    warnings.simplefilter("ignore")
    out, sys.stdout = sys.stdout, sys.stderr  # so that the JSON is all that is on stdout
    three = (PLAIN[0], PLAIN[1], PLAIN[3])
    result: dict[str, Any] = {"steps": steps(three if what == "quick" else PLAIN + REGULARIZED, rounds)}
    if what == "whole":
        result["sweeps"] = sweeps(rounds)
        result["optimizers"] = {work.name: optimizers(work, rounds) for work in three}
        result["parts"] = {work.name: parts(work, 2 * rounds) for work in three}
    if f.threads() == 1:
        from benchmarks.speed.jobs import measure_jobs

        result["jobs"] = measure_jobs()
    json.dump({"machine": machine(), **result}, out)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
