"""The explorer of lesson 10: the batch size and the noise of the path, on a bowl of two parameters."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnutils.figures.explorer import Explorer, choice, log_slider, slider, whole_slider
from nnutils.figures.style import BLUE, VERMILION, label, panels
from nnutils.lessons.minibatch_gradient_descent.plots import contours

Array = NDArray[np.floating]

EXAMPLES, RUNS = 128, 30
DOUBLE = 0.30103  # log10(2): the slider of the batch size goes by factors of two
CONSTANT, FALLING = "constant", "falling"


class batch_path(Explorer):
    """Move the batch size and the learning rate, and see one path and where thirty such runs end."""

    title = "How many examples at a step?"
    try_this = "a batch size of 1, of 8 and of 128 with the same learning rate; then more epochs, and a falling rate."
    notice = "small batches reach the minimum in fewer epochs and then move around it; more noise makes the blue cloud wider."

    def build(self) -> dict[str, Any]:
        self.X, self.y = X, y = _data()
        self.minimum = minimum = np.linalg.lstsq(X, y, rcond=None)[0]
        self.figure, self.axes = panels(height=4.0, width=8.0)
        contours(self.axes, lambda theta: float(np.mean((X @ theta - y) ** 2) / 2), minimum, 2.0)
        name = f"where {RUNS} runs end"
        (self.ends,) = self.axes.plot([], [], "o", color=BLUE, alpha=0.6, zorder=3, label=name)
        (self.path,) = self.axes.plot([], [], "-", color=VERMILION, linewidth=1, label="one run")
        self.axes.plot(*minimum, "*", color="black", markersize=12, zorder=4, label="the minimum")
        self.axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
        self.axes.set(xlim=(minimum[0] - 2, minimum[0] + 2), ylim=(minimum[1] - 1.5, minimum[1] + 1.5))
        return {
            "batch_size": log_slider("batch size B", 8, 0, 7 * DOUBLE, step=DOUBLE, readout_format=".0f"),
            "lr": slider("learning rate", 0.1, 0.01, 0.3, 0.01),
            "epochs": whole_slider("epochs", 4, 1, 6),
            "rate": choice("the rate is", (CONSTANT, FALLING), CONSTANT),
            "seed": whole_slider("seed", 0, 0, 20),
        }

    def draw(self, batch_size: float, lr: float, epochs: int, rate: str, seed: int) -> str:
        size, start = round(batch_size), self.minimum + np.array([-1.8, 1.2])
        walk = _descend(self.X, self.y, start, size, lr, epochs, rate == FALLING, seed)
        self.path.set_data(*walk[:, 0].T)
        self.ends.set_data(*walk[-1].T)
        label(self.axes, f"B = {size}: {len(walk) - 1} steps in {epochs} epochs", "θ₁", "θ₂")
        return _summary(self.X, self.y, self.minimum, walk, size, epochs)


def _data() -> tuple[Array, Array]:
    """Examples of a line in two features, the second of them smaller, with noise."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(EXAMPLES, 2)) * [1, 0.6]
    return X, X @ np.array([1.0, -0.5]) + rng.normal(0, 0.7, EXAMPLES)


def _descend(
    X: Array, y: Array, start: Array, size: int, lr: float, epochs: int, falling: bool, seed: int
) -> Array:
    """All runs at once, along one axis: (steps + 1, runs, 2). A falling rate is lr / (1 + epoch)."""
    rng = np.random.default_rng(seed)
    theta = np.tile(start, (RUNS, 1))
    walk = [theta]
    for epoch in range(epochs):
        rate = lr / (1 + epoch) if falling else lr
        order = rng.permuted(np.tile(np.arange(len(y)), (RUNS, 1)), axis=1)
        inputs, targets = X[order], y[order]
        for at in range(0, len(y), size):
            Xb = inputs[:, at : at + size]
            error = (Xb @ theta[:, :, None])[:, :, 0] - targets[:, at : at + size]
            theta = theta - rate / Xb.shape[1] * (error[:, None] @ Xb)[:, 0]
            walk.append(theta)
    return np.array(walk)


def _summary(X: Array, y: Array, minimum: Array, walk: Array, size: int, epochs: int) -> str:
    gradients = X * (X @ minimum - y)[:, None]  # of each example at the minimum, where their mean is 0
    left = (len(y) - size) / (len(y) - 1)  # batches are drawn without putting back: all of them have no noise
    noise = np.sqrt(np.mean(np.sum(gradients**2, axis=1)) / size * left)
    distance = np.linalg.norm(walk[-1] - minimum, axis=1).mean()
    scatter = np.sqrt(np.sum(walk[-1].var(axis=0)))
    return (
        f"B = {size}: {(len(walk) - 1) // epochs} steps an epoch, {len(walk) - 1} in all. The gradient noise at the minimum is "
        f"{noise:.2f}. {RUNS} runs end {distance:.2f} from the minimum on average, scattered by {scatter:.2f}."
    )
