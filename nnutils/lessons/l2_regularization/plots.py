"""Figures of lesson 03: what penalties do to errors, directions, weights and units, each beside its rivals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.alt import amounts, number, trends
from nnutils.figures.style import BLUE, COLOURS, GREY, PINK, VERMILION, label, look_of, panels, show, styled
from nnutils.words import listed

Curves = Mapping[str, NDArray]


def _band(axes: Axes, x: ArrayLike, runs: NDArray, i: int, name: str) -> None:
    """The mean of runs, and from their lowest to their highest value. runs: (runs, places)."""
    axes.plot(x, runs.mean(axis=0), **look_of(i), label=name)
    axes.fill_between(x, runs.min(axis=0), runs.max(axis=0), color=COLOURS[i], alpha=0.12, linewidth=0)


def _lambdas(axes: Axes, lams: Sequence[float]) -> NDArray:
    places = np.arange(len(lams))
    axes.set_xticks(places, [f"{lam:g}" for lam in lams])
    return places


@styled
def sweep(
    lams: Mapping[str, Sequence[float]], errors: Mapping[str, Curves], bends: Mapping[str, Curves]
) -> None:
    """Dev error and bend of three models on two tasks. lams: task → lambdas; errors, bends: task → model → (runs, lambdas)."""
    figure, axes = panels(2, 2, height=6.2)
    titles = (
        ("Digits: no hidden layer is best", "Rings: the hidden layers are needed"),
        ("Digits: nearly linear at the best lambda", "Rings: far from linear at the best lambda"),
    )
    measures = ((errors, "dev error (%)", 100), (bends, "decided otherwise by a linear fit (%)", 65))
    told = []
    for row, (measure, y_label, top) in enumerate(measures):
        for column, (task, models) in enumerate(measure.items()):
            panel = axes[row, column]
            places = _lambdas(panel, lams[task])
            for i, (name, runs) in enumerate(models.items()):
                _band(panel, places, 100 * runs, i, name)
            label(panel, titles[row][column], "lambda" if row else "", "" if column else y_label)
            panel.set_ylim(-2, top)
            means = {name: 100 * runs.mean(axis=0) for name, runs in models.items()}
            told.append(f"{task}, {y_label}: {trends(means, lams[task])}")
    axes[0, 0].legend(loc="upper left")
    show(figure, "; ".join(told))


@styled
def directions(
    curvature: NDArray, kept: NDArray, pull: float, lams: Sequence[float], errors: Curves, guess: float | None
) -> None:
    """What a penalty leaves along each direction, and the dev error when it acts on some directions only.

    curvature, kept: (directions,); pull: lambda / m; errors: name → (runs, lambdas); guess: in %, at curvature = pull.
    """
    figure, (left, right) = panels(1, 2, height=3.7)
    left.semilogx(curvature, 100 * kept, "o", color=BLUE, label="measured")
    if guess is not None:
        left.plot([pull], [guess], "*", color=PINK, markersize=14, label="your guess")
    left.axvline(pull, color=GREY, linestyle=":", label="curvature = lambda / m")
    label(
        left,
        "Flat directions are shrunk, steep ones kept",
        "curvature of the loss",
        "share of the weight left (%)",
    )
    left.set_ylim(-4, 104)
    left.legend(loc="upper left")
    places = _lambdas(right, lams)
    for i, (name, runs) in enumerate(errors.items(), start=1):
        _band(right, places, 100 * runs, i, name)
    label(right, "The gain comes from the flat ones", "lambda", "dev error (%)")
    right.set_ylim(0, None)
    right.legend(loc="upper left")
    means = {name: 100 * runs.mean(axis=0) for name, runs in errors.items()}
    flattest, steepest = kept[curvature.argmin()], kept[curvature.argmax()]
    ends = f"{number(100 * flattest)} % is left in the flattest direction, {number(100 * steepest)} % in the steepest"
    show(figure, f"{ends}; dev error: {trends(means, lams)}")


@styled
def batch_sizes(sizes: Sequence[int], lengths: Curves) -> None:
    """Bars: the length of all weights for each batch size. lengths: what the penalty is divided by → (runs, sizes)."""
    figure, axes = panels(height=3.3)
    for i, (name, runs) in enumerate(lengths.items()):
        places = np.arange(len(sizes)) + 0.4 * i - 0.2
        bars = axes.bar(
            places,
            runs.mean(axis=0),
            0.36,
            color=COLOURS[i],
            hatch=("//", "")[i],
            edgecolor="white",
            label=name,
        )
        axes.bar_label(bars, fmt="%.1f")
    axes.set_xticks(range(len(sizes)), [f"{size}" for size in sizes])
    label(
        axes,
        "With the wrong m, the batch size is a regularizer",
        "examples in a batch",
        "length of all weights",
    )
    axes.set_ylim(0, 1.25 * max(runs.mean(axis=0).max() for runs in lengths.values()))
    axes.legend(loc="upper left")
    show(figure, trends({name: runs.mean(axis=0) for name, runs in lengths.items()}, sizes))


@styled
def pulls(
    l1: Callable[[NDArray], NDArray],
    l2: Callable[[NDArray], NDArray],
    cost: Callable[[NDArray, float], float],
) -> None:
    """The gradients of both penalties, and pairs of weights that cost the same. cost(pair, l1_ratio): their penalty."""
    figure, (left, right) = panels(1, 2, height=3.7)
    w = np.linspace(-2, 2, 201)
    left.plot(w, l2(w), color=BLUE, linestyle="-", label="L2")
    for part, name in ((w[w < 0], "L1"), (w[w > 0], None)):
        left.plot(part, l1(part), color=VERMILION, linestyle="--", label=name)
    left.plot([0], l1(np.zeros(1)), "s", color=VERMILION)
    label(left, "Near 0, L1 pulls as hard as anywhere", "weight w", "gradient of the penalty")
    left.legend(loc="upper left")
    side = np.linspace(-1.5, 1.5, 81)
    w1, w2 = np.meshgrid(side, side)
    looks = ((0.0, "L2", BLUE, "-"), (1.0, "L1", VERMILION, "--"), (0.5, "elastic net", COLOURS[2], "-."))
    for ratio, name, colour, line in looks:
        costs = np.array([cost(np.array(pair), ratio) for pair in zip(w1.ravel(), w2.ravel(), strict=True)])
        level = cost(np.array([1.0, 0.0]), ratio)
        right.contour(w1, w2, costs.reshape(w1.shape), levels=[level], colors=colour, linestyles=line)
        right.plot([], [], color=colour, linestyle=line, label=name)
    right.set(aspect="equal", xticks=[-1, 0, 1], yticks=[-1, 0, 1])
    label(right, "Pairs that cost as much as (1, 0)", "$w_1$", "$w_2$")
    right.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    small, large = ({"L1": l1(at).item(), "L2": l2(at).item()} for at in (np.array([0.1]), np.array([2.0])))
    shape = "the lines of equal cost are a circle for L2, a square on its corner for L1, and between the two for the elastic net"
    show(figure, f"gradients at w = 0.1: {amounts(small)}; at w = 2: {amounts(large)}; {shape}")


@styled
def weight_pictures(weights: Mapping[str, NDArray], units: Sequence[int]) -> None:
    """The weights of some output units as pictures, exact zeros in grey. weights: name → (64, 10)."""
    figure, axes = panels(len(weights), len(units), height=0.3 + 1.4 * len(weights), squeeze=False)
    for line, (name, W) in zip(axes, weights.items(), strict=True):
        limit = np.abs(W).max()
        for axis, unit in zip(line, units, strict=True):
            picture = np.ma.masked_equal(W[:, unit].reshape(8, 8), 0.0)
            axis.set_facecolor("#BBBBBB")
            axis.imshow(picture, cmap="RdBu_r", vmin=-limit, vmax=limit)
            axis.set(xticks=[], yticks=[])
            axis.grid(visible=False)
            if axis.get_subplotspec().is_first_row():
                axis.set_title(f"the {unit}", loc="center", fontsize=11)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center")
    title = "Which pixels speak for a digit (red), against it (blue), or not at all (grey: exactly 0)"
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=12)
    zeros = amounts({name: 100 * np.mean(W[:, units] == 0) for name, W in weights.items()}, " %")
    show(figure, f"weights of the units for {listed([str(unit) for unit in units])}; exactly 0 are: {zeros}")


@styled
def l1_beside_l2(
    errors: Mapping[str, tuple[Sequence[float], NDArray]], lams: Sequence[float], zeros: Curves
) -> None:
    """Dev errors of both penalties, and what L1 sets to 0.

    errors: name → (lambdas, (runs, lambdas)); zeros: what is 0 → (runs, lams).
    """
    figure, (left, right) = panels(1, 2, height=3.7)
    for i, (name, (x, runs)) in enumerate(errors.items()):
        _band(left, x, 100 * runs, i, name)
    left.set(xscale="log", ylim=(0, 100))
    left.set_xticks([0.1, 1, 10], ["0.1", "1", "10"])
    label(left, "L1 underfits sooner", "lambda (log scale)", "dev error (%)")
    left.legend(loc="upper left")
    places = _lambdas(right, lams)
    for i, (name, runs) in enumerate(zeros.items(), start=2):
        _band(right, places, 100 * runs, i, name)
    label(right, "L1: zeros one by one, then whole units", "lambda of L1", "exactly 0 (%)")
    right.set_ylim(-2, 102)
    right.legend(loc="upper left")
    told = [
        f"dev error with {name}: {trends({'': 100 * runs.mean(axis=0)}, x)}"
        for name, (x, runs) in errors.items()
    ]
    means = {name: 100 * runs.mean(axis=0) for name, runs in zeros.items()}
    show(figure, "; ".join([*told, f"exactly 0: {trends(means, lams)}"]))


@styled
def copies(shares: Mapping[str, ArrayLike]) -> None:
    """How two copies of a pixel share their weight, for each start. shares: penalty → the second copy's share, (starts,)."""
    figure, axes = panels(height=3.3)
    for i, (name, values) in enumerate(shares.items()):
        starts = np.arange(1, 1 + len(np.asarray(values)))
        look = look_of(i) | {"linestyle": "none", "markersize": 8}
        axes.plot(starts + 0.12 * (i - 1), 100 * np.asarray(values), label=name, **look)
    label(axes, "With L1 the start decides how two copies share", "start", "second copy's share (%)")
    axes.set_ylim(-5, 105)
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    show(
        figure,
        f"share of the second copy in %: {trends({name: 100 * np.asarray(v) for name, v in shares.items()})}",
    )


@styled
def caps(radii: Sequence[float], errors: NDArray, others: Mapping[str, float]) -> None:
    """Dev error against the cap of max-norm, (runs, radii), and that of other ways as lines."""
    figure, axes = panels(height=3.3)
    places = np.arange(len(radii))
    _band(axes, places, 100 * errors, 0, "max-norm")
    for i, (name, error) in enumerate(others.items(), start=1):
        axes.axhline(100 * error, **look_of(i, marker=False), label=name)
    axes.set_xticks(places, [f"{r:g}" for r in radii])
    label(
        axes,
        "A cap helps, too, and has a best value",
        "largest length r of a unit's weights",
        "dev error (%)",
    )
    axes.set_ylim(0, None)
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    curve = trends({"max-norm": 100 * errors.mean(axis=0)}, radii)
    show(
        figure, f"dev error: {curve}; {amounts({name: 100 * error for name, error in others.items()}, ' %')}"
    )
