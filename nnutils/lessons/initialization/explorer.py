"""Explorer of lesson 07: the size of the initial weights, and what 50 layers do to the signal and to the gradient."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnutils import activations
from nnutils.data import digits
from nnutils.figures.explorer import Explorer, choice, slider, whole_slider
from nnutils.figures.style import BLUE, GREY, VERMILION, label, panels
from nnutils.lessons.initialization import given

DEPTH, EXAMPLES, TINIEST = 50, 32, 1e-30
NAMES = ("relu", "selu", "tanh", "sigmoid")


@functools.cache
def examples() -> NDArray[np.floating]:
    """Digits with mean 0 and variance 1 over all pixels."""
    X = digits().X[:EXAMPLES]
    return (X - X.mean()) / X.std()


@functools.lru_cache(maxsize=8)
def draws(width: int) -> list[NDArray[np.floating]]:
    """Standard normal weights of all layers: the sliders scale them."""
    rng = np.random.default_rng(0)
    sizes = [64] + [width] * DEPTH
    return [rng.standard_normal(pair) for pair in zip(sizes[:-1], sizes[1:], strict=True)]


def there_and_back(variance: float, activation: str, width: int) -> tuple[NDArray, NDArray]:
    """How far the examples are apart after each layer; root mean square of the gradient by each layer's z. (DEPTH,) each.

    The weights have the variance variance / fan_in. The gradient begins at the last layer as random numbers of size 1.
    """
    weights = [W * np.sqrt(variance / len(W)) for W in draws(width)]
    rng = np.random.default_rng(1)
    apart, back, _ = given.there_and_back(weights, examples(), getattr(activations, activation), rng)
    return apart, back


class fifty_layers(Explorer):
    """Left: the signal on its way through the layers; right: the gradient on its way back.

    Controls: the weights' variance times fan_in, the activation, and the width of the layers.
    """

    title = "A signal through 50 layers"
    try_this = "find the variance that keeps both curves in the grey band, for each activation; then make the layers narrow."
    notice = "ReLU needs 2, SELU 1. For tanh a large variance keeps the signal, but look at its gradient. The sigmoid loses both."

    def build(self) -> dict[str, Any]:
        self.figure, axes = panels(1, 2, height=3.6)
        self.lines = []
        layers = np.arange(1, DEPTH + 1)
        for axis, colour, style, title, y in zip(
            axes,
            (BLUE, VERMILION),
            ("-", "--"),
            ("The signal, forward", "The gradient, backward"),
            ("distance between examples", "root mean square"),
            strict=True,
        ):
            axis.axhspan(0.1, 10, color="#EEEEEE", linewidth=0)
            axis.axhline(1, color=GREY, linestyle=":")
            self.lines.append(axis.plot(layers, np.ones(DEPTH), color=colour, linestyle=style)[0])
            label(axis, title, "layer", y)
            axis.set(yscale="log", ylim=(1e-16, 1e16), yticks=[1e-15, 1e-10, 1e-5, 1, 1e5, 1e10, 1e15])
            axis.minorticks_off()
        return {
            "variance": slider("variance × fan_in", 1.0, 0.1, 4.0, 0.05),
            "activation": choice("activation", NAMES, "relu"),
            "width": whole_slider("units a layer", 96, 16, 96, 8),
        }

    def draw(self, variance: float, activation: str, width: int) -> str:
        forward, back = there_and_back(variance, activation, width)
        for line, values in zip(self.lines, (forward, back), strict=True):
            line.set_ydata(np.maximum(values, TINIEST))
        return (
            f"{activation}, {width} units a layer, weights of variance {variance:.2f} / fan_in: the examples are "
            f"{forward[0]:.2g} apart after layer 1 and {forward[-1]:.2g} after layer {DEPTH}. "
            f"The gradient is {back[-1]:.2g} at layer {DEPTH} and {back[0]:.2g} at layer 1."
        )
