"""The figures of lesson 00: one network, trained in several ways, and the mean picture of every digit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nnutils.figures.alt import amounts, trends
from nnutils.figures.style import label, look_of, panels, show, styled
from nnutils.training import History


@styled
def recipes(histories: dict[str, History]) -> None:
    """The dev accuracy of every recipe after each epoch. histories: name → History with a dev set."""
    figure, axes = panels(height=4.2)
    for i, (name, history) in enumerate(histories.items()):
        epochs = range(1, history.epochs + 1)
        axes.plot(epochs, [100 * a for a in history.dev_accuracy], label=name, **look_of(i), markevery=3)
    label(axes, "One network, four ways to train it", "epoch", "accuracy on the dev set (%)")
    axes.set_ylim(0, 102)
    axes.legend(loc="lower right", bbox_to_anchor=(1, 0.12))
    show(figure, trends({name: 100 * np.array(history.dev_accuracy) for name, history in histories.items()}))


@styled
def mean_pictures(means: Sequence[NDArray]) -> None:
    """The mean picture of each digit from 0 on, 64 pixels each, with the digit above it."""
    figure, axes = panels(1, len(means), height=1.5)
    for digit, (axis, mean) in enumerate(zip(axes, means, strict=True)):
        axis.imshow(mean.reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set_visible(True)
        axis.grid(visible=False)
        axis.set_title(str(digit), loc="center", fontsize=11)
    title = "The mean of all pictures of a digit still shows it"
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=12)
    ink = amounts({f"{digit}:": mean for digit, mean in enumerate(means)})
    show(figure, f"{len(means)} pictures, a digit each. Mean ink, 1 is black: {ink}")
