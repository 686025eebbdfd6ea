"""Three costs of two parameters for the races of optimisers in lessons 12 and 13, and how they are drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.style import label

LEFT, RIGHT, BOTTOM, TOP = -4.0, 4.0, -2.0, 2.0
SIDE, BANDS = 81, 10
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


def bands(land: Landscape) -> NDArray:
    """The landscape as ten grey bands of equal area, (81, 81), dark where the cost is high."""
    grid = np.stack(np.meshgrid(np.linspace(LEFT, RIGHT, SIDE), np.linspace(BOTTOM, TOP, SIDE)), axis=-1)
    z = land.cost(grid)
    return np.searchsorted(np.quantile(z, np.linspace(0, 1, BANDS + 1)), z)


def lay_out(ground: Axes, chart: Axes, steps: int) -> AxesImage:
    """Label the two panels of a race, the paths and the costs; returns the picture whose data are `bands`."""
    picture = ground.imshow(
        np.zeros((SIDE, SIDE)),
        extent=(LEFT, RIGHT, BOTTOM, TOP),
        origin="lower",
        cmap="Greys",
        vmin=0,
        vmax=2.5 * BANDS,
        aspect="auto",
    )
    ground.grid(visible=False)
    ground.set(xlim=(LEFT, RIGHT), ylim=(BOTTOM, TOP))
    chart.set(yscale="log", xlim=(0, steps), ylim=(SMALL, 1e3))
    label(ground, "Paths from one start; dark: high cost", "$w_0$", "$w_1$")
    label(chart, "Cost above the minimum", "step", "cost (log scale)")
    return picture


def drawable(path: NDArray) -> NDArray:
    """A path, which may have diverged, cut off where matplotlib could not draw it."""
    return np.clip(np.nan_to_num(path), -100, 100)


def tell(cost: float) -> str:
    """A cost as a summary tells it: a number, "below 1e-06" or "diverged"."""
    if not cost < LARGE:
        return "diverged"
    return f"below {SMALL:g}" if cost < SMALL else f"{cost:.2g}"
