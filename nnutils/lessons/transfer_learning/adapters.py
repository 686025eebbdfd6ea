"""Training of the upper layers of the body, in NumPy on features computed once: whole, by adapters, or the head alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from nnutils.transfer import Task

BATCH, STEPS, RATE = 50, 600, 0.003
Lora = Callable[[NDArray, NDArray, NDArray, float], NDArray]


def adapted_accuracy(
    lora: Lora, task: Task, layer: Sequence[NDArray], rank: int | None, rng: np.random.Generator | int
) -> float:
    """Train a new head, and the dense layer below it by an adapter of this rank, on `task`; return the accuracy on its dev part.

    task: features of the layers below. layer: (W, b) of the dense layer. rank: 0 trains the head alone, None all of W and b.
    lora: computes the adapted W, as lora(W, A, B, alpha); alpha is the rank. A starts small and random, B at 0.
    """
    from nnutils.activations import softmax
    from nnutils.optimizers import Adam

    rng = np.random.default_rng(rng)
    W, b = (np.array(array, np.float32) for array in layer)
    (n_in, n), classes, r = W.shape, int(task.y.max()) + 1, rank or 0
    A = rng.normal(0, n_in**-0.5, (n_in, r)).astype(np.float32)
    B, c = np.zeros((r, n), np.float32), np.zeros(classes, np.float32)
    V = rng.normal(0, (2 / n) ** 0.5, (n, classes)).astype(np.float32)
    learned = [V, c, A, B] if rank is not None else [V, c, W, b]
    adams = [Adam(RATE) for _ in learned]

    def hidden(F: NDArray) -> tuple[NDArray, NDArray]:
        whole = lora(W, A, B, float(r)) if rank is not None else W
        return whole, np.maximum(F @ whole + b, 0)

    order: list[int] = []
    for _ in range(STEPS):
        order = order if len(order) >= BATCH else [*rng.permutation(len(task.y))]
        batch, order = order[:BATCH], order[BATCH:]
        F = task.X[batch]
        _, h = hidden(F)
        d = (softmax(h @ V + c) - np.eye(classes, dtype=np.float32)[task.y[batch]]) / BATCH
        dz = (d @ V.T) * (h > 0)
        grads = [h.T @ d, d.sum(axis=0)]
        if rank is None:
            grads += [F.T @ dz, dz.sum(axis=0)]
        else:  # alpha / r is 1
            grads += [F.T @ (dz @ B.T), (A.T @ F.T) @ dz]
        for adam, values, grad in zip(adams, learned, grads, strict=True):
            if values.size:
                adam.update(values.reshape(-1), grad.reshape(-1))
    _, h = hidden(task.dev_X)
    return float(np.mean((h @ V + c).argmax(axis=1) == task.dev_y))
