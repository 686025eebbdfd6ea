"""The figures of lesson 00: one network, trained in several ways, and pictures of digits with their means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from nnutils.figures.alt import amounts, trends
from nnutils.figures.style import BLUE, GREY, VERMILION, label, panels, show, styled


@styled
def ways_to_train(updates: Sequence[int], accuracies: Mapping[tuple[str, str], NDArray]) -> None:
    """The dev accuracy over the updates, mean and range of the runs. accuracies: (start, steps) → (runs, points)."""
    figure, axes = panels(height=4.2)
    starts = list(dict.fromkeys(start for start, _ in accuracies))
    kinds = list(dict.fromkeys(steps for _, steps in accuracies))
    means = {}
    for (start, steps), runs in accuracies.items():
        colour, kind = (VERMILION, BLUE)[starts.index(start)], kinds.index(steps)
        values, name = 100 * runs, f"{start}, {steps}"
        axes.fill_between(updates, values.min(0), values.max(0), color=colour, alpha=0.12, linewidth=0)
        look = {"linestyle": ("-", "--")[kind], "marker": ("o", "s")[kind], "markevery": 3}
        axes.plot(updates, values.mean(0), color=colour, label=name, **look)
        means[name] = values.mean(0)
    axes.axhline(10, color=GREY, linewidth=1, linestyle=":")
    axes.text(updates[-1], 11.5, "guessing", color=GREY, ha="right", fontsize=10)
    label(
        axes,
        "Tiny weights with gradient descent learn nothing, the others do",
        "updates",
        "digits of the dev set read right (%)",
    )
    axes.set_ylim(0, 103)
    axes.legend(loc="center right", bbox_to_anchor=(1, 0.4))
    show(figure, f"means of the runs: {trends(means, updates)}")


@styled
def digits_in_a_row(pictures: Sequence[NDArray], title: str) -> None:
    """A picture of each digit from 0 on, 64 pixels each, with the digit above it."""
    figure, axes = panels(1, len(pictures), height=1.5)
    for digit, (axis, picture) in enumerate(zip(axes, pictures, strict=True)):
        axis.imshow(np.reshape(picture, (8, 8)), cmap="gray_r", vmin=0, vmax=1)
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set_visible(True)
        axis.grid(visible=False)
        axis.set_title(str(digit), loc="center", fontsize=11)
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=12)
    ink = amounts({f"{digit}:": picture for digit, picture in enumerate(pictures)})
    show(figure, f"{len(pictures)} pictures, a digit each. Mean ink, 1 is black: {ink}")
