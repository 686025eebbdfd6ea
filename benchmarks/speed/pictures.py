"""The pictures of docs/speed.md, drawn from the stored measurement."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from benchmarks.speed.measure import BARE, OURS
from nnutils.figures.style import COLOURS, LINES, MARKERS, STYLE

HATCHES = ("", "//", "..", "\\\\", "xx", "--")


def draw(run: dict[str, Any], folder: Path) -> list[Path]:
    """Write speed_parts.svg, speed_batch.svg and speed_width.svg. Returns their paths."""
    if "sweeps" not in run:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    pictures: dict[str, Callable[[Axes, dict[str, Any]], None]] = {
        "speed_parts": parts, "speed_batch": batch, "speed_width": width
    }  # fmt: skip
    paths = []
    with matplotlib.rc_context({**STYLE, "svg.hashsalt": "nnutils", "svg.fonttype": "none"}):
        for name, picture in pictures.items():
            figure, axes = plt.subplots(figsize=(8, 3.6), layout="constrained")
            picture(axes, run)
            paths.append(folder / f"{name}.svg")
            figure.savefig(paths[-1], metadata={"Date": None})
            plt.close(figure)
    return paths


def parts(axes: Axes, run: dict[str, Any]) -> None:
    """A bar for each network, made of the parts of a step."""
    bars, left = list(run["parts"]), [0.0] * len(run["parts"])
    names = [name for name in next(iter(run["parts"].values())) if name != "whole"]
    for name, colour, hatch in zip(names, COLOURS, HATCHES, strict=False):
        share = [100 * run["parts"][bar][name] / run["parts"][bar]["whole"] for bar in bars]
        axes.barh(bars, share, left=left, label=name, color=colour, hatch=hatch, edgecolor="white")
        left = [a + b for a, b in zip(left, share, strict=True)]
    rest = [max(0.0, 100 - a) for a in left]
    axes.barh(bars, rest, left=left, label="the rest", color="#BBBBBB", edgecolor="white")
    axes.set_xlabel("share of a step's CPU time, %")
    axes.set_title("The larger the network, the more it is matrix products")
    axes.invert_yaxis()
    axes.legend(ncols=3, loc="upper center", bbox_to_anchor=(0.4, -0.2))


def batch(axes: Axes, run: dict[str, Any]) -> None:
    """Cost of an example over the size of the batch."""
    tables = {sizes: table for sizes, table in run["sweeps"].items() if sizes != "width"}
    for i, (sizes, table) in enumerate(tables.items()):
        for j, name in enumerate((BARE, OURS)):
            cost = [row[name][0] / int(m) for m, row in table.items()]
            style = {"color": COLOURS[i], "linestyle": LINES[1 - j], "marker": MARKERS[2 * i + j]}
            axes.loglog([int(m) for m in table], cost, label=f"{sizes}, {name}", **style)
    axes.set(xlabel="examples in a batch", ylabel="CPU time an example, µs")
    axes.set_title("A larger batch makes an example cheaper, up to a point")
    axes.legend()


def width(axes: Axes, run: dict[str, Any]) -> None:
    """Cost of a step over the width of the hidden layers."""
    table = run["sweeps"]["width"]
    for j, name in enumerate((BARE, OURS)):
        cost, style = (
            [row[name][0] for row in table.values()],
            {"linestyle": LINES[1 - j], "marker": MARKERS[j]},
        )
        axes.loglog([int(w) for w in table], cost, label=name, color=COLOURS[j], **style)
    axes.set(xlabel="units in each of two hidden layers", ylabel="CPU time a step, µs")
    axes.set_title("Narrow layers cost calls, wide ones cost arithmetic")
    axes.legend()
