"""Figures of lesson 06: the scales of features, the form of the error that follows, and gradient descent on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.alt import number, spans, trends
from nnutils.figures.bars import runs_compared
from nnutils.figures.style import (
    BLUE,
    COLOURS,
    GREY,
    MARKERS,
    VERMILION,
    label,
    look_of,
    panels,
    show,
    styled,
)

__all__ = ["learning_rates", "limits_and_steps", "predictions", "runs_compared", "scales", "valleys"]


@styled
def scales(raw: NDArray, standardized: NDArray) -> None:
    """Mean and one standard deviation to either side of each feature, before (log scale) and after. Both (m, n_x)."""
    figure, (left, right) = panels(1, 2, height=3.4)
    features = np.arange(1, raw.shape[1] + 1)
    left.plot(features, raw.mean(axis=0), "o", label="mean")
    left.plot(features, raw.std(axis=0), "s", color=VERMILION, label="standard deviation")
    left.set(yscale="log")
    label(left, "As measured: scales far apart", "feature", "size (log scale)")
    right.errorbar(features, standardized.mean(axis=0), standardized.std(axis=0), fmt="o", capsize=2)
    right.set(ylim=(-2.5, 2.5))
    label(right, "Standardized: one scale for all", "feature", "mean ± standard deviation")
    left.legend(loc="lower left", bbox_to_anchor=(0.1, 0.0))
    left.set_ylim(1e-4, None)
    sizes = {"means": raw.mean(axis=0), "standard deviations": raw.std(axis=0)}
    after = {"means": standardized.mean(axis=0), "standard deviations": standardized.std(axis=0)}
    show(figure, f"as measured: {spans(sizes)}; standardized: {spans(after)}")


@styled
def valleys(before: Mapping[str, NDArray], after: Mapping[str, NDArray]) -> None:
    """Contours of the squared error over two parameters, for each pair of features (m, 2) before and after."""
    named = [item for name in before for item in ((name, before[name]), ("standardized", after[name]))]
    figure, axes = panels(1, len(named), height=2.9, sharey=True)
    for axis, (name, X) in zip(axes, named, strict=True):
        H = X.T @ X / len(X)
        for i, contour in enumerate(ellipses(H)):
            axis.plot(*contour, "-", color=BLUE, linewidth=1.2, alpha=1 - 0.14 * i)
        axis.plot(0, 0, "X", color=VERMILION, markersize=9)
        axis.set(xlim=(-1, 1), ylim=(-1, 1), aspect="equal", xticks=[-1, 0, 1], yticks=[-1, 0, 1])
        label(axis, "", r"$\theta_0 - \theta_0^*$", r"$\theta_1 - \theta_1^*$" if axis is axes[0] else "")
        axis.set_title(name, weight="normal", fontsize=11)
    title = "Contours of the squared error: stripes become circles"
    figure.suptitle(title, x=0.01, ha="left", weight="bold", fontsize=12)
    told = [f"{name} {number(np.linalg.cond(X.T @ X))}" for name, X in named]
    show(figure, f"condition numbers from left to right: {', '.join(told)}")


LEVELS = (0.15, 0.35, 0.55, 0.75, 0.95)


def ellipses(H: NDArray, levels: Sequence[float] = LEVELS, corner: ArrayLike = (1, 1)) -> list[NDArray]:
    """The contours d^T H d = const around 0, each (2, points); level 1 is the one that runs through the corner."""
    values, vectors = np.linalg.eigh(H)
    angle = np.linspace(0, 2 * np.pi, 401)
    circle = np.array([np.cos(angle), np.sin(angle)])
    height = np.sqrt(np.asarray(corner) @ H @ np.asarray(corner))
    unit = vectors @ (circle / np.sqrt(np.maximum(values, 1e-12 * values[-1]))[:, None])
    return [height * level * unit for level in levels]


@styled
def limits_and_steps(
    conditions: ArrayLike, limits: ArrayLike, predicted: ArrayLike, steps: Mapping[str, ArrayLike]
) -> None:
    """Left: the largest stable learning rate, measured and predicted; right: the steps; both over the condition number."""
    figure, (left, right) = panels(1, 2, height=3.4)
    left.plot(conditions, predicted, "-", color=GREY, label=r"2 / largest eigenvalue")
    left.plot(conditions, limits, "o", color=BLUE, label="measured")
    label(left, "The steep side sets the limit", "condition number", "largest stable learning rate")
    for i, (name, counts) in enumerate(steps.items()):
        right.plot(conditions, counts, **look_of(i), label=name)
    label(right, "The long side then takes its time", "condition number", "steps to converge")
    for axis in (left, right):
        axis.set(xscale="log", yscale="log")
        axis.legend()
    show(figure, trends({"largest stable learning rate": limits, **steps}, conditions))


@styled
def learning_rates(rates: Sequence[float], accuracies: Mapping[str, NDArray]) -> None:
    """Dev accuracy over the learning rate: mean and range of the runs. accuracies: name → (rates, runs)."""
    figure, axis = panels(height=3.4)
    for i, (name, runs) in enumerate(accuracies.items()):
        values = 100 * runs
        axis.fill_between(rates, values.min(1), values.max(1), color=COLOURS[i], alpha=0.15, linewidth=0)
        axis.plot(rates, values.mean(1), **look_of(i), label=name)
    axis.set(xscale="log", ylim=(20, 103))
    label(axis, "Inputs of one scale make the network trainable", "learning rate (log scale)", "dev accuracy (%)")  # fmt: skip
    axis.legend(loc="lower right")
    show(
        figure,
        "means: " + trends({name: 100 * runs.mean(axis=1) for name, runs in accuracies.items()}, rates),
    )


@styled
def predictions(named: Mapping[str, NDArray], truth: Sequence[str]) -> None:
    """The predicted probability of a few patients in many batches, a point per batch. named: way → (patients, batches)."""
    figure, axis = panels(height=3.2)
    for i, (name, values) in enumerate(named.items()):
        patients, batches = values.shape
        spread = np.linspace(-0.12, 0.12, batches)
        place = np.arange(patients)[:, None] + 0.36 * i - 0.18 + spread
        _points(axis, place, 100 * values, i, name)
    axis.set_xticks(range(len(truth)), truth)
    axis.set(ylim=(-4, 128), yticks=range(0, 101, 20))
    title = "With statistics of its own batch, a patient depends on the others"
    label(axis, title, "patient (and the diagnosis)", "probability of benign (%)")
    axis.legend(loc="upper center", ncols=2)
    who = [f"patient {i} ({diagnosis})" for i, diagnosis in enumerate(truth, 1)]
    told = [f"{name}: {spans(dict(zip(who, 100 * values, strict=True)))}" for name, values in named.items()]
    show(figure, f"probability in percent. {'. '.join(told)}")


def _points(axis: Axes, x: NDArray, y: NDArray, i: int, name: str) -> None:
    axis.plot(x.ravel(), y.ravel(), MARKERS[i], color=COLOURS[i], markersize=3, alpha=0.6, label=name)
