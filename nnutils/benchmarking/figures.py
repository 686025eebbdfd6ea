"""The pictures of docs/speed.md, drawn from the stored measurement."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from nnutils.benchmarking.measure import OURS
from nnutils.figures.style import COLOURS, LINES, MARKERS, STYLE

HATCHES = ("", "//", "..", "\\\\", "xx", "--")


def draw(one: dict[str, Any], folder: Path) -> list[Path]:
    """Write speed_parts.svg, speed_batch.svg and speed_width.svg; returns their paths."""
    if "sweep" not in one:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    pictures: dict[str, Callable[[Axes, dict[str, Any]], None]] = {
        "speed_parts": parts, "speed_batch": batch, "speed_width": width
    }  # fmt: skip
    paths = []
    with matplotlib.rc_context({**STYLE, "svg.hashsalt": "nnutils", "svg.fonttype": "none"}):
        for name, picture in pictures.items():
            figure, axes = plt.subplots(figsize=(8, 3.6), layout="constrained")
            picture(axes, one)
            paths.append(folder / f"{name}.svg")
            figure.savefig(paths[-1], metadata={"Date": None})
            plt.close(figure)
    return paths


def parts(axes: Axes, one: dict[str, Any]) -> None:
    """A bar a network, its pieces what the step is made of."""
    names = [name for name in next(iter(one["parts"].values())) if name != "whole"]
    bars = list(one["parts"])
    left = [0.0] * len(bars)
    for i, name in enumerate(names):
        share = [100 * one["parts"][bar][name] / one["parts"][bar]["whole"] for bar in bars]
        axes.barh(bars, share, left=left, label=name, color=COLOURS[i], hatch=HATCHES[i], edgecolor="white")
        left = [a + b for a, b in zip(left, share, strict=True)]
    rest = [max(0.0, 100 - a) for a in left]
    axes.barh(bars, rest, left=left, label="the rest", color="#BBBBBB", edgecolor="white")
    axes.set(
        xlabel="share of a step's CPU time, %", title="The larger the network, the more it is matrix products"
    )
    axes.invert_yaxis()
    axes.legend(ncols=3, loc="upper center", bbox_to_anchor=(0.4, -0.2))


def batch(axes: Axes, one: dict[str, Any]) -> None:
    """Cost of an example over the batch's size."""
    for i, (sizes, table) in enumerate(one["sweep"]["batch"].items()):
        m = [int(size) for size in table]
        for j, name in enumerate(("bare products", OURS)):
            cost = [row[name]["median"] / int(size) for size, row in table.items()]
            style = {"color": COLOURS[i], "linestyle": LINES[1 - j], "marker": MARKERS[2 * i + j]}
            axes.loglog(m, cost, label=f"{sizes}, {name}", **style)
    axes.set(xlabel="examples in a batch", ylabel="CPU time an example, µs")
    axes.set_title("A larger batch makes an example cheaper, up to a point")
    axes.legend()


def width(axes: Axes, one: dict[str, Any]) -> None:
    """Cost of a step over the hidden layers' width."""
    table = one["sweep"]["width"]
    for j, name in enumerate(("bare products", OURS)):
        cost = [row[name]["median"] for row in table.values()]
        axes.loglog(
            [int(w) for w in table],
            cost,
            label=name,
            color=COLOURS[j],
            linestyle=LINES[1 - j],
            marker=MARKERS[j],
        )
    axes.set(xlabel="units in each of two hidden layers", ylabel="CPU time a step, µs")
    axes.set_title("Narrow layers cost calls, wide ones cost arithmetic")
    axes.legend()
