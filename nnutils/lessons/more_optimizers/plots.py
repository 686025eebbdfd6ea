"""The figures of lesson 13: overshooting, steps that die out, rare features, a shock, and a race of eight."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.alt import amounts, trend, trends
from nnutils.figures.style import (
    BLUE,
    COLOURS,
    GREY,
    LINES,
    MARKERS,
    ORANGE,
    curves,
    label,
    look_of,
    panels,
    show,
    styled,
)

EIGHT_COLOURS = (*COLOURS, "black")
EIGHT_LINES = (*LINES, (0, (3, 1, 1, 1)))
EIGHT_MARKERS = (*MARKERS, "*")


@styled
def swings(named: Mapping[str, NDArray], overshoots: Mapping[str, ArrayLike], betas: ArrayLike) -> None:
    """Left: distance to the minimum after each step; right: the overshoot in percent for each beta."""
    figure, (left, right) = panels(1, 2, height=3.3)
    left.axhline(0, color=GREY, linewidth=0.8)
    curves(left, range(len(next(iter(named.values())))), dict(named), markevery=6)
    left.legend(loc="lower right")
    label(left, "The look ahead brakes in time", "step", "$w$ (the minimum is at 0)")
    ticks = np.arange(np.size(betas))
    for i, (name, percent) in enumerate(overshoots.items()):
        right.plot(ticks, percent, **look_of(i), label=name)
    right.set(ylim=(-4, 130), xticks=ticks, xticklabels=[f"{beta}" for beta in np.asarray(betas)])
    right.legend(loc="upper left")
    label(right, "It overshoots less", "beta", "overshoot (% of the way)")
    show(figure, f"distance: {trends(named, first=0)}; overshoot: {trends(overshoots, betas)}")


@styled
def dying_steps(steps: Mapping[str, NDArray], rates: Mapping[str, NDArray]) -> None:
    """Left: step length over lr under a gradient of 1; right: the network's median rate after each epoch."""
    figure, (left, right) = panels(1, 2, height=3.3)
    count = np.arange(1, len(next(iter(steps.values()))) + 1)
    curves(left, list(count), dict(steps))
    left.set(xscale="log", yscale="log")
    label(left, "Steps on a constant gradient of 1", "step (log scale)", "length of the step / lr")
    curves(right, range(1, len(next(iter(rates.values()))) + 1), dict(rates), markevery=5)
    right.set_ylim(0, None)
    label(right, "On digits only AdaGrad's rates fall", "epoch", r"median of lr / ($\sqrt{s}$ + eps)")
    show(figure, f"steps: {trends(steps)}; rates: {trends(rates)}")


@styled
def rates_of_pixels(share: NDArray, rate: NDArray) -> None:
    """Left: how often each pixel has ink; right: the learning rate that AdaGrad has come to give it."""
    figure, (left, right) = panels(1, 2, height=3.2, width_ratios=(1, 1.5))
    image = left.imshow(100 * share.reshape(8, 8), cmap="Greys", vmin=0, vmax=100)
    left.set(xticks=[], yticks=[], title="Ink: rare at the edges")
    left.grid(visible=False)
    bar = figure.colorbar(image, ax=left, shrink=0.85)
    bar.set_label("% of digits with ink there")
    right.plot(100 * share, rate, "o", color=BLUE, markersize=6, alpha=0.8)
    right.set(xscale="log", yscale="log")
    label(right, "The rarer the ink, the larger the steps", "% of digits with ink (log scale)", "rate")
    order = np.argsort(share)
    show(
        figure,
        f"from the rarest to the most frequent ink the rate goes {trend(rate[order], 100 * share[order])}",
    )


@styled
def after_a_shock(gradients: NDArray, steps: Mapping[str, NDArray], zoom: slice) -> None:
    """The gradients and the steps that they cause, in units of the learning rate."""
    figure, axes = panels(1, 1 + len(steps), height=3.0, width_ratios=(1, *[1.2] * len(steps)))
    count = np.arange(1, len(gradients) + 1)[zoom]
    axes[0].plot(count, gradients[zoom], color=GREY, linestyle="-")
    label(axes[0], "The gradient", "step", "gradient")
    for i, (axis, (name, taken)) in enumerate(zip(axes[1:], steps.items(), strict=True)):
        axis.plot(count, taken[zoom], color=(BLUE, ORANGE)[i], linestyle="-")
        axis.set_ylim(-0.1, 1.05 * max(map(np.max, steps.values())))
        label(axis, name, "step", "step / lr" if i == 0 else "")
    seen = {name: values[zoom] for name, values in steps.items()}
    show(figure, f"the gradient {trend(gradients[zoom], count)}; steps: {trends(seen, count)}")


@styled
def leaving_the_saddle(named: Mapping[str, NDArray]) -> None:
    """The mean cost above the minimum after each step."""
    figure, axis = panels(height=3.2)
    curves(axis, range(len(next(iter(named.values())))), dict(named), markevery=5)
    axis.legend(loc="upper right", bbox_to_anchor=(1, 0.93))
    label(axis, "Plain gradient descent waits at the saddle", "step", "cost above the minimum")
    show(figure, trends(named, first=0))


@styled
def finishing_order(grounds: Mapping[str, Mapping[str, float]], most: int) -> None:
    """Bars: steps to the target for each runner, a panel a ground; inf is told as not there within `most` steps."""
    figure, axes = panels(1, len(grounds), height=3.9, sharey=True)
    figure.suptitle("Looking ahead saves steps; dividing saves them where the axes differ", weight="bold")
    for axis, (ground, steps) in zip(axes, grounds.items(), strict=True):
        for i, (_, needed) in enumerate(steps.items()):
            _bar(axis, i, needed, most)
        axis.set(yticks=range(len(steps)), yticklabels=list(steps), xlim=(0, 1.25 * most))
        axis.grid(visible=False, axis="y")
        label(axis, ground.capitalize(), "steps to the target", "")
    axes[0].invert_yaxis()
    told = [f"{ground}, {amounts(steps)}" for ground, steps in grounds.items()]
    show(figure, f"steps to the target, inf is not in {most}: {'; '.join(told)}")


def _bar(axis: Axes, i: int, needed: float, most: int) -> None:
    there = np.isfinite(needed)
    axis.barh(i, needed if there else most, color=EIGHT_COLOURS[i] if there else "#DDDDDD", height=0.7)
    text = f" {needed:.0f}" if there else f"not in {most} "
    axis.text(needed if there else most, i, text, va="center", ha="left" if there else "right", fontsize=10)


@styled
def epochs_of_seeds(needed: Mapping[str, NDArray], target: float) -> None:
    """A row for each update: the epochs that each of its seeds needed, and their mean as a bar."""
    figure, axis = panels(height=3.6)
    for i, (_, epochs) in enumerate(needed.items()):
        spread = i + np.linspace(-0.3, 0.3, len(epochs))
        axis.plot(epochs, spread, EIGHT_MARKERS[i], color=EIGHT_COLOURS[i], markersize=6, linestyle="none")
        axis.plot([np.mean(epochs)] * 2, [i - 0.42, i + 0.42], color="black", linestyle="-", linewidth=2)
    axis.set(yticks=range(len(needed)), yticklabels=list(needed), xlim=(0, None))
    axis.invert_yaxis()
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    label(
        axis,
        "Adam's family needs the fewest epochs (five seeds each, and their mean)",
        f"epochs until the loss is below {target}",
        "",
    )
    show(figure, "means: " + amounts(needed))
