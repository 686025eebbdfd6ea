"""The explorer of lesson 06: the valley of the squared error as measured, standardized and whitened, and the way down."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from nnutils.figures.explorer import Explorer, log_slider, slider
from nnutils.figures.style import BLUE, VERMILION, label, panels
from nnutils.lessons.input_normalization.plots import ellipses
from nnutils.words import counted

START = np.array([-1.3, 0.6])  # from the minimum, which lies at 0; along no axis of a valley
SHOWN, LONGEST, TARGET = 60, 20_000, 1e-3


def curvature(scale: float, mean: float, correlation: float) -> NDArray[np.float64]:
    """X^T X / m of two features: std 1 and `scale`, means `mean` times their std, and the correlation between them."""
    return np.outer([1, scale], [1, scale]) * (np.array([[1, correlation], [correlation, 1]]) + mean**2)


def path(H: NDArray, lr: float, steps: int = SHOWN) -> NDArray[np.float64]:
    """Gradient descent on 1/2 d^T H d from START, (steps + 1, 2): a step multiplies each eigendirection by 1 - lr lambda."""
    values, vectors = np.linalg.eigh(H)
    shrink = (1 - lr * values) ** np.arange(steps + 1)[:, None]
    return (shrink * (START @ vectors)) @ vectors.T


def steps_needed(H: NDArray, lr: float) -> int | None:
    """Steps until the gradient is a thousandth of the first one; None if that takes over LONGEST."""
    values, vectors = np.linalg.eigh(H)
    first = values * (START @ vectors)
    with np.errstate(all="ignore"):
        sizes = np.hypot(*(first[:, None] * (1 - lr * values)[:, None] ** np.arange(LONGEST + 1)))
    there = sizes <= TARGET * np.hypot(*first)
    return int(there.argmax()) if there.any() else None


class _Panel:
    """One valley: contours, the path, its start and the minimum."""

    def __init__(self, axis: Axes, title: str) -> None:
        self.contours = [
            axis.plot([], [], "-", color=BLUE, linewidth=1, alpha=1 - 0.14 * i)[0] for i in range(5)
        ]
        (self.path,) = axis.plot([], [], "o-", color=VERMILION, markersize=4, linewidth=1)
        axis.plot(*START, "o", color="black", markerfacecolor="white", markersize=9)
        axis.plot(0, 0, "X", color="black", markersize=9)
        axis.set(xlim=(-1.6, 1.6), ylim=(-1.6, 1.6), aspect="equal")
        label(axis, title, r"$\theta_0 - \theta_0^*$", r"$\theta_1 - \theta_1^*$")

    def draw(self, H: NDArray, share: float) -> str:
        """Show this valley, with the given share of its largest stable learning rate; in words."""
        values = np.linalg.eigvalsh(H)
        lr = share * 2 / values[-1]
        for line, contour in zip(self.contours, ellipses(H), strict=True):
            line.set_data(contour)
        self.path.set_data(np.clip(path(H, lr), -50, 50).T)
        steps = steps_needed(H, lr)
        if steps is None:
            told = "does not converge" if share >= 1 else f"takes over {LONGEST} steps"
        else:
            told = f"takes {counted(steps, 'step')}"
        return f"condition number {values[-1] / values[0]:.1f}, learning rate {lr:.2g}, descent {told}"


class valley_before_and_after(Explorer):
    """Two features as they are, standardized and whitened; sliders for scale, mean, correlation and the learning rate."""

    title = "The valley as it is, standardized, and whitened"
    try_this = "scale 1 and means 0, then the means alone up to 5; then correlation to 0.95; then the learning rate past 1."
    notice = "standardizing removes what scale and mean do. What correlation does, only whitening removes."

    def build(self) -> dict[str, Any]:
        self.figure, axes = panels(1, 3, height=3.4, sharey=True)
        titles = ("As they are", "Standardized", "Whitened")
        self.before, self.after, self.white = map(_Panel, axes, titles)
        for axis in axes[1:]:
            axis.set_ylabel("")
        return {
            "scale": log_slider("scale of feature 2", 3, -1.5, 1.5, 0.05),
            "mean": slider("means, in stds", 0.0, 0, 5, 0.25),
            "correlation": slider("correlation", 0.3, -0.95, 0.95, 0.05),
            "share": slider("lr / largest stable", 0.5, 0.05, 1.05, 0.05),
        }

    def draw(self, scale: float, mean: float, correlation: float, share: float) -> str:
        raw = self.before.draw(curvature(scale, mean, correlation), share)
        standardized = self.after.draw(curvature(1, 0, correlation), share)
        white = self.white.draw(np.eye(2), share)
        return f"As they are: {raw}. Standardized: {standardized}. Whitened: {white}."
