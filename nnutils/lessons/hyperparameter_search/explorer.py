"""Explorer of lesson 17: random search against a grid."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.explorer import Explorer, slider, whole_slider
from nnutils.figures.style import BLUE, GREY, ORANGE, SEQUENTIAL, label, panels

LINE = np.linspace(0, 1, 201)
WIDTH = 0.08


def loss(x: ArrayLike, y: ArrayLike, peak: float, weight: float) -> NDArray[np.float64]:
    """A valley at x = peak, 0 at its best. weight: how much y matters as well, from 0 to 1; its best is 0.62."""
    along = np.exp(-((np.asarray(x) - peak) ** 2) / (2 * WIDTH**2))
    across = np.exp(-((np.asarray(y) - 0.62) ** 2) / (2 * WIDTH**2))
    return 1 - along * (1 - weight + weight * across)


def points_of(n: int, seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A grid of n x n points in the unit square, and as many random ones: (n * n, 2) each."""
    axis = np.linspace(0, 1, n)
    lattice = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    return lattice, np.random.default_rng(seed).uniform(size=(n * n, 2))


class random_against_grid(Explorer):
    """Left: the points over the landscape; right: their losses over the parameter x.

    Sliders: points a side, how much y matters, where the best x lies, and another random draw.
    """

    title = "Random search against a grid"
    try_this = "move the best x, then draw other random points; then let y matter as much as x."
    notice = "how many values of x each search tries, and that a grid is lucky where one of its lines is near the best x."

    def build(self) -> dict[str, Any]:
        self.figure, (self.left, self.right) = panels(1, 2, height=3.9)
        self.image = self.left.imshow(
            np.zeros((41, 41)),
            origin="lower",
            extent=(0, 1, 0, 1),
            cmap=SEQUENTIAL,
            vmin=0,
            vmax=1,
            aspect="auto",
        )
        self.left.grid(False)
        looks = (("grid", "s", ORANGE), ("random", "o", BLUE))
        self.places = [
            self.left.plot([], [], marker, color=colour, markeredgecolor="white", label=name)[0]
            for name, marker, colour in looks
        ]
        (self.curve,) = self.right.plot(LINE, LINE, color=GREY, linestyle=":", label="at the best y")
        self.found = [
            self.right.plot([], [], marker, color=colour, label=name)[0] for name, marker, colour in looks
        ]
        label(self.left, "Where the runs lie (dark is good)", "x, matters", "y, matters as much as you say")
        label(self.right, "What they see of x", "x", "loss")
        self.left.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.03))
        self.right.set(xlim=(-0.03, 1.03), ylim=(-0.05, 1.3), yticks=[0, 0.5, 1])
        self.right.legend(loc="upper center", ncols=3, columnspacing=1)
        return {
            "n": whole_slider("points a side", 5, 2, 10),
            "weight": slider("how much y matters", 0.0, 0.0, 1.0, 0.1),
            "peak": slider("where the best x lies", 0.37, 0.05, 0.95, 0.01),
            "seed": whole_slider("another random draw", 0, 0, 30),
        }

    def draw(self, n: int, weight: float, peak: float, seed: int) -> str:
        side = np.linspace(0, 1, 41)
        self.image.set_data(loss(side[None], side[:, None], peak, weight))
        self.curve.set_ydata(loss(LINE, 0.62, peak, weight))
        best, values = [], []
        for points, place, found in zip(points_of(n, seed), self.places, self.found, strict=True):
            losses = loss(points[:, 0], points[:, 1], peak, weight)
            place.set_data(*points.T)
            found.set_data(points[:, 0], losses)
            best.append(losses.min())
            values.append(len(np.unique(points[:, 0])))
        lead = "random search" if best[1] < best[0] else "the grid"
        return (
            f"{n * n} runs each. The grid tries {values[0]} values of x and finds a loss of {best[0]:.2f}; random search tries "
            f"{values[1]} and finds {best[1]:.2f}. Here {lead} is ahead."
        )
