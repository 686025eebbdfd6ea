"""The explorer of lesson 12: gradient descent, momentum, RMSProp and Adam race over three landscapes."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.explorer import Explorer, choice, log_slider, slider
from nnutils.figures.landscape import (
    BOTTOM,
    LANDSCAPES,
    LARGE,
    LEFT,
    RIGHT,
    SMALL,
    TOP,
    Landscape,
    bands,
    drawable,
    lay_out,
    tell,
)
from nnutils.figures.style import look_of, panels
from nnutils.optimizers import SGD, Adam, Momentum, Optimizer, RMSProp

STEPS, RUNS = 120, 32


def optimizers(plain_lr: float, scaled_lr: float, beta: float, beta2: float) -> dict[str, Optimizer]:
    """The four optimisers. plain_lr: for the first two; scaled_lr: for those that divide by the gradient's size."""
    return {
        "gradient descent": SGD(plain_lr),
        "momentum": Momentum(plain_lr, beta),
        "RMSProp": RMSProp(scaled_lr, beta2),
        "Adam": Adam(scaled_lr, beta, beta2),
    }


def run(
    landscape: Landscape, optimizer: Optimizer, start: ArrayLike, steps: int = STEPS, runs: int = RUNS
) -> NDArray:
    """The paths of several runs from one start, all along one axis: (steps + 1, runs, 2). Each run has noise of its own."""
    runs = runs if landscape.noise else 1
    noise = landscape.noise * np.random.default_rng(11).normal(size=(steps, runs, 2))
    path = np.empty((steps + 1, runs, 2))
    w = path[0] = np.broadcast_to(start, (runs, 2))
    w = w.copy()
    with np.errstate(all="ignore"):  # a learning rate that is too large ends in inf, and the summary says so
        for t in range(steps):
            optimizer.update(w, landscape.gradient(w) + noise[t])
            path[t + 1] = w
    return path


class optimizer_race(Explorer):
    """Four optimisers from one start: their paths, and the cost after each step (with noise: the mean of 32 runs)."""

    title = "A race of four optimisers"
    try_this = "raise the first learning rate until gradient descent diverges; start on the saddle at w1 = 0, then at 0.1."
    notice = "which paths zigzag, which overshoot, which stall, and which hover around the minimum instead of settling."

    def build(self) -> dict[str, Any]:
        self.figure, (ground, chart) = panels(1, 2, height=4.2)
        self.image = lay_out(ground, chart, STEPS)
        self.paths = {name: _line(ground, i, name) for i, name in enumerate(optimizers(1, 1, 0, 0))}
        self.costs = {name: _line(chart, i, name) for i, name in enumerate(self.paths)}
        look = {"color": "black", "markerfacecolor": "white", "markersize": 10, "zorder": 5}
        (self.start,) = ground.plot([], [], "o", **look)
        chart.legend(loc="upper right")
        return {
            "landscape": choice("landscape", list(LANDSCAPES), "long valley"),
            "w0": slider("start w0", -3.5, LEFT, RIGHT, 0.1),
            "w1": slider("start w1", 1.0, BOTTOM, TOP, 0.1),
            "lr": log_slider("lr: descent, momentum", 0.03, -3, 1),
            "scaled_lr": log_slider("lr: RMSProp, Adam", 0.1, -3, 1),
            "beta": slider("beta, beta1", 0.9, 0, 0.99, 0.01, readout_format=".2f"),
            "beta2": slider("RMSProp beta, beta2", 0.99, 0, 0.999, 0.001, readout_format=".3f"),
        }

    def draw(
        self, landscape: str, w0: float, w1: float, lr: float, scaled_lr: float, beta: float, beta2: float
    ) -> str:
        land, ends = LANDSCAPES[landscape], {}
        self.image.set_data(bands(land))
        self.start.set_data([w0], [w1])
        for name, optimizer in optimizers(lr, scaled_lr, beta, beta2).items():
            path = run(land, optimizer, (w0, w1))
            with np.errstate(all="ignore"):
                costs = (land.cost(path) - land.lowest).mean(axis=1)
            self.paths[name].set_data(*drawable(path[:, 0]).T)
            self.costs[name].set_data(
                np.arange(STEPS + 1), np.clip(np.nan_to_num(costs, nan=LARGE), SMALL / 10, LARGE)
            )
            ends[name] = costs[-1]
        return _summary(landscape, ends)


def _line(axis: Axes, i: int, name: str) -> Line2D:
    (line,) = axis.plot([], [], **look_of(i), markevery=10, markersize=4, label=name)
    return line


def _summary(landscape: str, ends: dict[str, float]) -> str:
    told = ", ".join(f"{name} {tell(cost)}" for name, cost in ends.items())
    return f"On the {landscape}, cost above the minimum after {STEPS} steps: {told}."
