"""Explorer of lesson 21: what MC dropout says of a digit that is turned, blended with another, or noisy.

A network with two hidden layers is trained once. For each position of the sliders it predicts PASSES times at once, in NumPy.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.data import digits
from nnutils.figures.explorer import Explorer, choice, slider
from nnutils.figures.style import BLUE, SKY, VERMILION, label, panels
from nnutils.network import Network, dense_network
from nnutils.optimizers import Adam
from nnutils.training import fit

UNITS, KEEP, PASSES, EPOCHS = 48, 0.7, 100, 25
EXAMPLES = 100  # after these, the training examples begin


@functools.cache
def trained() -> Network:
    """A network 64-48-48-10 with dropout at both hidden layers."""
    X, y = digits(np.float32)
    network = dense_network([64, UNITS, UNITS, 10], keep_prob=[KEEP, KEEP], rng=0, dtype=np.float32)
    fit(network, X[EXAMPLES:], y[EXAMPLES:], Adam(0.003), epochs=EPOCHS, batch_size=64, rng=0, measure=False)
    return network


@functools.cache
def masks() -> list[NDArray[np.float32]]:
    """For both hidden layers, which units are kept in each pass, divided by KEEP: (PASSES, UNITS) each."""
    u = np.random.default_rng(0).random((2, PASSES, UNITS))
    return [(draws < KEEP).astype(np.float32) / np.float32(KEEP) for draws in u]


def passes(pixels: ArrayLike) -> NDArray[np.float32]:
    """The class probabilities of one picture (64,) under each mask: (PASSES, 10)."""
    network = trained()
    a = np.asarray(pixels, np.float32)
    for W, b, mask in zip(network.weights, network.biases, masks(), strict=False):
        a = np.maximum(a @ W + b, 0) * mask
    z = a @ network.weights[-1] + network.biases[-1]
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def turned(image: NDArray, degrees: float) -> NDArray[np.float64]:
    """A square picture, turned counter-clockwise about its centre: bilinear between pixels, 0 outside."""
    side = len(image)
    middle, angle = (side - 1) / 2, np.deg2rad(degrees)
    rows, columns = np.mgrid[:side, :side] - middle
    r = np.cos(angle) * rows + np.sin(angle) * columns + middle + 1
    c = -np.sin(angle) * rows + np.cos(angle) * columns + middle + 1
    padded = np.pad(image, 1)
    r, c = np.clip(r, 0, side), np.clip(c, 0, side)
    r0, c0 = np.floor(r).astype(int), np.floor(c).astype(int)
    dr, dc = r - r0, c - c0
    top = padded[r0, c0] * (1 - dc) + padded[r0, c0 + 1] * dc
    bottom = padded[r0 + 1, c0] * (1 - dc) + padded[r0 + 1, c0 + 1] * dc
    return top * (1 - dr) + bottom * dr


@functools.cache
def examples() -> NDArray[np.float64]:
    """One picture of each digit, which the network was not trained on: (10, 8, 8)."""
    X, y = digits()
    first = [int(np.flatnonzero(y[:EXAMPLES] == digit)[0]) for digit in range(10)]
    return X[first].reshape(10, 8, 8)


class digit_in_doubt(Explorer):
    """Left: the digit; right: the probabilities with their spread.

    Controls: a digit, another one to blend it with, how much of it, a turn and noise.
    """

    title = "A digit in doubt"
    try_this = "move the share of the 9 step by step; turn a 6 by 180 degrees; add noise to an 8."
    notice = "where the deviation is largest, and a picture that is no digit although the network is sure."

    def build(self) -> dict[str, Any]:
        self.figure, (left, right) = panels(1, 2, height=3.4, width_ratios=(2, 5))
        self.image = left.imshow(np.zeros((8, 8)), cmap="gray_r", vmin=0, vmax=1)
        left.set(xticks=[], yticks=[], title="What it sees")
        left.grid(visible=False)
        self.bars = right.bar(range(10), np.zeros(10), color=SKY, edgecolor=BLUE)
        self.spread = right.vlines(range(10), np.zeros(10), np.zeros(10), color="black", linewidth=2)
        label(right, "Mean of the passes, and one deviation", "class", "probability")
        right.set(ylim=(0, 1.05), xticks=range(10))
        return {
            "digit": choice("digit", list(range(10)), 4),
            "other": choice("blended with", list(range(10)), 9),
            "blend": slider("share of the other", 0.5, 0, 1, 0.05, readout_format=".2f"),
            "turn": slider("turned by (degrees)", 0, -180, 180, 10, readout_format=".0f"),
            "noise": slider("noise", 0.0, 0, 0.6, 0.05, readout_format=".2f"),
        }

    def draw(self, digit: int, other: int, blend: float, turn: float, noise: float) -> str:
        picture = (1 - blend) * examples()[digit] + blend * examples()[other]
        picture = turned(picture, turn) + noise * np.random.default_rng(1).normal(size=(8, 8))
        picture = np.clip(picture, 0, 1)
        proba = passes(picture.ravel())
        mean, std = proba.mean(axis=0), proba.std(axis=0)
        top = int(mean.argmax())
        self.image.set_data(picture)
        for k, bar in enumerate(self.bars):
            bar.set_height(mean[k])
            bar.set_facecolor(VERMILION if k == top else SKY)
        self.spread.set_segments(
            [[(k, max(m - s, 0)), (k, min(m + s, 1))] for k, (m, s) in enumerate(zip(mean, std, strict=True))]
        )
        agree = np.mean(proba.argmax(axis=1) == top)
        return (
            f"Top class {top}: mean probability {mean[top]:.2f}, standard deviation {std[top]:.2f} "
            f"over {PASSES} passes; {agree:.0%} of them name it."
        )
