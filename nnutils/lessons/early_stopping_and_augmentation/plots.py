"""Figures of lesson 05: where training stops, what that does to the weights, and what changed pictures bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from nnutils.figures.alt import amounts, gallery, number
from nnutils.figures.style import (
    BLUE,
    COLOURS,
    GREEN,
    GREY,
    LINES,
    MARKERS,
    ORANGE,
    VERMILION,
    label,
    look_of,
    panels,
    show,
    styled,
)
from nnutils.lessons.early_stopping_and_augmentation.given import Runs
from nnutils.words import listed

__all__ = ["falling", "hundred_digits", "norms", "pictures", "ridge_and_stopping", "softer", "stops"]


@styled
def stops(runs: Mapping[str, Runs], kept: Mapping[str, Sequence[int]], guess: Any = None) -> None:
    """Training and dev loss for each kind of labels, and what stopping gains on dev. kept: one epoch of each run."""
    figure, axes = panels(1, 3, height=3.7)
    told, gains = [], {}
    for axis, (name, of) in zip(axes, runs.items(), strict=False):
        losses = {"training loss": of.loss.mean(axis=0), "dev loss": of.dev_loss.mean(axis=0)}
        for i, (curve, values) in enumerate(losses.items()):
            axis.plot(values, **look_of(i, marker=False), label=curve)
        at = int(np.median(kept[name]))
        axis.axvline(at, 0, 0.5, color=GREY, linestyle=":", label="kept epoch (median)")
        label(axis, name, "epoch", "loss, mean of the runs")
        axis.set_ylim(0, 1.6)
        told.append(f"{name}: {_ends(losses)}; epoch {at} is kept")
        gains[name] = 100 * (of.at(kept[name]).dev_accuracy - of.dev_accuracy[:, -1])
    axes[0].legend(loc="upper right")
    _dots(axes[2], gains, ORANGE)
    axes[2].axhline(0, color=GREY, linewidth=1)
    if guess is not None:
        axes[2].plot(0, guess, "*", color=GREEN, markersize=14, label="your guess")
    label(axes[2], "What stopping gains on dev", "labels", "points of dev accuracy")
    axes[2].legend(loc="upper left")
    figure.suptitle("Stopping gains where labels are random", x=0.01, ha="left", fontweight="bold")
    show(
        figure,
        f"{'; '.join(told)}. Gain in points: {amounts({k: values.mean().round(1) for k, values in gains.items()})}",
    )


def _dots(
    axis: Axes,
    columns: Mapping[str, NDArray],
    colour: str,
    marker: str = "o",
    move: float = 0,
    name: str = "",
) -> None:
    """A column of points, one for each run, and a bar at their mean."""
    for i, values in enumerate(columns.values()):
        spread = np.linspace(-0.07, 0.07, len(values))
        first = i == 0
        axis.plot(
            i + move + spread,
            values,
            marker,
            color=colour,
            alpha=0.45,
            label=(name or "one run") if first else None,
        )
        axis.plot([i + move - 0.14, i + move + 0.14], [values.mean()] * 2, "-", color=colour, linewidth=3)
    axis.set_xticks(range(len(columns)), list(columns))
    axis.set_xlim(-0.5, len(columns) - 0.5)


@styled
def ridge_and_stopping(
    curvatures: NDArray,
    shares: Mapping[int, tuple[NDArray, NDArray]],
    steps: NDArray,
    losses: Mapping[str, NDArray],
) -> None:
    """Left: what is kept of w* over the curvature, stopped and by ridge. Right: the dev loss along both paths.

    shares: steps → (by stopping, by ridge), each (n,). losses: name → (steps,).
    """
    figure, (left, right) = panels(1, 2, height=3.7)
    names = list(losses)
    for i, (t, pair) in enumerate(shares.items()):
        for j, share in enumerate(pair):
            left.semilogx(curvatures, share, LINES[j], color=COLOURS[j], label=names[j] if i == 0 else None)
        at = int(np.argmin(np.abs(pair[1] - 0.5)))
        left.annotate(f"{t} steps", (curvatures[at], 0.5), xytext=(6, -12), textcoords="offset points")
    label(left, "Both give up the flat directions", "curvature / largest curvature", "w / w*")
    left.legend(loc="upper left")
    for j, (name, values) in enumerate(losses.items()):
        right.semilogx(steps, values, LINES[j], color=COLOURS[j], label=name)
    label(
        right,
        "The best stop is as good as the best ridge",
        "steps, or 1 / (rate · lambda)",
        "dev loss, mean of the runs",
    )
    right.legend(loc="upper left")
    best = {name: values.min() for name, values in losses.items()}
    show(figure, f"both shares rise from 0 to 1 with the curvature, at {listed([str(t) for t in shares])} steps; "
         f"lowest dev loss: {amounts(best)}; at the end {number(next(iter(losses.values()))[-1])}")  # fmt: skip


@styled
def norms(free: Runs, kept: Sequence[int], penalized: Mapping[float, Runs]) -> None:
    """Dev accuracy over the norm of the weights: a single run from its start to its end, and the end of a run for each lambda."""
    figure, axis = panels(height=3.9)
    path = free.norm.mean(axis=0), 100 * free.dev_accuracy.mean(axis=0)
    stop = free.at(kept)
    axis.plot(*path, "-", color=BLUE, label="one run without a penalty, epoch by epoch")
    axis.plot(
        stop.norm.mean(),
        100 * stop.dev_accuracy.mean(),
        "s",
        color=BLUE,
        markersize=10,
        label="kept by early stopping",
    )
    ends = {
        lam: (of.norm[:, -1].mean(), 100 * of.dev_accuracy[:, -1].mean()) for lam, of in penalized.items()
    }
    axis.plot(
        *np.transpose([*ends.values()]), "D--", color=VERMILION, label="the end of one run for each lambda"
    )
    for lam, place in ends.items():
        axis.annotate(f"{lam:g}", place, xytext=(7, 6), textcoords="offset points")
    label(
        axis,
        "One run passes good weights; L2 needs a run for each lambda",
        "norm of all weights, mean of the runs",
        "dev accuracy (%)",
    )
    axis.legend(loc="lower right")
    told = [f"lambda {lam:g}, norm {norm:.1f}, {percent:.1f} %" for lam, (norm, percent) in ends.items()]
    show(
        figure,
        f"{_ends({'one run': path[1], 'its norm': path[0]})}; kept at norm {stop.norm.mean():.1f}, "
        f"{100 * stop.dev_accuracy.mean():.1f} %; {listed(told)}",
    )


@styled
def pictures(
    rows: Mapping[str, Sequence[NDArray]], title: str, height: float = 1.3, captions: Sequence[str] = ()
) -> None:
    """Rows of pictures with a name in front of each. rows: name → pictures (h, w), white 0, or (h, w, 3).

    captions: what stands above each picture, row by row.
    """
    figure, axes = panels(
        len(rows), max(map(len, rows.values())), height=0.5 + height * len(rows), squeeze=False
    )
    for line, (name, images) in zip(axes, rows.items(), strict=True):
        for axis, image in zip(line, images, strict=False):
            draw_picture(axis, image)
        for axis in line[len(images) :]:
            axis.set_visible(False)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center")
    for axis, caption in zip(axes.flat, captions, strict=False):
        axis.set_title(caption, fontsize=10, fontweight="normal")
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=12)
    show(figure, gallery(rows))


@styled
def hundred_digits(
    epochs: NDArray,
    shifted: Mapping[str, NDArray],
    sizes: Sequence[int],
    more: NDArray,
    reached: float,
    worth: float,
    guess: Any = None,
) -> None:
    """Left: dev accuracy over the epochs for each change. Right: over the number of unchanged digits. Accuracies in per cent."""
    figure, (left, right) = panels(1, 2, height=3.9, sharey=True)
    for i, (name, values) in enumerate(shifted.items()):
        left.semilogx(epochs, values, **look_of(i, marker=False), label=name)
    left.set_xticks([25, 50, 100, 200, 400, 800], ["25", "50", "100", "200", "400", "800"], minor=False)
    left.minorticks_off()
    label(
        left,
        "Strong changes need more epochs",
        "epochs (log scale)",
        "dev accuracy (%), mean of the runs",
    )
    left.legend(loc="lower right")
    right.plot(sizes, more, "o-", color=BLUE, label="nothing changed")
    right.axhline(reached, color=VERMILION, linestyle="--", label="100, a fifth shifted, at the end")
    right.plot(worth, reached, "s", color=VERMILION, markersize=9, label="what the shifts are worth")
    if guess is not None:
        right.axvline(guess, color=GREEN, linestyle=":", label="your guess")
        right.set_xlim(min(90, guess - 5), min(max(210, guess + 5), 400))
    label(
        right,
        "New digits are worth more than shifts",
        "training digits",
        "dev accuracy (%), mean of the runs",
    )
    right.legend(loc="lower right")
    show(
        figure,
        f"{_ends({**shifted, 'with more digits': more})}; the shifts are worth {worth:g} digits",
    )


@styled
def falling(
    runs: Mapping[str, Runs], stopped: Mapping[str, Sequence[int]], best: Mapping[str, Sequence[int]]
) -> None:
    """Dev accuracy over the epochs for each schedule, with the mean of what patience keeps and of the best checkpoint."""
    figure, axis = panels(height=3.7)
    told = {}
    for i, (name, of) in enumerate(runs.items()):
        axis.plot(100 * of.dev_accuracy.mean(axis=0), **look_of(i, marker=False), label=name)
        for rule, epochs, marker in (("patience", stopped[name], "s"), ("best checkpoint", best[name], "^")):
            mean = 100 * of.at(epochs).dev_accuracy.mean()
            axis.plot(
                np.median(epochs), mean, marker, color=COLOURS[i], markersize=10, label=f"{name}: {rule}"
            )
            told[f"{name}, {rule}"] = mean
    label(
        axis,
        "Patience stops before the falling rate has done its work",
        "epoch",
        "dev accuracy (%), mean of the runs",
    )
    axis.set_ylim(80, 97)
    axis.legend(loc="lower right", ncols=2)
    show(figure, f"kept, in per cent: {amounts(told)}")


@styled
def softer(results: Mapping[str, Mapping[str, Mapping[str, NDArray]]]) -> None:
    """Dev accuracy in per cent of each kind of training. results: labels → {when: {method: (runs,)}}."""
    figure, axes = panels(1, len(results), height=3.7, sharey=True)
    told = []
    for axis, (labels, moments) in zip(axes, results.items(), strict=True):
        for i, (when, methods) in enumerate(moments.items()):
            _dots(axis, methods, COLOURS[i], MARKERS[i], move=0.36 * i - 0.18, name=when)
            told.append(f"{labels}, {when}: {amounts(methods)}")
        label(axis, labels, "training", "dev accuracy (%)")
    axes[-1].legend(loc="lower right")
    figure.suptitle(
        "Softer labels help a little; with random labels, the stop helps more",
        x=0.01,
        ha="left",
        fontweight="bold",
    )
    show(figure, "; ".join(told))


def _ends(curves: Mapping[str, NDArray]) -> str:
    """First and last values of curves: what lies between moves a little from processor to processor."""
    return "; ".join(f"{name} from {values[0]:.1f} to {values[-1]:.1f}" for name, values in curves.items())


def draw_picture(axis: Axes, image: NDArray) -> Any:
    """One picture without ticks, in a thin frame. Returns matplotlib's artist."""
    shown = axis.imshow(image, cmap="gray_r", vmin=0, vmax=1)
    axis.set(xticks=[], yticks=[])
    axis.spines[:].set_visible(True)
    axis.grid(visible=False)
    return shown
