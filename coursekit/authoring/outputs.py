"""Compare what a cell prints with what is stored: text exactly, numbers as numbers.

Whole numbers (counts, shapes, seeds, epochs) must be equal. Decimals and percentages may differ by one unit of the last printed
digit, because sums differ in their last bits from processor to processor. A cell tagged ``moves-5%`` may differ by that share
of each value. Lines that begin with ✔ or ✘ (claims and verdicts) must be equal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Any

VERDICTS = ("✔", "✘")
PERCENT = re.compile(r"\s?(?:%|percentage points?\b)")
JOINED = re.compile(r"(?:\s?%)?\s?±\s?")  # 91 % ± 2, 91 ± 2 %
NUMBER = re.compile(r"(?<![\w.])[-+−]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?(?!\d)")
TAG = re.compile(r"moves-(\d+)%")
MOST_PERCENT = 10  # no tag allows more than a tenth of the value
COMPARED = ("text/plain", "text/html", "text/markdown", "text/latex")


@dataclass(frozen=True)
class Movement:
    """A stored line that came out otherwise. units: how far its farthest number moved, None where text differs."""

    stored: str
    printed: str
    units: float | None
    allowed: bool


@dataclass(frozen=True)
class Number:
    """A printed number: its value, one unit of its last digit, and whether it may move by one."""

    text: str
    percent: bool

    @property
    def value(self) -> Decimal:
        return Decimal(self.text.replace("−", "-"))

    @property
    def unit(self) -> Decimal:
        return Decimal(1).scaleb(int(self.value.as_tuple().exponent))

    @property
    def whole(self) -> bool:
        """Whether it was printed without decimals and exponent, and is no percentage."""
        return not self.percent and re.fullmatch(r"[-+−]?\d+\.?", self.text) is not None


def share_of(tags: Iterable[str]) -> float:
    """The share of each value by which the numbers of a cell may move: 0.05 for the tag moves-5%, 0 without a tag."""
    found = [TAG.fullmatch(tag) for tag in tags]
    return max((int(match[1]) / 100 for match in found if match), default=0.0)


def settle(stored: str, printed: str, share: float = 0.0) -> str:
    """The printed text, with each line replaced by the stored one where their difference is allowed."""
    ours, theirs = stored.split("\n"), printed.split("\n")
    if len(ours) != len(theirs):
        return printed
    return "\n".join(a if _movement(a, b, share).allowed else b for a, b in zip(ours, theirs, strict=True))


def settle_all(stored: Iterable[Any], printed: Iterable[Any], share: float = 0.0) -> None:
    """Settle the texts of a cell's new outputs, in place, where there are as many of them as stored ones."""
    ours, theirs = texts(stored), texts(printed)
    if [key for _, key in ours] == [key for _, key in theirs]:
        for (one, key), (other, _) in zip(ours, theirs, strict=True):
            other[key] = settle(str(one[key]), str(other[key]), share)


def broken_tags(number: int, tags: set[str], printed: str) -> Iterator[str]:
    """What is wrong with a cell's tag for numbers that move, in sentences."""
    for percent in [match[1] for tag in tags if (match := TAG.fullmatch(tag))]:
        if int(percent) > MOST_PERCENT:
            yield f"cell {number} lets its numbers move by {percent} %: {MOST_PERCENT} % is the most"
        if f"± {percent} %" not in printed:
            yield f"cell {number} lets its numbers move and does not tell the reader: print '± {percent} %'"


def movements(stored: str, printed: str, share: float = 0.0) -> Iterator[Movement]:
    """Every line that differs, and how far."""
    for ours, theirs in zip_longest(stored.split("\n"), printed.split("\n"), fillvalue=""):
        if ours != theirs:
            yield _movement(ours, theirs, share)


def texts(outputs: Iterable[Any]) -> list[tuple[dict[str, Any], str]]:
    """The places in a cell's outputs that hold text to compare: (the dict, its key)."""
    places = []
    for output in outputs:
        if output.get("name") == "stdout":
            places.append((output, "text"))
        data = output.get("data", {})
        places += [(data, kind) for kind in COMPARED if kind in data]
    return places


def text_of(outputs: Iterable[Any]) -> str:
    """All text of a cell's outputs that is compared."""
    return "\n".join(str(place[key]) for place, key in texts(outputs))


def has_numbers_that_may_move(text: str) -> bool:
    """Whether a line of the text holds a decimal or a percentage outside of claims and verdicts."""
    lines = (line for line in text.split("\n") if not line.startswith(VERDICTS))
    return any(not number.whole for line in lines for number in _split(line)[1])


def _movement(stored: str, printed: str, share: float) -> Movement:
    if stored == printed:
        return Movement(stored, printed, 0.0, True)
    (gaps, numbers), (new_gaps, new_numbers) = _split(stored), _split(printed)
    if not _same_text(gaps, numbers, new_gaps, new_numbers):
        return Movement(stored, printed, None, False)
    pairs = list(zip(numbers, new_numbers, strict=True))
    units = max((_units(*pair) for pair in pairs), default=0.0)
    fits = not stored.startswith(VERDICTS) and all(_close(*pair, share) for pair in pairs)
    return Movement(stored, printed, units, fits)


def _split(line: str) -> tuple[list[str], list[Number]]:
    """The texts between the numbers, and the numbers."""
    found = list(NUMBER.finditer(line))
    ends = [0, *(match.end() for match in found)]
    starts = [*(match.start() for match in found), len(line)]
    gaps = [line[a:b] for a, b in zip(ends, starts, strict=True)]
    percent = [PERCENT.match(gap) is not None for gap in gaps[1:]]
    for i in range(len(found) - 1):  # value and spread are of one kind
        if JOINED.fullmatch(gaps[i + 1]):
            percent[i] = percent[i + 1] = percent[i] or percent[i + 1]
    return gaps, [Number(match[0], is_percent) for match, is_percent in zip(found, percent, strict=True)]


def _same_text(gaps: list[str], numbers: list[Number], new_gaps: list[str], new: list[Number]) -> bool:
    """Whether the texts between the numbers are equal, but for spaces that a longer number takes: 9.9 and 10.0 in one column."""
    if gaps == new_gaps:
        return True
    longer = len(numbers) == len(new) and any(
        len(one.text) != len(other.text) for one, other in zip(numbers, new, strict=True)
    )
    return longer and [gap.strip() for gap in gaps] == [gap.strip() for gap in new_gaps]


def _units(a: Number, b: Number) -> float:
    return float(abs(a.value - b.value) / min(a.unit, b.unit))


def _close(a: Number, b: Number, share: float) -> bool:
    difference = abs(a.value - b.value)
    exact = a.whole and b.whole
    allowed = Decimal(0) if exact else min(a.unit, b.unit)
    return difference <= max(allowed, Decimal(str(share)) * abs(a.value))
