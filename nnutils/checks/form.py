"""What kind of thing a result is, beside the one that is asked for: an array, a number, several things, and how precise."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnutils.checks.shown import KINDS, NUMBERS, kind_name, kind_of, show

ROUNDING = 1e-14  # what is left where numbers near 1 should cancel
FORMS = {"array", "lazy", "precision"}  # kinds of a difference that say nothing about the values
TENSORS = {"jax", "jaxlib", "keras", "tensorflow", "torch"}
PRECISIONS = {"float16": "half", "float32": "single", "float64": "double"}
SINGLE = float(np.finfo(np.float32).eps)


@dataclass(frozen=True)
class Difference:
    """The first place where two results differ, in words."""

    kind: str  # "value", "nan", "shape", "dtype", "type", "length", "keys" or one of FORMS
    where: str
    expected: Any  # in words, or a NumPy scalar
    got: Any

    def __str__(self) -> str:
        where = "the result" if self.where == "result" else f"`{self.where}`"
        expected, got = (
            show(one) if isinstance(one, np.generic) else one for one in (self.expected, self.got)
        )
        if isinstance(self.expected, np.floating) and abs(self.expected) <= ROUNDING:
            expected = "0"  # what rounding leaves of it tells nobody anything
        if expected == got and isinstance(self.got, np.generic):  # alike to 6 digits: show all of them
            expected, got = (repr(one.item()) for one in (self.expected, self.got))
        return f"{where} should be {expected}, yours is {got}"


def plain(value: Any) -> Any:
    """A tensor as the array that it holds, an array without axes as its number; anything else as it is."""
    if type(value).__module__.partition(".")[0] in TENSORS and hasattr(value, "__array__"):
        value = np.asarray(value)
    return value[()] if type(value) is np.ndarray and value.ndim == 0 else value


def no_array(got: Any, shape: str, where: str) -> Difference | None:
    """What to say where an array is asked for and `got` is none: what it is, and what makes an array of it."""
    if type(got) is np.ndarray and got.dtype.kind in {*KINDS, "U"}:
        return None
    way = ""
    if isinstance(got, np.ndarray) and got.dtype != object:
        way = ": write np.asarray(...)"
    elif isinstance(got, list | tuple | range) and _becomes_an_array(got):
        way = ": write np.array(...)"
    return Difference("array", where, f"an array{shape}", kind_of(got) + way)


def _becomes_an_array(value: Sequence[Any]) -> bool:
    try:
        return np.asarray(value).dtype.kind in {*KINDS, "U"}
    except Exception:  # ragged, too deep, too large
        return False


def too_coarse(expected: Any, got: Any, where: str, most: float = SINGLE) -> Difference | None:
    """What to say where `got`, an array or a number, is of a lower precision than `most` and than what is expected."""
    if not all(
        isinstance(one, np.ndarray | np.generic) and one.dtype.kind in "fc" for one in (expected, got)
    ):
        return None
    if eps(got.dtype) <= max(most, eps(expected.dtype)):
        return None
    asked, given = (
        f"in {PRECISIONS.get(one.dtype.name, 'another')} precision ({one.dtype})" for one in (expected, got)
    )
    return Difference("precision", where, asked, given)


@functools.cache
def eps(dtype: np.dtype) -> float:
    """The distance from 1 to the next larger number of a dtype."""
    return float(np.finfo(dtype).eps)


def misfit(pattern: Any, got: Any, where: str = "result", names: Sequence[str] = ()) -> Difference | None:
    """The first thing of another kind than in `pattern`, a right result. Values, shapes and lengths are for a judge."""
    got = plain(got)
    if isinstance(pattern, np.ndarray) and pattern.dtype != object:
        return no_array(got, "", where) or _other_numbers(pattern, got, where)
    if isinstance(pattern, NUMBERS) and not isinstance(pattern, bool):
        if isinstance(got, bool) or not isinstance(got, NUMBERS):
            return Difference("type", where, "a single number", kind_of(got))
        return too_coarse(np.float64(), got, where, 0.0)
    if isinstance(pattern, dict | list | tuple):
        return _misfit_inside(pattern, got, where, names)
    return None


def _other_numbers(pattern: np.ndarray, got: np.ndarray, where: str) -> Difference | None:
    kind = pattern.dtype.kind
    if got.size and got.dtype.kind not in {"f": "fiu", "i": "iu", "u": "iu"}.get(kind, kind):
        return Difference(
            "dtype", where, kind_name(pattern.dtype), f"{kind_name(got.dtype)} (dtype {got.dtype})"
        )
    return too_coarse(pattern, got, where, 0.0)


def _misfit_inside(
    pattern: dict[Any, Any] | list[Any] | tuple[Any, ...], got: Any, where: str, names: Sequence[str]
) -> Difference | None:
    if isinstance(pattern, dict):
        if not isinstance(got, dict):
            return Difference("type", where, "a dict", kind_of(got))
        pairs = [(pattern[key], got[key], f"{where}[{key!r}]") for key in pattern if key in got]
    else:
        if not isinstance(got, list | tuple) and not (type(got) is np.ndarray and got.ndim):
            return Difference("type", where, "a list or tuple", kind_of(got))
        if len(got) != len(pattern):
            return None
        pairs = [*zip(pattern, got, labels_of(pattern, where, names), strict=True)]
    found = (misfit(*pair) for pair in pairs)
    return next((one for one in found if one is not None), None)


def labels_of(parts: Sequence[Any], where: str, names: Sequence[str]) -> list[str]:
    """What the parts of a result are called in a sentence."""
    return [*names] if len(names) == len(parts) else [f"{where}[{i}]" for i in range(len(parts))]
