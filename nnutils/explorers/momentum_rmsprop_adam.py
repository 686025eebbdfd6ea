"""The explorer of lesson 11: gradient descent, momentum, RMSProp and Adam race over three landscapes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from nnutils.explorers.base import Explorer, choice, log_slider, slider
from nnutils.optimizers import SGD, Adam, Momentum, Optimizer, RMSProp
from nnutils.plots.style import COLOURS, LINES, MARKERS, canvas, label, styled

STEPS, RUNS = 120, 32
LEFT, RIGHT, BOTTOM, TOP = -4.0, 4.0, -2.0, 2.0
SMALL, LARGE = 1e-6, 1e6  # costs beyond these are told as such


@dataclass(frozen=True)
class Landscape:
    """A cost of two parameters w: (..., 2), its gradient, its lowest value, and the noise on the gradient."""

    cost: Callable[[NDArray], NDArray]
    gradient: Callable[[NDArray], NDArray]
    lowest: float = 0.0
    noise: float = 0.0


def _bowl(curvatures: ArrayLike, noise: float = 0.0) -> Landscape:
    """1/2 (a w0^2 + b w1^2)."""
    k = np.asarray(curvatures)
    return Landscape(lambda w: (0.5 * k * w**2).sum(-1), lambda w: k * w, noise=noise)


def _saddle_cost(w: NDArray) -> NDArray:
    """1/2 (3 w0^2 - w1^2) + 1/4 w1^4: a saddle at 0 between two minima at w1 = -1 and 1, of cost -1/4."""
    return 1.5 * w[..., 0] ** 2 - 0.5 * w[..., 1] ** 2 + 0.25 * w[..., 1] ** 4


def _saddle_gradient(w: NDArray) -> NDArray:
    return np.stack([3 * w[..., 0], w[..., 1] ** 3 - w[..., 1]], axis=-1)


LANDSCAPES = {
    "long valley": _bowl([1.0, 50.0]),
    "saddle": Landscape(_saddle_cost, _saddle_gradient, lowest=-0.25),
    "noisy bowl": _bowl([1.0, 4.0], noise=3.0),
}


def optimizers(plain_lr: float, scaled_lr: float, beta: float, beta2: float) -> dict[str, Optimizer]:
    """The four runners: plain_lr serves the first two, scaled_lr those that divide by the gradient's size."""
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


@styled
def optimizer_race() -> Explorer:
    """Four optimisers from one start: their paths, and the cost after each step (with noise: the mean of 32 runs)."""
    figure, (ground, chart) = canvas(1, 2, height=4.2)
    picture = ground.imshow(
        np.zeros((81, 81)),
        extent=(LEFT, RIGHT, BOTTOM, TOP),
        origin="lower",
        cmap="Greys",
        vmin=0,
        vmax=25,
        aspect="auto",
    )
    ground.grid(visible=False)
    trails = {name: _line(ground, i, name) for i, name in enumerate(optimizers(1, 1, 0, 0))}
    falls = {name: _line(chart, i, name) for i, name in enumerate(trails)}
    (ring,) = ground.plot([], [], "o", color="black", markerfacecolor="white", markersize=10, zorder=5)
    ground.set(xlim=(LEFT, RIGHT), ylim=(BOTTOM, TOP))
    chart.set(yscale="log", xlim=(0, STEPS), ylim=(SMALL, 1e3))
    chart.legend(loc="upper right")
    label(ground, "Paths from one start", "$w_0$", "$w_1$")
    label(chart, "Cost above the minimum", "step", "cost (log scale)")
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # the layout is found once: finding it anew takes as long as the drawing

    def draw(
        landscape: str, w0: float, w1: float, lr: float, scaled_lr: float, beta: float, beta2: float
    ) -> str:
        land, ends = LANDSCAPES[landscape], {}
        picture.set_data(_bands(land))
        ring.set_data([w0], [w1])
        for name, optimizer in optimizers(lr, scaled_lr, beta, beta2).items():
            path = run(land, optimizer, (w0, w1))
            with np.errstate(all="ignore"):
                costs = (land.cost(path) - land.lowest).mean(axis=1)
            trails[name].set_data(*np.clip(np.nan_to_num(path[:, 0]), -100, 100).T)
            falls[name].set_data(
                np.arange(STEPS + 1), np.clip(np.nan_to_num(costs, nan=LARGE), SMALL / 10, LARGE)
            )
            ends[name] = costs[-1]
        return _summary(landscape, ends)

    return Explorer(
        draw,
        figure,
        {
            "landscape": choice("landscape", list(LANDSCAPES), "long valley"),
            "w0": slider("start w0", -3.5, LEFT, RIGHT, 0.1),
            "w1": slider("start w1", 1.0, BOTTOM, TOP, 0.1),
            "lr": log_slider("lr: descent, momentum", 0.03, -3, 1),
            "scaled_lr": log_slider("lr: RMSProp, Adam", 0.1, -3, 1),
            "beta": slider("beta, beta1", 0.9, 0, 0.99, 0.01, readout_format=".2f"),
            "beta2": slider("RMSProp beta, beta2", 0.99, 0, 0.999, 0.001, readout_format=".3f"),
        },
        title="A race of four optimisers",
        try_this="raise the first learning rate until gradient descent diverges; start on the saddle at w1 = 0, then at 0.1.",
        notice="which paths zigzag, which overshoot, which stall, and which hover around the minimum instead of settling.",
    )


def _line(axis: Axes, i: int, name: str) -> Line2D:
    (line,) = axis.plot(
        [],
        [],
        color=COLOURS[i],
        linestyle=LINES[i],
        marker=MARKERS[i],
        markevery=10,
        markersize=4,
        label=name,
    )
    return line


def _bands(land: Landscape) -> NDArray:
    """The landscape as ten grey bands of equal area, dark where the cost is high."""
    grid = np.stack(np.meshgrid(np.linspace(LEFT, RIGHT, 81), np.linspace(BOTTOM, TOP, 81)), axis=-1)
    z = land.cost(grid)
    return np.searchsorted(np.quantile(z, np.linspace(0, 1, 11)), z)


def _summary(landscape: str, ends: dict[str, float]) -> str:
    told = ", ".join(f"{name} {_tell(cost)}" for name, cost in ends.items())
    return f"On the {landscape}, cost above the minimum after {STEPS} steps: {told}."


def _tell(cost: float) -> str:
    if not cost < LARGE:
        return "diverged"
    return f"below {SMALL:g}" if cost < SMALL else f"{cost:.2g}"
