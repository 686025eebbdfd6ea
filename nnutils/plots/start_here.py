"""The figure of lesson 00: one network, trained in several ways."""

from __future__ import annotations

from nnutils.plots.style import COLOURS, LINES, MARKERS, label, panels, styled
from nnutils.training import History


@styled
def recipes(histories: dict[str, History]) -> None:
    """The dev accuracy of every recipe after each epoch. histories: name → History with a dev set."""
    _, axes = panels(height=4.2)
    for i, (name, history) in enumerate(histories.items()):
        epochs = range(1, history.epochs + 1)
        axes.plot(
            epochs,
            [100 * a for a in history.dev_accuracy],
            label=name,
            color=COLOURS[i],
            linestyle=LINES[i],
            marker=MARKERS[i],
            markevery=3,
        )
    label(axes, "One network, four ways to train it", "epoch", "accuracy on the dev set (%)")
    axes.set_ylim(0, 102)
    axes.legend(loc="lower right", bbox_to_anchor=(1, 0.12))
