"""Compare what a cell prints with what is stored: text exactly, numbers as numbers.

Whole numbers (counts, shapes, seeds, epochs) must be equal. Decimals and percentages may differ by one unit of the last printed
digit, because sums differ in their last bits from processor to processor. The numbers of a cell tagged ``moves-5%`` may differ
by 5 % of each value. Lines that begin with ✔ or ✘ (claims and verdicts) must be equal. What a claim measured is proved by its
bound whenever its cell runs: it may move by one unit, a count too, or by half of its distance to the bound.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Any, NamedTuple

VERDICTS = ("✔", "✘")
PICTURE = "<img "  # a figure: its pixels are not compared, nor its alternative text, whose numbers have more digits than hold
# The second line of a claim, as `checks.claim` prints it.
MEASURED = re.compile(r"  measured [-−+]?\d.*, needed (?:above|below|at least|at most|between) ")
PERCENT = re.compile(r"\s?(?:%|percentage points?\b)")
JOINED = re.compile(r"(?:\s?%)?\s?±\s?")  # 91 % ± 2, 91 ± 2 %
NUMBER = re.compile(r"(?<![\w.])[-+−]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?(?!\d)")
TAG = re.compile(r"moves-(\d+)%")
MOST_PERCENT = 10  # a tag may allow no more than a tenth of the value
COMPARED = ("text/plain", "text/html", "text/markdown", "text/latex")


@dataclass(frozen=True)
class Movement:
    """A stored line and the line that was printed instead.

    units: how far the number moved that moved most, in units of its last digit; None where the text differs.
    """

    stored: str
    printed: str
    units: float | None
    allowed: bool


class Number(NamedTuple):
    """A printed number: its value, one unit of its last digit, and its width in characters.

    whole: it was printed without decimals and exponent, and is no percentage.
    """

    value: Decimal
    unit: Decimal
    whole: bool
    width: int


def share_of(tags: Iterable[str]) -> float:
    """The share of each value by which the numbers of a cell may move: 0.05 for the tag moves-5%, 0 without a tag."""
    return max((int(match[1]) / 100 for tag in tags if (match := TAG.fullmatch(tag))), default=0.0)


def settle(stored: str, printed: str, share: float = 0.0) -> str:
    """The printed text, with each line replaced by the stored one where their difference is allowed."""
    old, new = stored.split("\n"), printed.split("\n")
    if len(old) != len(new):
        return printed
    return "\n".join(a if _movement(a, b, share).allowed else b for a, b in zip(old, new, strict=True))


def settle_all(stored: Iterable[Any], printed: Iterable[Any], share: float = 0.0) -> None:
    """Settle the texts of a cell's printed outputs, in place, if there are as many of them as stored ones."""
    old, new = texts(stored), texts(printed)
    if [key for _, key in old] == [key for _, key in new]:
        for (before, key), (after, _) in zip(old, new, strict=True):
            after[key] = settle(str(before[key]), str(after[key]), share)


def broken_tags(number: int, tags: set[str], printed: str) -> Iterator[str]:
    """What is wrong with a cell's tag for numbers that move, in sentences."""
    for percent in [match[1] for tag in tags if (match := TAG.fullmatch(tag))]:
        if int(percent) > MOST_PERCENT:
            yield f"cell {number} lets its numbers move by {percent} %: {MOST_PERCENT} % is the most"
        if f"± {percent} %" not in printed:
            yield f"cell {number} lets its numbers move and does not tell the reader: print '± {percent} %'"


def movements(stored: str, printed: str, share: float = 0.0) -> Iterator[Movement]:
    """Every line that differs, and how far."""
    for old, new in zip_longest(stored.split("\n"), printed.split("\n"), fillvalue=""):
        if not _same(old, new):
            yield _movement(old, new, share)


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
    lines = (line for line in text.split("\n") if not line.startswith((*VERDICTS, PICTURE)))
    return any(not number.whole for line in lines for number in _split(line)[1])


def _same(stored: str, printed: str) -> bool:
    return stored == printed or (stored.startswith(PICTURE) and printed.startswith(PICTURE))


def _movement(stored: str, printed: str, share: float) -> Movement:
    if _same(stored, printed):
        return Movement(stored, printed, 0.0, True)
    (gaps, numbers), (new_gaps, new_numbers) = _split(stored), _split(printed)
    pairs = [*zip(numbers, new_numbers, strict=False)]
    if any(a.width != b.width for a, b in pairs):
        # 9.9 and 10.0 in one column: the longer number takes a space.
        gaps, new_gaps = ([gap.strip() for gap in part] for part in (gaps, new_gaps))
    if gaps != new_gaps:
        return Movement(stored, printed, None, False)
    units = max((float(abs(a.value - b.value) / min(a.unit, b.unit)) for a, b in pairs), default=0.0)
    if MEASURED.match(stored):
        (value, other), *rest = pairs
        allowed = _still_holds(value, other, [a for a, _ in rest]) and all(a == b for a, b in rest)
    else:
        allowed = not stored.startswith(VERDICTS) and all(_close(a, b, share) for a, b in pairs)
    return Movement(stored, printed, units, allowed)


def _still_holds(value: Number, other: Number, bounds: list[Number]) -> bool:
    """Whether what a claim measured moved by one unit at most, or by half of its distance to the nearer bound.

    Of `4 of 5` the number of runs counts as a bound, too.
    """
    distance = min(abs(value.value - bound.value) for bound in bounds)
    return abs(value.value - other.value) <= max(value.unit, other.unit, distance / 2)


def _split(line: str) -> tuple[list[str], list[Number]]:
    """The texts between the numbers, and the numbers."""
    found = list(NUMBER.finditer(line))
    ends = [0, *(match.end() for match in found)]
    starts = [*(match.start() for match in found), len(line)]
    gaps = [line[a:b] for a, b in zip(ends, starts, strict=True)]
    percent = [PERCENT.match(gap) is not None for gap in gaps[1:]]
    for i in range(len(found) - 1):  # a value and its spread are both percentages, or neither is
        if JOINED.fullmatch(gaps[i + 1]):
            percent[i] = percent[i + 1] = percent[i] or percent[i + 1]
    return gaps, [_number(match[0], is_percent) for match, is_percent in zip(found, percent, strict=True)]


def _number(text: str, percent: bool) -> Number:
    value = Decimal(text.replace("−", "-"))
    whole = not percent and re.fullmatch(r"[-+−]?\d+\.?", text) is not None
    return Number(value, Decimal(1).scaleb(int(value.as_tuple().exponent)), whole, len(text))


def _close(a: Number, b: Number, share: float) -> bool:
    unit = Decimal(0) if a.whole and b.whole else min(a.unit, b.unit)
    return abs(a.value - b.value) <= max(unit, Decimal(str(share)) * abs(a.value))
