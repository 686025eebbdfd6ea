"""Compare a result with the expected one and find the first difference that a student can act on."""

from __future__ import annotations

import math
import numbers
from collections.abc import Sequence
from typing import Any

import numpy as np

from nnutils.checks.form import ROUNDING, Difference, eps, labels_of, no_array, plain, too_coarse
from nnutils.checks.shown import kind_name, kind_of, show

EXACT = (int, str, bool, type(None))
DOUBLE = 1e-12  # an eps above this is single or half precision


def difference(
    expected: Any, got: Any, tolerance: float = 1e-7, where: str = "result", names: Sequence[str] = ()
) -> Difference | None:
    """The first difference of two results, or None.

    Lists, tuples and arrays are interchangeable where several things are returned, and an array is asked for where one is
    expected; NumPy scalars are floats and ints; NaN equals NaN. Numbers agree when they differ by at most `tolerance` relative
    to the expected one, or to a thousandth of the largest one expected where it is smaller; where single precision is expected,
    relative to the largest one and as far as that precision goes. An answer in single precision is held to what its own
    rounding explains, one in half precision is refused. Differences below 1e-14 are rounding. `names` name the parts of a tuple.
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


def _array(expected: np.ndarray, got: Any, tolerance: float, where: str) -> Difference | None:
    odd = no_array(got, f" of shape {expected.shape}", where)
    if odd is not None:
        return odd
    if got.shape != expected.shape:
        return Difference("shape", where, f"of shape {expected.shape}", f"of shape {got.shape}")
    if expected.size and not _kinds_agree(expected.dtype, got.dtype):
        return Difference(
            "dtype", where, kind_name(expected.dtype), f"{kind_name(got.dtype)} (dtype {got.dtype})"
        )
    if coarse := too_coarse(expected, got, where):
        return coarse
    wrong = expected != got if expected.dtype.kind not in "fc" else _far(expected, got, tolerance)
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
    expected: Sequence[Any], got: Any, tolerance: float, where: str, names: Sequence[str]
) -> Difference | None:
    asked = f"{len(expected)} things in a tuple or list"
    if type(got) is np.ndarray and got.ndim:
        if len(got) != len(expected) or any(np.ndim(one) != got.ndim - 1 for one in expected):
            return Difference("type", where, asked, f"one array of shape {got.shape}")
        got = list(got)
    if not isinstance(got, list | tuple | range):
        return Difference("type", where, asked, kind_of(got))
    if len(got) != len(expected):
        return Difference("length", where, f"{len(expected)} things long", f"{len(got)} long")
    parts = zip(expected, got, labels_of(expected, where, names), strict=True)
    found = (difference(one, mine, tolerance, label) for one, mine, label in parts)
    return next((one for one in found if one is not None), None)


def _float(expected: Any, got: Any, tolerance: float, where: str) -> Difference | None:
    if isinstance(got, bool) or not isinstance(got, int | float | np.integer | np.floating):
        return Difference("type", where, f"a single number, {show(expected)}", kind_of(got))
    if coarse := too_coarse(np.asarray(expected), got, where):
        return coarse
    try:
        mine, theirs = np.float64(expected), np.float64(got)
    except OverflowError:  # a whole number beyond every float
        mine, theirs = np.float64(expected), np.float64(np.inf)
    if isinstance(expected, float) and isinstance(got, float | int):  # a NumPy float64 is a float, too
        far = _far_number(float(mine), float(theirs), tolerance)
    else:
        given = np.asarray(got if isinstance(got, np.floating) else theirs)
        far = bool(_far(np.asarray(expected), given, tolerance))
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


def _kinds_agree(expected: np.dtype, got: np.dtype) -> bool:
    if expected.kind in "iu":
        return got.kind in "iu"
    return expected.kind == got.kind
