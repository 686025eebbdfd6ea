"""Compare a result with the expected one and find the first difference that a student can act on."""

from __future__ import annotations

import math
import numbers
from collections.abc import Sequence
from typing import Any

import numpy as np

from nnutils.checks.form import ROUNDING, Difference, eps, labels_of, no_array, other_dtype, plain, too_coarse
from nnutils.checks.shown import kind_of, show

EXACT = (int, str, bool, type(None))
DOUBLE = 1e-12  # an eps above this is single or half precision


def difference(
    expected: Any, got: Any, tolerance: float = 1e-7, where: str = "result", names: Sequence[str] = ()
) -> Difference | None:
    """The first difference of two results, or None. `names` name the parts of a tuple.

    Lists, tuples and arrays are interchangeable where several things are returned; where an array is expected, it must be one.
    NumPy scalars count as floats and ints; NaN equals NaN. Two numbers agree when they differ by at most `tolerance` times the
    expected number, or a thousandth of the largest expected one if that is more. Where single precision is expected, or given,
    the largest number and what rounding to that precision explains take their places. Half precision is refused unless it is
    expected. Differences below 1e-14 are rounding.
    """
    if type(got) is type(expected) and type(got) in EXACT and got == expected:
        return None
    expected, got = plain(expected), plain(got)
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
    """Whether two arguments hold the same values and types. Generators and callables always count as the same."""
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


def _array(expected: np.ndarray, got: Any, tolerance: float, where: str) -> Difference | None:
    if odd := no_array(got, f" of shape {expected.shape}", where):
        return odd
    if got.shape != expected.shape:
        return Difference("shape", where, f"of shape {expected.shape}", f"of shape {got.shape}")
    kind = expected.dtype.kind
    if expected.size and got.dtype.kind not in ("iu" if kind in "iu" else kind):
        return other_dtype(expected.dtype, got.dtype, where)
    if coarse := too_coarse(expected, got, where):
        return coarse
    wrong = _far(expected, got, tolerance) if kind in "fc" else expected != got
    if not wrong.any():
        return None
    index = np.unravel_index(int(np.argmax(wrong)), wrong.shape)
    place = f"{where}[{', '.join(str(int(i)) for i in index)}]" if index else where
    return _numbers(expected[index], got[index], place)


def _far(expected: np.ndarray, got: np.ndarray, tolerance: float) -> np.ndarray:
    """Where two arrays of floats or complex numbers differ by more than rounding explains."""
    asked, given = eps(expected.dtype), eps(got.dtype)
    coarse = max(asked, given) > DOUBLE
    with np.errstate(all="ignore"):
        allowed, finite = np.abs(expected).astype(float), np.isfinite(expected)
        largest = allowed.max(initial=0.0, where=finite)
        allowed = np.maximum(allowed, largest if coarse else 1e-3 * largest)
        allowed = allowed * (max(tolerance, 50 * asked, 16 * given) if coarse else tolerance) + ROUNDING
        far = ~(finite & (np.abs(got - expected) <= allowed))
        if far.any():
            far &= ~((got == expected) | (np.isnan(got) & np.isnan(expected)))
    return far


def _numbers(expected: Any, got: Any, where: str) -> Difference:
    floats = np.asarray(got).dtype.kind in "fc"
    kind = "nan" if floats and np.isnan(got) and not np.isnan(expected) else "value"
    return Difference(kind, where, expected, got)


def _mapping(expected: dict[Any, Any], got: Any, tolerance: float, where: str) -> Difference | None:
    if not isinstance(got, dict):
        return Difference("type", where, "a dict", kind_of(got))
    if expected.keys() != got.keys():
        asked, given = (sorted(map(str, keys)) for keys in (expected, got))
        return Difference("keys", where, f"a dict with the keys {asked}", f"one with {given}")
    found = (difference(expected[key], got[key], tolerance, f"{where}[{key!r}]") for key in expected)
    return next(filter(None, found), None)


def _sequence(
    expected: Sequence[Any], got: Any, tolerance: float, where: str, names: Sequence[str]
) -> Difference | None:
    asked = f"{len(expected)} things in a tuple or list"
    if type(got) is np.ndarray and got.ndim:
        if len(got) != len(expected) or any(_rank(part) != got.ndim - 1 for part in expected):
            return Difference("type", where, asked, f"one array of shape {got.shape}")
        got = list(got)
    if not isinstance(got, list | tuple | range):
        return Difference("type", where, asked, kind_of(got))
    if len(got) != len(expected):
        return Difference("length", where, f"{len(expected)} things long", f"{len(got)} long")
    parts = zip(expected, got, labels_of(expected, where, names), strict=True)
    return next(filter(None, (difference(part, mine, tolerance, label) for part, mine, label in parts)), None)


def _rank(part: Any) -> int | None:
    """The number of dimensions that this part has as an array, or None where its rows are of several lengths."""
    try:
        return np.ndim(part)
    except ValueError:
        return None


def _float(expected: Any, got: Any, tolerance: float, where: str) -> Difference | None:
    if isinstance(got, bool) or not isinstance(got, int | float | np.integer | np.floating):
        return Difference("type", where, f"a single number, {show(expected)}", kind_of(got))
    if coarse := too_coarse(np.asarray(expected), got, where):
        return coarse
    try:
        mine, theirs = np.float64(expected), np.float64(got)
    except OverflowError:  # a whole number beyond every float
        mine, theirs = np.float64(expected), np.float64(np.inf)
    if isinstance(expected, float) and isinstance(got, float | int):  # both in double precision: much faster
        number, other = float(mine), float(theirs)
        near = abs(other - number) <= tolerance * abs(number) + ROUNDING if math.isfinite(number) else False
        far = not (near or other == number or (other != other and number != number))
    else:
        given = np.asarray(got if isinstance(got, np.floating) else theirs)
        far = bool(_far(np.asarray(expected), given, tolerance))
    return _numbers(mine, theirs, where) if far else None


def _other(expected: Any, got: Any, where: str) -> Difference | None:
    """Compare what is no float: truth values, whole numbers, strings, None; anything else by its own `==`."""
    expected, got = (value.item() if isinstance(value, np.generic) else value for value in (expected, got))
    if type(got) is not type(expected):
        return Difference("type", where, show(expected), kind_of(got))
    try:
        same = bool(expected == got)
    except Exception:
        same = False
    return None if same else Difference("value", where, show(expected), show(got))
