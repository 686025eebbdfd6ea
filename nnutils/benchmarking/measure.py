"""What runs in a process of its own, with its number of BLAS threads: every measurement, as one JSON object on stdout."""

from __future__ import annotations

import contextlib
import importlib.metadata
import json
import os
import platform
import sys
import warnings
from pathlib import Path
from typing import Any

from nnutils.benchmarking import contenders as c
from nnutils.benchmarking import frameworks as f
from nnutils.benchmarking.jax_step import jax_jit
from nnutils.benchmarking.timing import Contender, interleave
from nnutils.benchmarking.workloads import DIGITS, MNIST, PLAIN, REGULARIZED, Workload

OURS = "nnutils"
CONTENDERS: dict[str, c.Make] = {
    "bare products": c.products,
    OURS: c.ours,
    "nnutils fit": c.ours_fit,
    "textbook NumPy": c.textbook,
    "scikit-learn partial_fit": c.scikit_learn,
    "Keras fit": f.keras_fit,
    "Keras train_on_batch": f.keras_train_on_batch,
    "tf.function, jit": f.tf_function,
    "PyTorch eager": f.torch_eager,
    "PyTorch, fused Adam": f.torch_fused,
    "jax jit": jax_jit,
}
PACKAGES = ("numpy", "keras", "tensorflow-cpu", "tensorflow", "scikit-learn", "torch", "jax")


def steps(workloads: tuple[Workload, ...], rounds: int, names: list[str]) -> dict[str, Any]:
    """{workload: {contender: row, or why there is none}}."""
    table: dict[str, Any] = {}
    for work in workloads:
        ready: dict[str, Contender] = {}
        absent: dict[str, str] = {}
        for name in names:
            try:
                ready[name] = CONTENDERS[name](work)
            except ImportError:
                absent[name] = "not installed"
            except c.Unable as why:
                absent[name] = str(why)
        rows = interleave(ready, rounds)
        table[work.name] = {name: rows.get(name) or absent[name] for name in names}
        print(f"measured {work.name}", file=sys.stderr, flush=True)
    return table


def sweep(rounds: int) -> dict[str, Any]:
    """Microseconds an example of bare products and nnutils, by the batch's size and by the hidden layers' width."""
    both = {name: CONTENDERS[name] for name in ("bare products", OURS)}

    def rows(work: Workload) -> dict[str, Any]:
        return interleave({name: make(work) for name, make in both.items()}, rounds)

    batches = {
        f"{'-'.join(map(str, sizes))}": {m: rows(Workload("", sizes, m)) for m in (1, 4, 16, 64, 256, 1024)}
        for sizes in (DIGITS, MNIST)
    }
    widths = {w: rows(Workload("", (64, w, w, 10), 64)) for w in (8, 16, 32, 64, 128, 256, 512)}
    return {"batch": batches, "width": widths}


def parts(work: Workload, rounds: int) -> dict[str, float]:
    """Where the microseconds of a step go; what is left of the whole is calls, memory and bookkeeping."""
    from nnutils.optimizers import Adam

    network, optimizer, (X, y) = work.network(), Adam(1e-7), work.data()
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
    return {name: row["median"] for name, row in rows.items()}


def machine() -> dict[str, Any]:
    """The processor, Python, the libraries' versions, the number of threads."""
    model = platform.processor() or platform.machine()
    with contextlib.suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next((line.split(": ", 1)[1] for line in lines if line.startswith("model name")), model)
    versions = {}
    for name in PACKAGES:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            versions[name] = importlib.metadata.version(name)
    return {
        "cpu": model,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "threads": f.threads(),
        "libraries": versions,
    }


def main(words: list[str]) -> None:
    """`python -m nnutils.benchmarking.measure quick|whole`, called by `nnutils bench` in an environment of its own."""
    warnings.simplefilter("ignore")
    out, sys.stdout = sys.stdout, sys.stderr  # so that nothing but the JSON is there
    quick = words[:1] == ["quick"] or f.threads() > 1  # what two threads gain is seen in three networks
    works = (PLAIN[0], PLAIN[1], PLAIN[3]) if quick else PLAIN + REGULARIZED
    rounds = 5 if quick else 9
    result: dict[str, Any] = {"machine": machine(), "steps": steps(works, rounds, list(CONTENDERS))}
    if not quick and f.threads() == 1:
        result["sweep"] = sweep(11)
        result["parts"] = {work.name: parts(work, 21) for work in (PLAIN[0], PLAIN[1], PLAIN[3])}
    if f.threads() == 1:
        from nnutils.benchmarking.jobs import measure_jobs

        result["jobs"] = measure_jobs(quick)
    result["load"] = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None
    json.dump(result, out)


if __name__ == "__main__":
    main(sys.argv[1:])
