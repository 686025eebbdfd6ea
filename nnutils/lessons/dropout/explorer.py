"""The explorer of lesson 04: a thinned network, its decision boundary, and the mean of all of them."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from nnutils.data import Dataset, moons, spirals
from nnutils.dropout import dropout_forward, dropout_mask
from nnutils.figures.explorer import Explorer, choice, slider, whole_slider
from nnutils.figures.style import BLUE, FAINT, GREY, VERMILION, label, panels
from nnutils.network import Network, dense_network
from nnutils.optimizers import Adam
from nnutils.training import fit

UNITS, STEPS, SAMPLES, SIDE = 10, 250, 32, 41
Masks = tuple[NDArray, NDArray]


@functools.cache
def points(data: str) -> Dataset:
    """Few points and much noise, so that there is something to overfit."""
    return moons(80, 0.3, rng=4) if data == "moons" else spirals(120, 2, 0.12, rng=4)


@functools.lru_cache(maxsize=256)
def trained(data: str, keep1: float, keep2: float) -> Network:
    """A network 2-10-10-1, trained with these keep_probs from the same start by full-batch Adam."""
    X, y = points(data)
    network = dense_network([2, UNITS, UNITS, 1], keep_prob=[keep1, keep2], loss="sigmoid", rng=1)
    fit(network, X, y, Adam(0.03), epochs=STEPS, measure=False)
    return network


def draw_masks(keep1: float, keep2: float, seed: int, samples: int = 1) -> Masks:
    """Which units are kept in each of `samples` thinned networks: two arrays (samples, 1, UNITS)."""
    u = np.random.default_rng(seed).random((2, samples, 1, UNITS))
    return dropout_mask(u[0], keep1), dropout_mask(u[1], keep2)


def probability(network: Network, X: NDArray, masks: Masks, keeps: tuple[float, float]) -> NDArray:
    """P(y = 1) by each thinned network: X (m, 2) and masks (samples, 1, UNITS) -> (samples, m)."""
    a = X
    for W, b, mask, keep_prob in zip(network.weights, network.biases, masks, keeps, strict=False):
        a = dropout_forward(np.maximum(a @ W + b, 0), mask, keep_prob)
    z = (a @ network.weights[-1] + network.biases[-1])[..., 0]
    return (1 + np.tanh(z / 2)) / 2


class dropout_rate(Explorer):
    """Left: the units; in the middle: the thinned network's boundary; right: the mean of many.

    Sliders: keep_prob of both hidden layers, and the seed of the mask. The network is trained anew for each keep_prob.
    """

    title = "Thinned networks and their mean"
    try_this = "move the seed and watch the units; then set both keep_probs to 1, then to 0.2."
    notice = "how the boundary changes from mask to mask, how little the mean does, and when the network can no longer fit."

    def build(self) -> dict[str, Any]:
        self.figure, axes = panels(1, 3, height=3.0, width_ratios=(4, 5, 5))
        self.net, self.thinned, self.mean = axes
        self._draw_units(self.net)
        self.images, self.classes = [], []
        for axis, title in (
            (self.thinned, "This thinned network"),
            (self.mean, f"Mean of {SAMPLES} of them"),
        ):
            image = axis.imshow(
                np.zeros((SIDE, SIDE)),
                origin="lower",
                cmap="RdBu_r",
                vmin=0,
                vmax=1,
                alpha=0.6,
                aspect="auto",
            )
            self.images.append(image)
            self.classes.append(
                [
                    axis.plot([], [], mark, color=c, markeredgecolor="black", markersize=5)[0]
                    for mark, c in (("o", BLUE), ("^", VERMILION))
                ]
            )
            axis.grid(visible=False)
            label(axis, title, "$x_1$", "$x_2$" if axis is self.thinned else "")
        self.figure.get_layout_engine().set(w_pad=0.1)
        trained("spirals", 0.7, 0.7)  # the other data: now, and not at a move
        return {
            "data": choice("data", ["moons", "spirals"], "moons"),
            "keep1": slider("keep_prob, layer 1", 0.7, 0.1, 1.0, 0.1, readout_format=".1f"),
            "keep2": slider("keep_prob, layer 2", 0.7, 0.1, 1.0, 0.1, readout_format=".1f"),
            "seed": whole_slider("seed of the mask", 0, 0, 30),
        }

    def _draw_units(self, axis: Axes) -> None:
        height = np.linspace(-1, 1, UNITS)
        self.places = [np.array([-0.35, 0.35]), height, height, np.array([0.0])]
        ends = [
            [(k, low), (k + 1, high)]
            for k in range(3)
            for low in self.places[k]
            for high in self.places[k + 1]
        ]
        self.edges = LineCollection(ends, colors=GREY, linewidths=0.5)
        axis.add_collection(self.edges)
        (self.kept,) = axis.plot([], [], "o", color=BLUE, markersize=9, zorder=3)
        (self.dropped,) = axis.plot([], [], "X", color=FAINT, markersize=8, zorder=3)
        axis.set(xlim=(-0.4, 3.4), ylim=(-1.15, 1.15), yticks=[])
        axis.set_xticks(range(4), ["in", "1", "2", "out"])
        axis.grid(visible=False)
        label(axis, "Kept (●) and dropped (✖)", "layer", "")

    def draw(self, data: str, keep1: float, keep2: float, seed: int) -> str:
        network, (X, y), keeps = trained(data, keep1, keep2), points(data), (keep1, keep2)
        masks, many = draw_masks(keep1, keep2, seed), draw_masks(keep1, keep2, seed, SAMPLES)
        self._show_units(masks)
        low, high = X.min(axis=0) - 0.3, X.max(axis=0) + 0.3
        grid = np.stack(np.meshgrid(*np.linspace(low, high, SIDE).T), axis=-1).reshape(-1, 2)
        extent = (low[0], high[0], low[1], high[1])
        for axis, image, marks, chosen in zip(
            (self.thinned, self.mean), self.images, self.classes, (masks, many), strict=True
        ):
            p = probability(network, grid, chosen, keeps).mean(axis=0)
            image.set_data((p.reshape(SIDE, SIDE) * 10).round() / 10)  # bands of equal width
            image.set_extent(extent)
            for k, line in enumerate(marks):
                line.set_data(*X[y == k].T)
            axis.set(xlim=extent[:2], ylim=extent[2:])
        right = [np.mean((probability(network, X, m, keeps).mean(axis=0) > 0.5) == y) for m in (masks, many)]
        return (
            f"Dropped in layer 1: {_tell(masks[0])}; in layer 2: {_tell(masks[1])} (of {UNITS}, from below). Training points "
            f"right: this thinned network {right[0]:.0%}, the mean of {SAMPLES} {right[1]:.0%}, "
            f"all units {network.accuracy(X, y):.0%}."
        )

    def _show_units(self, masks: Masks) -> None:
        alive = [np.ones(2, bool), masks[0].ravel(), masks[1].ravel(), np.ones(1, bool)]
        spots = np.array([(k, h) for k, column in enumerate(self.places) for h in column])
        kept = np.concatenate(alive)
        self.kept.set_data(*spots[kept].T)
        self.dropped.set_data(*spots[~kept].T)
        self.edges.set_alpha([0.6 * float(a and b) for k in range(3) for a in alive[k] for b in alive[k + 1]])


def _tell(mask: NDArray) -> str:
    """The numbers of the dropped units."""
    return ", ".join(str(k + 1) for k in np.flatnonzero(~mask)) or "none"
