"""What is trained: sizes, batch, data. Everybody gets the same arrays, in float32."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnutils.network import Network, dense_network

Array = NDArray[np.floating]

# Nothing is learnt: a net that has memorised its data has gradients so small that the processor handles them slowly.
LEARNING_RATE = 1e-7
KEEP_PROB, L2 = 0.8, 0.1
EPOCH_STEPS = 20  # of a `fit`; a full batch is one step an epoch


@dataclass(frozen=True)
class Workload:
    """A network's sizes, inputs first, and a batch; regularized: batch norm, dropout and L2 in it. goal: over the products."""

    name: str
    sizes: tuple[int, ...]
    batch: int
    regularized: bool = False
    goal: float | None = None
    full_batch: bool = False

    @property
    def sigmoid(self) -> bool:
        """One output, whose loss is sigmoid cross-entropy; otherwise softmax."""
        return self.sizes[-1] == 1

    @property
    def layers(self) -> list[tuple[int, int]]:
        """(n_in, n_out) of every dense layer."""
        return list(zip(self.sizes, self.sizes[1:], strict=False))

    def data(self, batches: int = 1) -> tuple[Array, NDArray]:
        """X (m, n_in) float32 and y (m,): labels from 0, or 0.0 and 1.0 for the sigmoid."""
        rng, m = np.random.default_rng(0), self.batch * batches
        X = rng.standard_normal((m, self.sizes[0])).astype(np.float32)
        y = rng.integers(0, max(2, self.sizes[-1]), m)
        return X, y.astype(np.float32) if self.sigmoid else y

    def weights(self) -> list[Array]:
        """He weights for the contenders that do not draw their own."""
        rng = np.random.default_rng(1)
        return [(rng.standard_normal(s) * (2 / s[0]) ** 0.5).astype(np.float32) for s in self.layers]

    def network(self) -> Network:
        """The network of nnutils."""
        extras: dict[str, Any] = (
            {"batch_norm": True, "keep_prob": KEEP_PROB, "l2": L2} if self.regularized else {}
        )
        loss = "sigmoid" if self.sigmoid else "softmax"
        return dense_network(self.sizes, loss=loss, dtype=np.float32, **extras)


MOONS, DIGITS, MNIST = (2, 20, 3, 1), (64, 128, 64, 10), (784, 512, 256, 10)
PLAIN = (
    Workload("moons 2-20-3-1, all 300", MOONS, 300, goal=3.5, full_batch=True),
    Workload("digits 64-128-64-10, batch 64", DIGITS, 64, goal=2.0),
    Workload("784-512-256-10, batch 128", MNIST, 128),
    Workload("784-512-256-10, batch 256", MNIST, 256, goal=1.2),
    Workload("784-512-256-10, batch 512", MNIST, 512, goal=1.15),
)
REGULARIZED = tuple(
    Workload(w.name + ", regularized", w.sizes, w.batch, True, None, w.full_batch) for w in PLAIN
)
