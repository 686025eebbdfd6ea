"""Explorer of lesson 08: the U curve of the gradient check, over the size of the nudge."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.explorer import Explorer, choice, log_slider, slider
from nnutils.figures.style import BLUE, GREEN, GREY, LINES, MARKERS, VERMILION, label, panels

NUDGES = np.logspace(-16, 0, 65)
NAMES = ("one-sided", "two-sided", "complex step")
AT, TINIEST = 0.7, 1e-17


def function(w: NDArray, k: ArrayLike, offset: ArrayLike) -> NDArray:
    """offset + sin(k w). A large k curves it, a large offset leaves few digits for the sine."""
    return np.asarray(offset) + np.sin(np.asarray(k) * w)


def errors(eps: NDArray, k: float, offset: float, precision: str) -> NDArray[np.floating]:
    """Relative errors (3, n) of the differences at w = 0.7, in this precision, as a complex number where that is needed."""
    real = np.dtype(precision).type
    w, h, k_, o = (np.asarray(v, real) for v in (AT, eps, k, offset))
    f0, above, below = function(w, k_, o), function(w + h, k_, o), function(w - h, k_, o)
    tilted = function(w + h * np.asarray(1j, np.result_type(real, np.complex64)), k_, o)
    slopes = np.array([(above - f0) / h, (above - below) / (2 * h), tilted.imag / h], dtype=float)
    exact = float(k_) * np.cos(float(k_) * float(w))
    return np.abs(slopes - exact) / (np.abs(slopes) + abs(exact))


class u_curve(Explorer):
    """Left: the function with the two lines through the nudged points; right: the errors over all nudges.

    Controls: the nudge, the curvature, a constant that eats digits, and the precision.
    """

    title = "The U curve of the gradient check"
    try_this = "make the nudge smaller and smaller; then add a large constant to f; then take float32."
    notice = "the left arms of the two Us rise with the constant, the complex step has no left arm at all."

    def build(self) -> dict[str, Any]:
        self.figure, (self.left, self.right) = panels(1, 2, height=3.8, width_ratios=(2, 3))
        (self.curve,) = self.left.plot([], [], color="black", label="f")
        self.lines = [
            self.left.plot([], [], color=c, linestyle=s, label=n)[0]
            for c, s, n in zip((VERMILION, BLUE), LINES[1:], NAMES, strict=False)
        ]
        (self.dots,) = self.left.plot([], [], "o", color="black")
        label(self.left, "The lines at this nudge", "w", "f(w) - f(0.7)")
        self.left.set(xlim=(AT - 1.2, AT + 1.2), ylim=(-2.2, 4.2))
        self.left.legend(loc="upper left")
        self.curves, self.points = [], []
        for c, s, m, n in zip((VERMILION, BLUE, GREEN), ("--", "-.", "-"), MARKERS, NAMES, strict=False):
            self.curves.append(
                self.right.plot(NUDGES, np.ones(len(NUDGES)), color=c, linestyle=s, label=n)[0]
            )
            self.points.append(self.right.plot([1], [1], m, color=c, markersize=10, zorder=5)[0])
        self.curves[2].set(
            linewidth=5, alpha=0.35, zorder=1
        )  # the two-sided curve lies on it for large nudges
        self.right.axhline(1e-7, color=GREY, linestyle=":")
        label(self.right, "The error over the nudge", "size of the nudge", "relative error")
        self.right.set(
            xscale="log",
            yscale="log",
            xlim=(3e-17, 3),
            ylim=(1e-18, 1e4),
            yticks=[1e-16, 1e-12, 1e-8, 1e-4, 1],
        )
        self.right.minorticks_off()
        self.right.legend(loc="upper center", ncols=3, columnspacing=1, handlelength=1.8)
        return {
            "eps": log_slider("nudge", 0.1, -16, 0, 0.25),
            "k": slider("curvature k", 1.5, 0.5, 6.0, 0.5),
            "offset": log_slider("constant added to f", 1.0, -2, 6, 0.5),
            "precision": choice("precision", ("float64", "float32"), "float64"),
        }

    def draw(self, eps: float, k: float, offset: float, precision: str) -> str:
        for curve, values in zip(self.curves, errors(NUDGES, k, offset, precision), strict=True):
            curve.set_ydata(np.maximum(np.nan_to_num(values, nan=1.0), TINIEST))
        now = np.nan_to_num(errors(np.array([eps]), k, offset, precision)[:, 0], nan=1.0)
        for point, value in zip(self.points, now, strict=True):
            point.set_data([eps], [max(value, TINIEST)])
        self._move_lines(eps, k)
        one_sided, two_sided, complex_step = (f"{error:.1e}" for error in now)
        return (
            f"With a nudge of {eps:.1e} in {precision}, the relative error is {one_sided} one-sided, {two_sided} two-sided "
            f"and {complex_step} with the complex step."
        )

    def _move_lines(self, eps: float, k: float) -> None:
        x = np.linspace(AT - 1.2, AT + 1.2, 200)
        f = function(x, k, 0) - function(np.array(AT), k, 0)
        self.curve.set_data(x, f)
        places = np.array([AT - eps, AT, AT + eps])
        below, middle, above = function(places, k, 0) - function(np.array(AT), k, 0)
        self.dots.set_data(places, [below, middle, above])
        self.lines[0].set_data(x, (above - middle) / eps * (x - AT))
        self.lines[1].set_data(x, (above + below) / 2 + (above - below) / (2 * eps) * (x - AT))
