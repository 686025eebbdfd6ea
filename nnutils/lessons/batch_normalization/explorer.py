"""Explorer of lesson 15: batch norm on and off, against the learning rate."""

from __future__ import annotations

import functools
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnutils.data import digits
from nnutils.figures.explorer import Explorer, choice
from nnutils.figures.style import BLUE, GREY, VERMILION, label, panels
from nnutils.network import dense_network
from nnutils.optimizers import SGD
from nnutils.training import fit_many

RATES = tuple(float(f"{rate:.2g}") for rate in np.logspace(-2, 1.5, 15))
INITS = {"tiny: 0.03": 0.03, "small: 0.1": 0.1, "He's: 0.32": np.sqrt(0.1), "large: 1": 1.0}
STEPS, BATCH, SMOOTH = 120, 50, 10
KINDS = ("without", "with batch norm")


@functools.cache
def trained(init: float, batch_norm: bool) -> tuple[NDArray, NDArray]:
    """Losses (steps, rates) and final accuracies (rates,) of one network trained at all learning rates side by side.

    In float64: in float32 the rounding of the processor decides which of the large rates still learn.
    """
    X, y = digits()
    X, y = X[:600], y[:600]
    sizes = [64, 20, 20, 20, 20, 10]
    networks = [dense_network(sizes, batch_norm=batch_norm, init=init, rng=0) for _ in RATES]
    rates = np.array(RATES)[:, None]
    with np.errstate(all="ignore"):  # some of the learning rates diverge
        history = fit_many(
            networks, X, y, SGD(rates), epochs=STEPS * BATCH // 600, batch_size=BATCH, measure=False
        )
        accuracy = [network.accuracy(X, y) for network in networks]
    losses = np.nan_to_num(np.array(history.step_losses, float), nan=1e9, posinf=1e9)
    return losses, np.array(accuracy)


def smoothed(losses: NDArray) -> NDArray:
    """The running mean over 10 steps, at the start over fewer, of losses cut off at 10 (guessing gives 2.3)."""
    total = np.cumsum(np.concatenate([[0.0], np.minimum(losses, 10)]))
    ends = np.arange(1, len(losses) + 1)
    starts = np.maximum(0, ends - SMOOTH)
    return (total[ends] - total[starts]) / (ends - starts)


class batch_norm_and_learning_rate(Explorer):
    """Left: the loss of both networks at one learning rate; right: their accuracy over all of them.

    Controls: the learning rate, and the size of the initial weights.
    """

    title = "Batch norm on and off, against the learning rate"
    try_this = "move the learning rate from end to end; then take other initial weights."
    notice = "how wide each curve on the right is, and which of the two changes with the initial weights."

    def build(self) -> dict[str, Any]:
        self.figure, (self.left, self.right) = panels(1, 2, height=3.8)
        looks = list(zip(KINDS, (BLUE, VERMILION), ("-", "--"), ("o", "s"), strict=True))
        steps = np.arange(1, STEPS + 1)
        self.losses = [
            self.left.plot(steps, 0 * steps, color=colour, linestyle=line, label=name)[0]
            for name, colour, line, _ in looks
        ]
        self.curves = [
            self.right.plot(RATES, np.zeros(len(RATES)), color=colour, linestyle=line, marker=marker)[0]
            for _, colour, line, marker in looks
        ]
        self.chosen = self.right.axvline(RATES[0], color=GREY, linestyle=":")
        label(self.left, "Training at this learning rate", "step", "loss (mean of 10 steps)")
        self.left.set(ylim=(0, 4.2))
        self.left.axhline(np.log(10), color=GREY, linewidth=1)
        self.left.annotate("guessing", (120, np.log(10) - 0.06), color=GREY, va="top", ha="right")
        self.left.legend(loc="upper right", ncols=2)
        label(self.right, "And at all of them", "learning rate", "accuracy after 120 steps (%)")
        self.right.set(xscale="log", ylim=(0, 104))
        self.right.minorticks_off()
        for init, batch_norm in product(INITS.values(), (False, True)):  # now, and not at a move
            trained(init, batch_norm)
        return {
            "lr": choice("learning rate", [(f"{rate:g}", rate) for rate in RATES], RATES[9]),
            "init": choice("initial weights", list(INITS.items()), INITS["He's: 0.32"]),
        }

    def draw(self, lr: float, init: float) -> str:
        column, ends, ranges = RATES.index(lr), [], []
        for i in range(2):
            losses, accuracy = trained(init, bool(i))
            self.losses[i].set_ydata(smoothed(losses[:, column]))
            self.curves[i].set_ydata(100 * accuracy)
            ends.append(100 * accuracy[column])
            ranges.append(int(np.sum(accuracy > 0.8)))
        self.chosen.set_xdata([lr, lr])
        return (
            f"At a learning rate of {lr:g}, with weights of standard deviation {init:.2g}: {ends[1]:.0f} % of the training "
            f"digits are right with batch norm and {ends[0]:.0f} % without. Over 80 % is reached at {ranges[1]} of {len(RATES)} "
            f"learning rates with it, at {ranges[0]} without."
        )
