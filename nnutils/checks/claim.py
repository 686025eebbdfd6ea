"""claim: a measurable sentence, proved where it stands."""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass
from typing import Any

import numpy as np

NOTHING = 1e-9  # smaller values are rounding errors, which differ from processor to processor
TINY = 1e-3  # below smaller bounds, that a value is less is told, and not how much less
WIDTH = 76  # characters of an output that fit a window of 800 px
Bound = float | tuple[float, float] | None


class ClaimFailed(AssertionError):
    """What a notebook claims is not what its cells measured."""


@dataclass(frozen=True)
class Claimed:
    """A claim that was measured: its sentence, the value, whether it holds, and value and bound in words.

    `value` is a float; with `equal` it is what was compared; of an array of truth values it is how many are true.
    """

    sentence: str
    value: Any
    holds: bool
    measured: str
    needed: str

    def __str__(self) -> str:
        return f"{self.sentence}\n  measured {self.measured}, needed {self.needed}"


def claim(
    sentence: str,
    value: Any,
    *,
    above: float | None = None,
    below: float | None = None,
    at_least: float | None = None,
    at_most: float | None = None,
    between: tuple[float, float] | None = None,
    equal: Any = None,
    form: str = "",
) -> None:
    """Print the sentence, what was measured and what was needed; raise where the value is outside its bound.

    `value` is a number, an array of truth values, of which the true ones are counted, or with `equal` anything that can be
    compared. Exactly one bound is given; `between` includes both ends. `form` is how numbers are printed, as ".1%" or ".2f".

    Raises
    ------
    ClaimFailed: the value is outside the bound, or is nan.
    TypeError: there is no bound, or more than one; or the value is a single True or False, which says too little.
    """
    bounds = {"above": above, "below": below, "at least": at_least, "at most": at_most, "between": between}
    claimed = measure(sentence, value, bounds, equal, form)
    if not claimed.holds:
        raise ClaimFailed(f"this does not hold: {claimed}")
    for line in f"✔ {claimed}".split("\n"):
        print(
            textwrap.fill(line, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
        )


def measure(sentence: str, value: Any, bounds: dict[str, Bound], equal: Any, form: str) -> Claimed:
    """The claim with its value measured, whether it holds or not."""
    given = {word: bound for word, bound in bounds.items() if bound is not None}
    if len(given) + (equal is not None) != 1:
        raise TypeError("claim takes one bound: above, below, at_least, at_most, between or equal")
    truths = np.asarray(value) if not isinstance(equal, list | tuple) else np.zeros(0)
    of = ""
    if truths.dtype == bool and truths.ndim:
        of, value = f" of {truths.size}", int(truths.sum())
    if isinstance(value, bool | np.bool_) or isinstance(equal, bool):
        raise TypeError(
            "claim takes what was measured and a bound, not True or False: claim('...', ratio, below=2)"
        )
    if equal is not None:
        return Claimed(sentence, value, _same(value, equal), f"{_plain(value)}{of}", _plain(equal))
    if np.ndim(value):
        raise TypeError(
            f"claim takes one number, or truth values to count, not an array of shape {np.shape(value)}"
        )
    ((word, bound),) = given.items()
    number = int(value) if isinstance(value, int | np.integer) else float(value)
    ends = bound if isinstance(bound, tuple) else (bound,)
    holds = _holds(word, number, bound)
    if word in ("below", "at most") and 0 < ends[0] < TINY and holds:
        return Claimed(sentence, number, holds, "less", f"{word} {ends[0]:g}")
    wanted = " and ".join(written(end, form) if form else f"{end:g}" for end in ends if end is not None)
    return Claimed(sentence, number, holds, f"{written(number, form)}{of}", f"{word} {wanted}")


def _holds(word: str, value: float, bound: Bound) -> bool:
    if isinstance(bound, tuple):
        return bound[0] <= value <= bound[1]
    assert bound is not None
    return {"above": value > bound, "below": value < bound, "at least": value >= bound}.get(
        word, value <= bound
    )


def _same(value: Any, equal: Any) -> bool:
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    return bool(value == equal)


def _plain(value: Any) -> str:
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def written(value: float, form: str) -> str:
    """A number as it is printed: by default with three digits, and never without decimals where it is no count."""
    if form:
        text = format(value, form).replace("%", " %")
        return text if any(digit in text for digit in "123456789") else text.replace("-", "")  # no -0.0
    if isinstance(value, int) or abs(value) < NOTHING or not math.isfinite(value):
        return f"{value:.0f}" if math.isfinite(value) else str(value)
    size = math.floor(math.log10(abs(value)))
    return f"{value:.{max(1, 2 - size)}f}" if -4 < size < 6 else f"{value:.1e}"
