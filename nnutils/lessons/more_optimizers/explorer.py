"""The explorer of lesson 13: two optimisers race, step by step, each at a learning rate that suits it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

import ipywidgets as widgets
import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.figures.explorer import Explorer, choice, log_slider, slider, whole_slider
from nnutils.figures.landscape import LANDSCAPES, LARGE, SMALL, Landscape, bands, drawable, lay_out, tell
from nnutils.figures.style import look_of, panels
from nnutils.optimizers import (
    SGD,
    AdaGrad,
    Adam,
    AdaMax,
    Lion,
    Momentum,
    Nadam,
    Nesterov,
    Optimizer,
    RMSProp,
)

STEPS, RUNS, BETA = 100, 24, 0.9
RATES = np.geomspace(0.003, 10, 22)
TURN = np.array([[1.0, 1.0], [-1.0, 1.0]]) / np.sqrt(2)

RUNNERS: dict[str, Callable[[ArrayLike, float], Optimizer]] = {
    "gradient descent": lambda lr, beta: SGD(lr),
    "momentum": lambda lr, beta: Momentum(lr, beta),
    "Nesterov": lambda lr, beta: Nesterov(np.multiply(lr, 1 - beta), beta),
    "AdaGrad": lambda lr, beta: AdaGrad(lr),
    "RMSProp": lambda lr, beta: RMSProp(lr, 0.99),
    "Adam": lambda lr, beta: Adam(lr, beta),
    "AdaMax": lambda lr, beta: AdaMax(lr, beta),
    "Nadam": lambda lr, beta: Nadam(lr, beta),
    "Lion": lambda lr, beta: Lion(lr, beta),
}


def _turned(land: Landscape) -> Landscape:
    return Landscape(lambda w: land.cost(w @ TURN.T), lambda w: land.gradient(w @ TURN.T) @ TURN)


GROUNDS: dict[str, tuple[Landscape, tuple[float, float]]] = {  # and where the race starts
    "long valley": (LANDSCAPES["long valley"], (-3.5, 1.0)),
    "turned valley": (_turned(LANDSCAPES["long valley"]), (-2.2, -1.0)),
    "saddle": (LANDSCAPES["saddle"], (-3.0, 0.001)),
    "noisy bowl": (LANDSCAPES["noisy bowl"], (-3.5, 1.5)),
}


def run(ground: str, name: str, lr: ArrayLike, beta: float = BETA) -> tuple[NDArray, NDArray]:
    """One path (steps + 1, rates, 2), and the costs above the minimum (steps + 1, rates), with noise the mean of 24 runs.

    lr: a number or (rates,). All rates and all runs stand along axes of their own.
    """
    land, start = GROUNDS[ground]
    runs, rates = (RUNS if land.noise else 1), np.atleast_1d(lr)
    noise = land.noise * np.random.default_rng(12).normal(size=(STEPS, runs, 2))
    optimizer = RUNNERS[name](rates[:, None, None], beta)
    w = np.broadcast_to(start, (len(rates), runs, 2)).copy()
    path = np.empty((STEPS + 1, *w.shape))
    path[0] = w
    with np.errstate(all="ignore"):  # a learning rate that is too large ends in inf, and the summary says so
        for t in range(STEPS):
            optimizer.update(w, land.gradient(w) + noise[t])
            path[t + 1] = w - beta * optimizer.state["v"] if name == "Nesterov" else w
        costs = np.nan_to_num((land.cost(path) - land.lowest).mean(axis=2), nan=LARGE)
    return path[:, :, 0], np.clip(costs, SMALL / 10, LARGE)


@cache
def best(ground: str, name: str) -> tuple[float, NDArray, NDArray]:
    """The rate of RATES with the lowest cost on the way, as the mean of its logarithm; and path and costs at that rate."""
    path, costs = run(ground, name, RATES)
    at = int(np.log(costs).mean(axis=0).argmin())
    return float(RATES[at]), path[:, at], costs[:, at]


@lru_cache(maxsize=64)
def walk(ground: str, name: str, factor: float, beta: float) -> tuple[NDArray, NDArray]:
    """(path (steps + 1, 2), costs (steps + 1,)) of one optimiser, at factor times its best rate."""
    rate, path, costs = best(ground, name)
    if (factor, beta) != (1, BETA):
        all_paths, all_costs = run(ground, name, factor * rate, beta)
        path, costs = all_paths[:, 0], all_costs[:, 0]
    return drawable(path), costs


class great_race(Explorer):
    """Two optimisers from one start, up to the step that the slider or the player shows."""

    title = "A race of two optimisers, each at the learning rate that suits it best"
    try_this = "press play; then choose other runners or another landscape, or make all learning rates three times as large."
    notice = "which gain from looking ahead, whose steps become too small, and which work with a rate that is not the best."

    def extras(self) -> list[Any]:
        step = self.controls["step"]
        play = widgets.Play(
            value=step.value, min=0, max=STEPS, step=2, interval=150, description="Play the race"
        )
        widgets.jslink((play, "value"), (step, "value"))
        return [play]

    def build(self) -> dict[str, Any]:
        self.figure, (ground, chart) = panels(1, 2, height=4.2)
        self.image = lay_out(ground, chart, STEPS)
        self.paths = [ground.plot([], [], **_look(i), markersize=10, markevery=[0])[0] for i in range(2)]
        self.costs = [
            chart.plot([], [], **_look(i), markersize=5, markevery=(6 * i, 12))[0] for i in range(2)
        ]
        self.legend = self.figure.legend(
            handles=self.costs, labels=["", ""], loc="outside lower center", ncols=2
        )
        return {
            "first": choice("first runner", list(RUNNERS), "Adam"),
            "second": choice("second runner", list(RUNNERS), "Nesterov"),
            "landscape": choice("landscape", list(GROUNDS), "turned valley"),
            "step": whole_slider("step", 40, 0, STEPS),
            "factor": log_slider("all learning rates x", 1.0, -1, 1),
            "beta": slider("beta, beta1", BETA, 0, 0.99, 0.01, readout_format=".2f"),
        }

    def draw(self, first: str, second: str, landscape: str, step: int, factor: float, beta: float) -> str:
        self.image.set_data(_bands(landscape))
        told = []
        for i, name in enumerate((first, second)):
            path, costs = walk(landscape, name, round(factor, 6), beta)
            self.paths[i].set_data(*path[: step + 1].T)
            self.paths[i].set_markevery([step])
            self.costs[i].set_data(np.arange(step + 1), costs[: step + 1])
            self.legend.get_texts()[i].set_text(name)
            told.append(f"{name} {tell(costs[step])}")
        return f"Costs on the {landscape} after {step} steps: {', '.join(told)}."


def _look(i: int) -> dict[str, Any]:
    """The i-th runner: colour, line style, marker."""
    return {**look_of(i), "linewidth": 1.8}


@cache
def _bands(ground: str) -> NDArray:
    return bands(GROUNDS[ground][0])
