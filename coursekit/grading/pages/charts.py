"""Small charts as inline SVG: as wide as the page, with text of its own size, and told in words to who cannot see them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from coursekit.grading.pages.page import safe

STYLE = """
svg { display: block; overflow: visible; }
svg text { font: .8rem system-ui, "Noto Sans", "DejaVu Sans", sans-serif; fill: var(--ink); }
.bar { stroke: var(--paper); stroke-width: 2; }
.b-passed, .b-plain { fill: #0b63a5; } .b-partly { fill: #93caee; } .b-failed { fill: #b8440a; }
.b-not { fill: #dfe2e7; } .b-ungraded { fill: #c3b7d6; } .b-track { fill: var(--soft); }
@media (prefers-color-scheme: dark) { .b-passed, .b-plain { fill: #1f78bd; } }
svg .t-passed, svg .t-failed { fill: #fff; } svg .t-partly, svg .t-not, svg .t-ungraded { fill: #1b1c20; }
.axis { stroke: var(--ink); } .grid { stroke: var(--line); }
.median { stroke: var(--bad); stroke-width: 2; stroke-dasharray: 5 4; }
svg .m { fill: var(--bad); font-weight: 600; } svg .q { fill: var(--quiet); }
"""
HEIGHT, TOP, BOTTOM, LEFT, RIGHT = 230, 34, 46, 9.0, 98.0  # pixels, and percent of the width
BINS = 10


class Part(NamedTuple):
    """A part of a stacked bar."""

    name: str  # in words
    kind: str  # class of its colour
    sign: str  # what tells it from the others without colours
    number: int


def stacked(parts: Sequence[Part], label: str) -> str:
    """A bar of parts side by side, each with its sign and number where there is room."""
    total, start, drawn = sum(part.number for part in parts), 0.0, []
    for part in parts:
        width = 100 * part.number / max(1, total)
        if part.number:
            drawn.append(_rect(start, width, 0, 26, f"bar b-{part.kind}", f"{part.number} {part.name}"))
            text = f"{part.sign} {part.number}" if width >= 16 else str(part.number) if width >= 5 else ""
            drawn.append(_text(start + width / 2, 18, text, f"t-{part.kind}", "middle"))
        start += width
    told = ", ".join(f"{part.name} {part.number}" for part in parts if part.number) or "nobody"
    return _svg(26, f"{label}: {told}", drawn)


def share(part: int, of: int, label: str, kind: str = "plain") -> str:
    """A bar for a share of something, on a pale track."""
    width = 100 * part / max(1, of)
    return _svg(14, label, [_rect(0, 100, 0, 14, "b-track"), _rect(0, width, 0, 14, f"b-{kind}")])


def histogram(shares: Sequence[float], what: str, who: str) -> str:
    """How many have which share, from 0 to 1, in ten bins, and the median. `what` labels the axis, `who` what is counted."""
    counts = [0] * BINS
    for one in shares:
        counts[min(BINS - 1, max(0, int(one * BINS + 1e-9)))] += 1
    middle = _median(shares)
    ticks = _ticks(max(counts, default=1))
    drawn = [*_grid(ticks), *_bars(counts, ticks[-1]), *_below(what), _text(0, 14, who, "q", "start")]
    if middle is not None:
        drawn += _marker(middle)
    told = "; ".join(f"{10 * i} to {10 * i + 10} %: {n}" for i, n in enumerate(counts) if n)
    half = f"Median {100 * middle:.0f} %. " if middle is not None else ""
    return _svg(HEIGHT, f"{what}, number of {who}. {half}{told}", drawn)


def _grid(ticks: Sequence[int]) -> list[str]:
    drawn = []
    for tick in ticks:
        y = _height(tick, ticks[-1])
        drawn.append(_line(LEFT, y, RIGHT, y, "axis" if tick == 0 else "grid"))
        drawn.append(_text(LEFT - 1, y + 4, str(tick), "", "end"))
    return drawn


def _bars(counts: Sequence[int], most: int) -> list[str]:
    drawn, width = [], (RIGHT - LEFT) / BINS
    for i, number in enumerate(counts):
        x, y = LEFT + i * width, _height(number, most)
        if number:
            drawn.append(_rect(x, width, y, HEIGHT - BOTTOM - y, "bar b-plain"))
            drawn.append(_text(x + width / 2, y - 4, str(number), "", "middle"))
    return drawn


def _below(what: str) -> list[str]:
    drawn = [_text((LEFT + RIGHT) / 2, HEIGHT - 6, what, "q", "middle")]
    for percent in range(0, 101, 20):
        x = LEFT + (RIGHT - LEFT) * percent / 100
        drawn.append(_text(x, HEIGHT - BOTTOM + 17, str(percent), "", "middle" if percent < 100 else "end"))
    return drawn


def _marker(middle: float) -> list[str]:
    x = LEFT + (RIGHT - LEFT) * middle
    side, away = ("end", -1) if middle > 0.5 else ("start", 1)
    line = _line(x, 18, x, HEIGHT - BOTTOM, "median")
    return [line, _text(x + away, 14, f"median {100 * middle:.0f} %", "m", side)]


def _ticks(most: int) -> list[int]:
    """0 and up to five round numbers above it, the last one at least `most`."""
    rough = max(1, most) / 4
    power = 10 ** math.floor(math.log10(rough)) if rough >= 1 else 1
    step = next(int(factor * power) for factor in (1, 2, 5, 10) if factor * power >= rough)
    return [step * i for i in range(math.ceil(max(1, most) / step) + 1)]


def _height(number: float, most: int) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * number / most


def _median(values: Sequence[float]) -> float | None:
    ordered, n = sorted(values), len(values)
    return (ordered[(n - 1) // 2] + ordered[n // 2]) / 2 if n else None


def _svg(height: int, label: str, drawn: Sequence[str]) -> str:
    return f'<svg role="img" width="100%" height="{height}" aria-label="{safe(label)}">{"".join(drawn)}</svg>'


def _rect(x: float, width: float, y: float, height: float, kind: str, title: str = "") -> str:
    place = f'x="{x:.2f}%" y="{y:.1f}" width="{width:.2f}%" height="{height:.1f}"'
    return (
        f'<rect class="{kind}" {place}><title>{safe(title)}</title></rect>'
        if title
        else f'<rect class="{kind}" {place}/>'
    )


def _line(x: float, y: float, to_x: float, to_y: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{x:.2f}%" y1="{y:.1f}" x2="{to_x:.2f}%" y2="{to_y:.1f}"/>'


def _text(x: float, y: float, text: str, kind: str, anchor: str) -> str:
    place = f'class="{kind}" x="{x:.2f}%" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text aria-hidden="true" {place}>{safe(text)}</text>' if text else ""
