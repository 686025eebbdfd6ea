"""Figures of lesson 19: pictures in rows, gains by seed, the threshold of pseudo-labels, and accuracy against labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.alt import amounts, gallery, number, trends
from nnutils.figures.pictures import picture_rows
from nnutils.figures.style import BLUE, GREY, VERMILION, label, look_of, panels, show, styled

__all__ = ["accuracies", "gains", "picture_rows", "small_pictures", "thresholds"]


@styled
def small_pictures(rows: Mapping[str, NDArray], title: str) -> None:
    """Rows of square pictures of any size, (n, pixels) each, with a name in front of every row."""
    count = len(next(iter(rows.values())))
    figure, axes = panels(len(rows), count, height=0.4 + len(rows) * 0.85, squeeze=False)
    for line, (name, pictures) in zip(axes, rows.items(), strict=True):
        side = round(np.shape(pictures)[1] ** 0.5)
        for axis, pixels in zip(line, pictures, strict=True):
            axis.imshow(np.reshape(pixels, (side, side)), cmap="gray", vmin=0, vmax=1)
            axis.set(xticks=[], yticks=[])
            axis.grid(False)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center")
    figure.suptitle(title, fontweight="bold", fontsize=12)
    show(figure, gallery(rows))


@styled
def gains(differences: Mapping[str, ArrayLike], title: str) -> None:
    """A row of points for each comparison: the difference of two accuracies, in points, for every seed, and its mean."""
    figure, axes = panels(height=1.3 + 0.55 * len(differences))
    axes.axvline(0, color=GREY, linewidth=1.2)
    for i, values in enumerate(differences.values()):
        values = np.asarray(values, float)
        heights = i + np.linspace(-0.15, 0.15, len(values))
        axes.plot(values, heights, "o", color=BLUE, markersize=5, label="one seed" if i == 0 else None)
        axes.plot(
            [values.mean()] * 2,
            [i - 0.32, i + 0.32],
            "-",
            color=VERMILION,
            linewidth=3,
            label=None if i else "mean",
        )
    axes.set_yticks(range(len(differences)), list(differences))
    axes.set_ylim(len(differences) - 0.4, -0.6)
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    label(axes, title, "difference in accuracy (points)", "")
    show(figure, f"mean differences in points: {amounts(dict(differences))}")


@styled
def thresholds(limits: Sequence[float], gained: NDArray, wrong: NDArray, kept: NDArray) -> None:
    """Left: what self-training gains at each threshold, a point a seed. Right: what the first round's pseudo-labels are like.

    gained: (thresholds, seeds), points. wrong, kept: (thresholds,), in percent.
    """
    figure, (left, right) = panels(1, 2, height=3.6)
    places, names = np.arange(len(limits)), [f"{limit:g}" for limit in limits]
    left.axhline(0, color=GREY, linewidth=1.2)
    spread = np.linspace(-0.2, 0.2, gained.shape[1])
    left.plot(
        (places[:, None] + spread).ravel(), gained.ravel(), "o", color=BLUE, markersize=4, label="one seed"
    )
    left.plot(places, gained.mean(axis=1), "-", color=VERMILION, linewidth=2.5, label="mean")
    left.legend(loc="upper left")
    left.set_xticks(places, names)
    label(left, "The gain is largest in the middle", "threshold", "gain in accuracy (points)")
    for i, (name, values) in enumerate(
        {"examples with a pseudo-label": kept, "of these, wrong": wrong}.items()
    ):
        right.plot(places, values, **look_of(i), label=name)
    right.set_xticks(places, names)
    right.set_ylim(0, 105)
    right.legend()
    label(right, "First round: fewer labels, fewer wrong ones", "threshold", "%")
    gain = trends({"mean gain in points": gained.mean(axis=1)}, limits)
    show(
        figure, f"{gain}; {trends({'examples labelled in percent': kept, 'wrong in percent': wrong}, limits)}"
    )


@styled
def accuracies(labels: Sequence[int], named: Mapping[str, NDArray], titles: tuple[str, str]) -> None:
    """Left: mean test accuracy against the number of labels. Right: at the fewest labels, how far the first method is ahead.

    named: name → (numbers of labels, runs).
    """
    figure, (left, right) = panels(1, 2, height=4.2)
    first, *others = named
    for i, (name, values) in enumerate(named.items()):
        left.plot(labels, 100 * values.mean(axis=1), **look_of(i), label=name)
        lead = 100 * (named[first][0] - values[0])
        if name != first:
            right.plot(
                lead, i + np.linspace(-0.15, 0.15, len(lead)), look_of(i)["marker"], color=look_of(i)["color"]
            )
            right.plot([lead.mean()] * 2, [i - 0.32, i + 0.32], "-", color=GREY, linewidth=3)
    left.set(xscale="log", ylim=(0, 100))
    left.set_xticks(list(labels), [str(count) for count in labels])
    left.minorticks_off()
    label(left, titles[0], "labels (log scale)", "test accuracy (%)")
    right.axvline(0, color=GREY, linewidth=1.2)
    right.set_yticks(range(1, len(named)), [name.replace(", ", ",\n") for name in others])
    right.set_ylim(len(named) - 0.4, 0.4)
    label(right, titles[1], f"points ahead with {labels[0]} labels", "")
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    ends = {name: [number(100 * v) for v in values.mean(axis=1)] for name, values in named.items()}
    told = "; ".join(f"{name} {', '.join(values)}" for name, values in ends.items())
    show(figure, f"accuracy in percent at {', '.join(map(str, labels))} labels: {told}")
