"""Paths of optimisers over the contours of a cost of two parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from nnutils.figures.alt import amounts, number
from nnutils.figures.style import COLOURS, FAINT, MARKERS, label, panels, show, styled

Cost = Callable[[NDArray], NDArray]
Limits = tuple[float, float, float, float]  # left, right, bottom, top
VALLEY: Limits = (-10, 5, -1.3, 1.3)


@styled
def paths(title: str, cost: Cost, named: Mapping[str, NDArray], limits: Limits = VALLEY) -> None:
    """Each path (steps + 1, 2) in a panel of its own over the cost's contours; the ring is the start, the cross the end."""
    figure, axes = panels(1, len(named), height=2.7, sharex=True, sharey=True, squeeze=False)
    for i, (axis, (name, path)) in enumerate(zip(axes[0], named.items(), strict=True)):
        contours(axis, cost, limits)
        draw_path(axis, path, i)
        label(axis, "", "$w_0$, along", "$w_1$, across (magnified)" if i == 0 else "")
        axis.set_title(name, weight="normal")
    figure.suptitle(title, x=0.01, ha="left", weight="bold")
    figure.get_layout_engine().set(w_pad=0.08)
    ends = {f"{name} after {len(path) - 1} steps": cost(path[-1]) for name, path in named.items()}
    show(figure, f"cost at the start {number(cost(next(iter(named.values()))[0]))}; {amounts(ends)}")


def contours(axis: Axes, cost: Cost, limits: Limits) -> None:
    """Contour lines at even shares of the area, so that steep and flat landscapes both show their form."""
    left, right, bottom, top = limits
    grid = np.stack(np.meshgrid(np.linspace(left, right, 121), np.linspace(bottom, top, 121)), axis=-1)
    z = cost(grid)
    axis.contour(
        grid[..., 0],
        grid[..., 1],
        z,
        levels=np.quantile(z, np.linspace(0.06, 0.92, 6) ** 2),
        colors=FAINT,
        linewidths=0.8,
        linestyles="solid",
    )
    axis.set(xlim=(left, right), ylim=(bottom, top))
    axis.grid(visible=False)


def draw_path(axis: Axes, path: NDArray, i: int) -> None:
    """One path, its start as a ring and its end as a cross."""
    axis.plot(*path.T, color=COLOURS[i], linestyle="-", marker=MARKERS[i], markersize=2.5, linewidth=0.8)
    axis.plot(*path[0], "o", color="black", markerfacecolor="white", markersize=9, zorder=5)
    axis.plot(*path[-1], "X", color=COLOURS[i], markeredgecolor="black", markersize=9, zorder=5)
