"""Compare a result with the expected one and find the first difference that a student can act on."""

from __future__ import annotations

import functools
import math
import numbers
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnutils.checks.shown import KINDS, kind_name, kind_of, show

EXACT = (int, str, bool, type(None))
TENSORS = {"jax", "jaxlib", "keras", "tensorflow", "torch"}
DOUBLE = 1e-12  # an eps above this is single or half precision
ROUNDING = 1e-14  # what is left where numbers near 1 should cancel


@dataclass(frozen=True)
class Difference:
    """The first place where two results differ, in words."""

    kind: str  # "value", "nan", "shape", "dtype", "type", "length" or "keys"
    where: str
    expected: Any  # in words, or a NumPy scalar
    got: Any

    def __str__(self) -> str:
        where = "the result" if self.where == "result" else f"`{self.where}`"
        expected, got = (
            show(one) if isinstance(one, np.generic) else one for one in (self.expected, self.got)
        )
        if expected == got and isinstance(self.got, np.generic):  # alike to 6 digits: show all of them
            expected, got = (repr(one.item()) for one in (self.expected, self.got))
        return f"{where} should be {expected}, yours is {got}"


def difference(
    expected: Any, got: Any, tolerance: float = 1e-7, where: str = "result", names: Sequence[str] = ()
) -> Difference | None:
    """The first difference of two results, or None.

    Lists, tuples and arrays are interchangeable where several things are returned; NumPy scalars are floats and ints;
    NaN equals NaN. Numbers agree when they differ by at most `tolerance` relative to the expected one, or to a
    thousandth of the largest one expected where it is smaller; in single and half precision, relative to the largest
    one and as far as that precision goes. Differences below 1e-14 are rounding. `names` name the parts of a tuple.
    """
    if type(got) is type(expected) and type(got) in EXACT and got == expected:
        return None
    got = _plain(got)
    if isinstance(expected, np.ndarray) and expected.dtype != object:
        return _array(expected, got, tolerance, where)
    if isinstance(expected, dict):
        return _mapping(expected, got, tolerance, where)
    if isinstance(expected, list | tuple):
        return _sequence(expected, got, tolerance, where, names)
    if isinstance(expected, float | np.floating):
        return _float(expected, got, tolerance, where)
    return _other(expected, got, where)


def agree(expected: Any, got: Any, tolerance: float = 1e-7) -> bool:
    """Whether two results do not differ."""
    return difference(expected, got, tolerance) is None


def identical(a: Any, b: Any) -> bool:
    """Whether two arguments hold the same values and types. Generators and callables count as the same: they are for use."""
    if isinstance(a, np.ndarray):
        same = isinstance(b, np.ndarray) and a.dtype == b.dtype and a.shape == b.shape
        if a.dtype == object:
            return same and all(map(identical, a.flat, b.flat))
        return same and bool(np.array_equal(a, b, equal_nan=a.dtype.kind in "fc"))
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(identical(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(identical, a, b))
    if isinstance(a, str | bytes | bool | numbers.Number | set | None):
        return a is b or bool(a == b) or bool(a != a and b != b)
    return True


def _plain(value: Any) -> Any:
    """A tensor as the array that it holds and a range as a list; anything else as it is."""
    if isinstance(value, range):
        return list(value)
    if type(value).__module__.partition(".")[0] in TENSORS and hasattr(value, "__array__"):
        return np.asarray(value)
    return value[()] if isinstance(value, np.ndarray) and value.ndim == 0 else value


def _array(expected: np.ndarray, got: Any, tolerance: float, where: str) -> Difference | None:
    array = _as_array(got)
    if array is None:
        return Difference("type", where, f"an array of shape {expected.shape}", kind_of(got))
    if array.shape != expected.shape:
        return Difference("shape", where, f"of shape {expected.shape}", f"of shape {array.shape}")
    if expected.size and not _kinds_agree(expected.dtype, array.dtype):
        return Difference(
            "dtype", where, kind_name(expected.dtype), f"{kind_name(array.dtype)} (dtype {array.dtype})"
        )
    if expected.dtype.kind not in "fc":
        wrong = expected != array
    else:
        wrong = _far(expected, array, tolerance)
    if not wrong.any():
        return None
    index = np.unravel_index(int(np.argmax(wrong)), wrong.shape)
    place = f"{where}[{', '.join(str(int(i)) for i in index)}]" if index else where
    return _numbers(expected[index], array[index], place)


def _far(expected: np.ndarray, got: np.ndarray, tolerance: float) -> np.ndarray:
    """Where two arrays of floats or complex numbers differ by more than rounding explains."""
    eps = max(_eps(expected.dtype), _eps(got.dtype))
    coarse = eps > DOUBLE
    with np.errstate(all="ignore"):
        allowed, finite = np.abs(expected).astype(float), np.isfinite(expected)
        largest = allowed.max(initial=0.0, where=finite)
        allowed = np.maximum(allowed, largest if coarse else 1e-3 * largest)
        allowed = allowed * (max(tolerance, 50 * eps) if coarse else tolerance) + ROUNDING
        far = ~(finite & (np.abs(got - expected) <= allowed))
        if far.any():
            far &= ~((got == expected) | (np.isnan(got) & np.isnan(expected)))
    return far


@functools.cache
def _eps(dtype: np.dtype) -> float:
    return float(np.finfo(dtype).eps)


def _far_number(expected: float, got: float, tolerance: float) -> bool:
    """`_far` of two single numbers in double precision, much faster."""
    if math.isfinite(expected):
        return not abs(got - expected) <= tolerance * abs(expected) + ROUNDING
    return not (got == expected or (got != got and expected != expected))


def _numbers(expected: Any, got: Any, where: str) -> Difference:
    floats = np.asarray(got).dtype.kind in "fc"
    kind = "nan" if floats and np.isnan(got) and not np.isnan(expected) else "value"
    return Difference(kind, where, expected, got)


def _mapping(expected: dict[Any, Any], got: Any, tolerance: float, where: str) -> Difference | None:
    if not isinstance(got, dict):
        return Difference("type", where, "a dict", kind_of(got))
    if expected.keys() != got.keys():
        return Difference(
            "keys",
            where,
            f"a dict with the keys {sorted(map(str, expected))}",
            f"one with {sorted(map(str, got))}",
        )
    found = (difference(expected[key], got[key], tolerance, f"{where}[{key!r}]") for key in expected)
    return next((one for one in found if one is not None), None)


def _sequence(
    expected: Any, got: Any, tolerance: float, where: str, names: Sequence[str]
) -> Difference | None:
    if isinstance(got, np.ndarray) and got.ndim:
        got = list(got)
    if not isinstance(got, list | tuple):
        return Difference("type", where, f"{len(expected)} things in a tuple or list", kind_of(got))
    if len(got) != len(expected):
        return Difference("length", where, f"{len(expected)} things long", f"{len(got)} long")
    labels = names if len(names) == len(expected) else [f"{where}[{i}]" for i in range(len(expected))]
    found = (difference(e, g, tolerance, label) for e, g, label in zip(expected, got, labels, strict=True))
    return next((one for one in found if one is not None), None)


def _float(expected: Any, got: Any, tolerance: float, where: str) -> Difference | None:
    if isinstance(got, bool) or not isinstance(got, int | float | np.integer | np.floating):
        return Difference("type", where, f"a single number, {show(expected)}", kind_of(got))
    try:
        mine, theirs = np.float64(expected), np.float64(got)
    except OverflowError:  # a whole number beyond every float
        mine, theirs = np.float64(expected), np.float64(np.inf)
    if isinstance(expected, float) and isinstance(got, float | int):  # a NumPy float64 is a float, too
        far = _far_number(float(mine), float(theirs), tolerance)
    else:
        far = bool(
            _far(
                np.asarray(expected),
                np.asarray(got if isinstance(got, np.floating) else theirs),
                tolerance,
            )
        )
    return _numbers(mine, theirs, where) if far else None


def _other(expected: Any, got: Any, where: str) -> Difference | None:
    """Compare what is no float: truth values, whole numbers, strings, None; anything else by its own idea of equality."""
    expected, got = (one.item() if isinstance(one, np.generic) else one for one in (expected, got))
    if type(got) is not type(expected):
        return Difference("type", where, show(expected), kind_of(got))
    try:
        same = bool(expected == got)
    except Exception:
        same = False
    return None if same else Difference("value", where, show(expected), show(got))


def _as_array(value: Any) -> np.ndarray | None:
    """The value as an array of numbers or strings, or None where it is none."""
    if not isinstance(value, np.ndarray | np.generic | list | tuple | int | float | complex):
        return None
    try:
        array = np.asarray(value)
    except Exception:  # ragged, too deep, too large
        return None
    return array if array.dtype.kind in {*KINDS, "U"} else None


def _kinds_agree(expected: np.dtype, got: np.dtype) -> bool:
    if expected.kind in "iu":
        return got.kind in "iu"
    return expected.kind == got.kind
