"""Figures of lesson 08: approximations of a derivative, and the errors of gradient checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nnutils.figures.alt import amounts, trends
from nnutils.figures.style import (
    BLUE,
    GREY,
    ORANGE,
    VERMILION,
    label,
    look_of,
    panels,
    show,
    styled,
)

RIGHT, WRONG = 1e-7, 1e-3


@styled
def secants(f: Callable[[Any], Any], slope: float, at: float, eps: float) -> None:
    """A curve, its tangent, and the lines of a one-sided and of a two-sided difference."""
    figure, axes = panels(height=3.4)
    x = np.linspace(at - 1.6 * eps, at + 1.6 * eps, 200)
    axes.plot(x, f(x), color="black", label="f")
    lines = {
        "tangent": slope,
        "one-sided": (f(at + eps) - f(at)) / eps,
        "two-sided": (f(at + eps) - f(at - eps)) / (2 * eps),
    }
    for i, (name, rise) in enumerate(lines.items()):
        base = f(at) if name != "two-sided" else (f(at + eps) + f(at - eps)) / 2
        axes.plot(x, base + rise * (x - at), color=(GREY, VERMILION, BLUE)[i], linestyle=(":", "--", "-.")[i],
                  label=f"{name}, slope {rise:.2f}")  # fmt: skip
    places = np.array([at - eps, at, at + eps])
    axes.plot(places, f(places), "o", color="black")
    label(axes, "The two-sided line is nearly parallel to the tangent", "w", "f(w)")
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    show(figure, f"slopes of the three lines: {amounts(lines)}")


@styled
def u_curves(eps: ArrayLike, named: Mapping[str, ArrayLike], title: str, guess: float | None = None) -> None:
    """Relative errors over the size of the nudge, on logarithmic axes; an error of 0 is drawn at the bottom.

    guess: a nudge that is marked.
    """
    figure, axes = panels(height=3.8)
    for i, (name, errors) in enumerate(named.items()):
        errors = np.maximum(np.asarray(errors, float), 1e-17)
        axes.loglog(eps, errors, **look_of(i), label=name)
    axes.axhline(RIGHT, color=GREY, linestyle=":", label="right below")
    if guess is not None:
        axes.axvline(guess, color="black", linestyle=":", label="your guess")
    label(axes, title, "size of the nudge", "relative error")
    axes.set(ylim=(3e-18, 10), yticks=[1e-16, 1e-12, 1e-8, 1e-4, 1])
    axes.minorticks_off()
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    show(figure, trends(named, eps))


@styled
def errors_of_checks(
    named: Mapping[str, float | Sequence[float]], title: str, x: str = "relative error of the check"
) -> None:
    """One row per name with its errors as points; the zones of right and wrong gradients are coloured."""
    figure, axes = panels(height=1.3 + 0.36 * len(named))
    axes.axvspan(1e-13, RIGHT, color=BLUE, alpha=0.12, linewidth=0)
    axes.axvspan(WRONG, 3, color=ORANGE, alpha=0.2, linewidth=0)
    for i, errors in enumerate(named.values()):
        values = np.maximum(np.atleast_1d(errors), 2e-13)
        colour, marker = (BLUE, "o") if values.max() < RIGHT else (VERMILION, "X")
        axes.plot(values, np.full(values.shape, i), marker, color=colour, markersize=9)
    axes.set_yticks(range(len(named)), list(named))
    axes.set(xscale="log", xlim=(1e-13, 3), ylim=(len(named) - 0.3, -1.1))
    axes.minorticks_off()
    for place, word in ((1e-10, "right"), (1e-5, "look closely"), (0.055, "wrong")):
        axes.text(place, -0.75, word, ha="center", va="center", color="black")
    label(axes, title, x, "")
    largest = amounts({name: float(np.max(errors)) for name, errors in named.items()})
    show(figure, f"largest errors: {largest}; below {RIGHT:g} is right, above {WRONG:g} wrong")


@styled
def errors_over(x: ArrayLike, named: Mapping[str, ArrayLike], title: str, words: str) -> None:
    """The errors of checks over something that changes, on logarithmic axes, with both thresholds."""
    figure, axes = panels(height=3.6)
    for i, (name, errors) in enumerate(named.items()):
        axes.loglog(x, errors, **look_of(i), markersize=5, label=name)
    axes.axhline(RIGHT, color=GREY, linestyle=":", label="right below")
    axes.axhline(WRONG, color=GREY, linestyle="-", linewidth=1, label="wrong above")
    label(axes, title, words, "relative error of the check")
    axes.minorticks_off()
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    show(figure, f"{trends(named, x)}; below {RIGHT:g} is right, above {WRONG:g} wrong")


@styled
def costs_over_steps(
    named: Mapping[str, Sequence[float]], title: str, level: float, words: str, log: bool = True
) -> None:
    """Training costs over the steps, and a level that has a meaning."""
    figure, axes = panels(height=3.6)
    for i, (name, costs) in enumerate(named.items()):
        axes.plot(costs, **look_of(i), markevery=(7 * i, 50), label=name)
    axes.axhline(level, color=GREY, linestyle=":", label=words)
    axes.set(yscale="log" if log else "linear")
    label(axes, title, "step", "cost")
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    show(figure, f"{trends(named, first=0)}; a line at {level:.3g}: {words}")
