"""The form of a result beside the form that is asked for: an array, a number, several things, and how precise it is."""

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
        expected, got = (show(v) if isinstance(v, np.generic) else v for v in (self.expected, self.got))
        if isinstance(self.expected, np.floating) and abs(self.expected) <= ROUNDING:
            expected = "0"  # the digits of a rounding error help nobody
        if expected == got and isinstance(self.got, np.generic):  # the same to 6 digits: show all digits
            expected, got = repr(self.expected.item()), repr(self.got.item())
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


def other_dtype(expected: np.dtype, got: np.dtype, where: str) -> Difference:
    """What to say where an array holds another kind of number than is expected."""
    return Difference("dtype", where, kind_name(expected), f"{kind_name(got)} (dtype {got})")


def too_coarse(expected: Any, got: Any, where: str, most: float = SINGLE) -> Difference | None:
    """What to say where `got`, an array or a number, is of a lower precision than `most` and than what is expected."""
    if any(not isinstance(v, np.ndarray | np.generic) or v.dtype.kind not in "fc" for v in (expected, got)):
        return None
    if eps(got.dtype) <= max(most, eps(expected.dtype)):
        return None
    asked, given = (
        f"in {PRECISIONS.get(v.dtype.name, 'another')} precision ({v.dtype})" for v in (expected, got)
    )
    return Difference("precision", where, asked, given)


@functools.cache
def eps(dtype: np.dtype) -> float:
    """The distance from 1 to the next larger number of a dtype."""
    return float(np.finfo(dtype).eps)


def misfit(pattern: Any, got: Any, where: str = "result", names: Sequence[str] = ()) -> Difference | None:
    """The first thing of another kind than in `pattern`, a right result. Values, shapes and lengths are left to the judge."""
    got = plain(got)
    if isinstance(pattern, np.ndarray) and pattern.dtype != object:
        if odd := no_array(got, "", where):
            return odd
        kind = pattern.dtype.kind
        if got.size and got.dtype.kind not in {"f": "fiu", "i": "iu", "u": "iu"}.get(kind, kind):
            return other_dtype(pattern.dtype, got.dtype, where)
        return too_coarse(pattern, got, where, 0.0)
    if isinstance(pattern, NUMBERS) and not isinstance(pattern, bool):
        if isinstance(got, bool) or not isinstance(got, NUMBERS):
            return Difference("type", where, "a single number", kind_of(got))
        return too_coarse(np.float64(), got, where, 0.0)
    if isinstance(pattern, dict):
        if not isinstance(got, dict):
            return Difference("type", where, "a dict", kind_of(got))
        pairs = [(pattern[key], got[key], f"{where}[{key!r}]") for key in pattern if key in got]
    elif isinstance(pattern, list | tuple):
        if not isinstance(got, list | tuple) and not (type(got) is np.ndarray and got.ndim):
            return Difference("type", where, "a list or tuple", kind_of(got))
        same = len(got) == len(pattern)
        pairs = [*zip(pattern, got, labels_of(pattern, where, names), strict=True)] if same else []
    else:
        return None
    return next(filter(None, (misfit(*pair) for pair in pairs)), None)


def labels_of(parts: Sequence[Any], where: str, names: Sequence[str]) -> list[str]:
    """What the parts of a result are called in a sentence."""
    return [*names] if len(names) == len(parts) else [f"{where}[{i}]" for i in range(len(parts))]
