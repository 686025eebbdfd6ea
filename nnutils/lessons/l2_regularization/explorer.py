"""Explorer of lesson 03: lambda, the histogram of the weights and the boundary."""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from nnutils.data import moons
from nnutils.figures.explorer import Explorer, choice, whole_slider
from nnutils.figures.style import BLUE, VERMILION, label, panels
from nnutils.network import dense_network
from nnutils.optimizers import Adam
from nnutils.training import fit

LAMBDAS = (0.0, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
PENALTIES = ("L2", "L1")
STEPS, SIDE, RANGE = 500, 70, (-2.0, 3.0, -1.6, 2.1)
BINS = np.linspace(-1.5, 1.5, 61)


class Trained(NamedTuple):
    """What one network shows. side: (70, 70) probabilities over the plane; weights: all of them."""

    side: NDArray[np.floating]
    weights: NDArray[np.floating]
    train: float
    dev: float


def examples(m: int, seed: int) -> tuple[NDArray, NDArray]:
    """Two moons, with one label in ten flipped."""
    X, y = moons(m, noise=0.2, rng=seed)
    return X, np.where(np.random.default_rng(seed).random(m) < 0.1, 1 - y, y)


@cache
def trained(lam: float, penalty: str) -> Trained:
    """A network 2-32-32-1 on 120 points; the penalty is in the gradient. Results are kept: each is trained once."""
    X, y = examples(120, 0)
    l2, l1 = (lam, 0.0) if penalty == "L2" else (0.0, lam)
    network = dense_network([2, 32, 32, 1], loss="sigmoid", rng=0, l2=l2, l1=l1)
    fit(network, X, y, Adam(lr=0.01), epochs=STEPS, measure=False)
    plane = np.meshgrid(np.linspace(*RANGE[:2], SIDE), np.linspace(*RANGE[2:], SIDE))
    side = network.predict_proba(np.column_stack([axis.ravel() for axis in plane])).reshape(SIDE, SIDE)
    weights = np.concatenate([W.ravel() for W in network.weights])
    return Trained(side, weights, 1 - network.accuracy(X, y), 1 - network.accuracy(*examples(3000, 1)))


class penalty_and_boundary(Explorer):
    """Controls: lambda and the kind of penalty; the boundary on the left, the histogram of all weights on the right."""

    title = "What lambda does to the boundary and to the weights"
    try_this = "go up from 0 step by step, then once more with L1."
    notice = "the islands go first; then the boundary is too straight, and at last there is none. L1 gathers weights at 0."

    def build(self) -> dict[str, Any]:
        self.figure, (plane, chart) = panels(1, 2, height=4.0)
        self._lay_out_plane(plane)
        (self.outline,) = chart.step(
            BINS[:-1], np.ones(len(BINS) - 1), where="post", color=BLUE, linestyle="-"
        )
        chart.set(yscale="log", xlim=(-1.5, 1.5), ylim=(0.7, 2000))
        label(chart, "All its weights", "weight (outermost: all beyond)", "how many (log scale)")
        chart.set_yticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])  # drawn faster than powers
        chart.minorticks_off()
        for lam, penalty in product(LAMBDAS, PENALTIES):
            trained(lam, penalty)
        return {
            "step": whole_slider("lambda, in steps", 0, 0, len(LAMBDAS) - 1),
            "penalty": choice("penalty", PENALTIES, "L2"),
        }

    def _lay_out_plane(self, plane: Axes) -> None:
        X, y = examples(120, 0)
        self.image = plane.imshow(
            np.zeros((SIDE, SIDE)),
            extent=RANGE,
            origin="lower",
            cmap="Greys",
            vmin=-0.2,
            vmax=2.0,
            aspect="auto",
            interpolation="nearest",
        )
        plane.grid(visible=False)
        for value, colour, marker in ((0, BLUE, "o"), (1, VERMILION, "^")):
            plane.plot(*X[y == value].T, marker, color=colour, markersize=4, label=f"y = {value}")
        plane.legend(loc="lower left", frameon=True, handletextpad=0.1)
        label(plane, "What the network decides", "x1", "x2")

    def draw(self, step: int, penalty: str) -> str:
        lam = LAMBDAS[step]
        found = trained(lam, penalty)
        self.image.set_data(found.side > 0.5)
        self.outline.set_ydata(np.maximum(np.histogram(np.clip(found.weights, -1.49, 1.49), BINS)[0], 0.5))
        tiny = np.mean(np.abs(found.weights) < 0.025)
        return (
            f"{penalty} with lambda = {lam:g}: train error {100 * found.train:.0f} %, dev error {100 * found.dev:.0f} %. The "
            f"weights together are {np.sqrt(np.sum(found.weights**2)):.1f} long; {100 * tiny:.0f} % of them are below 0.025."
        )
