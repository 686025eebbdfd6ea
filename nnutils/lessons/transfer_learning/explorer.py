"""Explorer of lesson 18: labels against accuracy, for a linear head on what a frozen layer gives.

A frozen layer is a fixed function, so its features are computed once, and a new head is a linear problem that NumPy solves in
milliseconds: ridge regression on the labels written as -1 and 1, in its dual form, whose size is the number of labels.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.data import pretrained_body
from nnutils.figures.explorer import Explorer, choice, whole_slider
from nnutils.figures.style import BLUE, GREY, VERMILION, label, panels
from nnutils.transfer import few_shot

SIZES = (10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 400)
DRAWS, RIDGE = 5, 0.1


class Heads:
    """Accuracies of heads on several kinds of features, for random choices of the labelled examples.

    features: name → (m, n); y: (m,), classes counted from 0. The last m - 400 examples of a draw are its dev set.
    """

    def __init__(self, features: Mapping[str, ArrayLike], y: ArrayLike) -> None:
        self.y = np.asarray(y)
        self.targets = 2.0 * np.eye(self.y.max() + 1)[self.y] - 1
        self.products = {name: _products(np.asarray(values, float)) for name, values in features.items()}
        self.known: dict[tuple[str, int], NDArray] = {}

    def accuracies(self, name: str, draw: int) -> NDArray[np.float64]:
        """Dev accuracy for each number of labels in SIZES."""
        if (name, draw) not in self.known:
            order = np.random.default_rng(draw).permutation(len(self.y))
            self.known[name, draw] = np.array([self._accuracy(name, order, n) for n in SIZES])
        return self.known[name, draw]

    def _accuracy(self, name: str, order: NDArray, n: int) -> float:
        train, dev = order[:n], order[max(SIZES) :]
        products = self.products[name]
        a = np.linalg.solve(products[np.ix_(train, train)] + RIDGE * np.eye(n), self.targets[train])
        scores = products[np.ix_(dev, train)] @ a
        return float(np.mean(scores.argmax(axis=1) == self.y[dev]))


def _products(features: NDArray) -> NDArray[np.float64]:
    """The inner products of all pairs of examples, scaled to a mean of 1 on the diagonal, plus 1 for the bias."""
    centred = features - features.mean(axis=0)
    products = centred @ centred.T
    return products / np.diag(products).mean() + 1


def similar_task() -> tuple[dict[str, NDArray], NDArray]:
    """Kinds of features of a task of ten new characters, name → (m, n), and its labels (m,)."""
    task = few_shot(2, 500)
    X, y = np.concatenate([task.X, task.dev_X]), np.concatenate([task.y, task.dev_y])
    body = pretrained_body()
    ordinals = ("first", "second", "third")
    layers = {f"{name} convolution": body.features(X, k + 1) for k, name in enumerate(ordinals)}
    dense = pretrained_body("dense").features(X)
    return {"pixels": X, "dense body": dense, **layers, "dense layer on top": body.features(X)}, y


class labels_and_accuracy(Explorer):
    """Two curves of accuracy over labels, single draws faint, and the gap at the chosen number of labels.

    Controls: the two kinds of features to compare, the number of labels, and the draw of the labelled examples.

    features: name → array (m, n), what each frozen layer makes of the m examples; y: (m,), classes counted from 0. Without
    them: the pixels of a similar task, and the features that the layers of both trained bodies make of them.
    """

    title = "What is a label worth?"
    try_this = "compare pixels with each layer; then go from 10 labels to 400; then move the draw."
    notice = "which layer is worth reusing, how the red gap changes with the labels, and how results vary with few labels."

    def __init__(self, features: Mapping[str, ArrayLike] | None = None, y: ArrayLike = ()) -> None:
        if features is None:
            features, y = similar_task()
        self.heads, self.names = Heads(features, y), list(features)
        super().__init__()

    def build(self) -> dict[str, Any]:
        self.figure, self.axes = panels(height=3.8)
        looks = ((GREY, "--", "s"), (BLUE, "-", "o"))
        self.lines = [
            self.axes.plot(SIZES, np.zeros(len(SIZES)), color=colour, linestyle=style, marker=mark)[0]
            for colour, style, mark in looks
        ]
        self.faint = [
            self.axes.plot([], [], color=colour, linewidth=0.8, alpha=0.6, linestyle=style)[0]
            for colour, style, _ in looks
        ]
        (self.gap,) = self.axes.plot([], [], color=VERMILION, linewidth=4, solid_capstyle="butt")
        label(self.axes, "A new head on frozen features", "labels of the new task", "dev accuracy (%)")
        self.axes.set(xscale="log", ylim=(0, 102), xlim=(9, 450))
        self.axes.set_xticks([10, 20, 50, 100, 200, 400], ["10", "20", "50", "100", "200", "400"])
        self.axes.minorticks_off()
        self.legend = self.axes.legend(self.lines, ["", ""], loc="upper left")
        return {
            "without": choice("compare (dashed)", self.names, self.names[0]),
            "reused": choice("with (solid)", self.names, self.names[-1]),
            "n": choice("labels", list(SIZES), 50),
            "draw": whole_slider("draw of the labels", 0, 0, DRAWS - 1),
        }

    def draw(self, without: str, reused: str, n: int, draw: int) -> str:
        at = [SIZES.index(n)]
        means = []
        for line, faint, text, name in zip(
            self.lines, self.faint, self.legend.get_texts(), (without, reused), strict=True
        ):
            runs = 100 * np.array([self.heads.accuracies(name, k) for k in range(DRAWS)])
            line.set_ydata(runs.mean(axis=0))
            faint.set_data(SIZES, 100 * self.heads.accuracies(name, draw))
            text.set_text(f"{name}: mean of {DRAWS} draws (thin: draw {draw})")
            means.append(runs.mean(axis=0)[at[0]])
        self.gap.set_data([n, n], means)
        return (
            f"With {n} labels, a head on {without} reaches {means[0]:.0f} %, one on {reused} {means[1]:.0f} %, "
            f"on average over {DRAWS} draws: {means[1] - means[0]:+.0f} points."
        )
