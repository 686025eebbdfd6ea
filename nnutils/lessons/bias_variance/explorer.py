"""Explorer of lesson 02: bias and variance of polynomials, by degree, noise and number of examples."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from numpy.polynomial.legendre import legvander
from numpy.typing import NDArray

from nnutils.figures.explorer import Explorer, slider, whole_slider
from nnutils.figures.style import BLUE, FAINT, GREY, ORANGE, VERMILION, label, panels

DEGREES = range(13)
RUNS, SHOWN, MOST = 200, 25, 300
PLACES = np.linspace(-0.95, 0.95, 60)
DRAWS = np.random.default_rng(2).normal(size=(RUNS, MOST))


class Parts(NamedTuple):
    """bias2, variance: (13,), one per degree; noise: the variance of the noise."""

    bias2: NDArray[np.floating]
    variance: NDArray[np.floating]
    noise: float


def truth(x: NDArray) -> NDArray:
    """The curve without noise."""
    return np.sin(4 * x + 0.8) + 0.5 * x


@lru_cache(maxsize=2 * len(DEGREES))
def smoother(degree: int, n: int) -> NDArray[np.floating]:
    """The matrix (60, n) that maps values at n places to the least-squares polynomial's values at PLACES."""
    return legvander(PLACES, degree) @ np.linalg.pinv(legvander(np.linspace(-1, 1, n), degree))


def fits(degree: int, noise: float, n: int) -> NDArray[np.floating]:
    """(runs, 60): the polynomials of 200 noisy training sets of n examples, at PLACES."""
    values = truth(np.linspace(-1, 1, n)) + noise * DRAWS[:, :n]
    return values @ smoother(degree, n).T


def parts(noise: float, n: int) -> Parts:
    """Bias squared and variance of each degree, exactly: a fit is a linear function of the values."""
    x = np.linspace(-1, 1, n)
    bias2, variance = np.zeros((2, len(DEGREES)))
    for degree in DEGREES:
        S = smoother(degree, n)
        bias2[degree] = np.mean((S @ truth(x) - truth(PLACES)) ** 2)
        variance[degree] = noise**2 * (S * S).sum(axis=1).mean()
    return Parts(bias2, variance, noise**2)


class trade_off(Explorer):
    """Sliders: degree, noise and number of examples; many fits on the left, the parts of the error on the right."""

    title = "Bias against variance"
    try_this = (
        "find the best degree; then double the noise, then take ten times the examples, and find it again."
    )
    notice = "noise and n change the variance, and the bias hardly at all; the degree changes both."

    def build(self) -> dict[str, Any]:
        self.figure, (left, right) = panels(1, 2, height=4.0)
        self._lay_out_fits(left)
        self._lay_out_parts(right)
        return {
            "degree": whole_slider("degree", 3, 0, 12),
            "noise": slider("noise", 0.5, 0.1, 1.0, 0.05),
            "n": whole_slider("examples n", 20, 15, MOST, 5),
        }

    def _lay_out_fits(self, axes: Axes) -> None:
        gap = np.append(PLACES, np.nan)  # one line with gaps is drawn faster than 25 lines
        (self.single,) = axes.plot(
            np.tile(gap, SHOWN), np.zeros(61 * SHOWN), color=FAINT, linestyle="-", linewidth=0.6
        )
        (self.mean,) = axes.plot(PLACES, PLACES, color=BLUE, linestyle="-", label="mean of 200 fits")
        axes.plot(PLACES, truth(PLACES), color="black", linestyle="--", label="truth")
        axes.set(ylim=(-3, 4), xticks=np.linspace(-1, 1, 5))
        axes.legend(loc="upper right")
        label(axes, "25 fits, each to noise of its own", "x", "y")

    def _lay_out_parts(self, axes: Axes) -> None:
        looks = (
            ("bias²", BLUE, "-", "o"),
            ("variance", ORANGE, "--", "s"),
            ("total error", "black", "-", ""),
        )
        self.lines = [
            axes.plot(DEGREES, DEGREES, color=c, linestyle=s, marker=m, label=name)[0]
            for name, c, s, m in looks
        ]
        (self.floor,) = axes.plot(DEGREES, DEGREES, color=GREY, linestyle=":", label="noise")
        (self.ring,) = axes.plot(
            [], [], "o", color=VERMILION, markersize=11, fillstyle="none", markeredgewidth=2
        )
        axes.set(yscale="log", ylim=(1e-3, 30), xticks=DEGREES[::2])
        axes.set_yticks([0.001, 0.01, 0.1, 1, 10], ["0.001", "0.01", "0.1", "1", "10"])  # faster than powers
        axes.minorticks_off()
        axes.legend(loc="upper right", ncols=2)
        label(axes, "Parts of the error", "degree", "squared error (log scale)")

    def draw(self, degree: int, noise: float, n: int) -> str:
        curves, found = fits(degree, noise, n), parts(noise, n)
        self.single.set_ydata(np.pad(curves[:SHOWN], ((0, 0), (0, 1)), constant_values=np.nan).ravel())
        self.mean.set_ydata(curves.mean(axis=0))
        total = found.bias2 + found.variance + found.noise
        for line, values in zip(self.lines, (found.bias2, found.variance, total), strict=True):
            line.set_ydata(np.maximum(values, 1e-9))
        self.floor.set_ydata(np.full(len(DEGREES), found.noise))
        self.ring.set_data([degree], [total[degree]])
        return (
            f"Degree {degree} on {n} examples: bias² {found.bias2[degree]:.3f} + variance {found.variance[degree]:.3f} + "
            f"noise {found.noise:.3f} = {total[degree]:.3f}. The lowest total is at degree {total.argmin()}."
        )
