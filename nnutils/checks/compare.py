"""Compare a result with the expected one and find the first difference that a student can act on."""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

KINDS = {
    "b": "True and False",
    "i": "whole numbers",
    "u": "whole numbers",
    "f": "floats",
    "c": "complex numbers",
}


@dataclass(frozen=True)
class Difference:
    """The first place where two results differ, in words."""

    kind: str  # "value", "nan", "shape", "dtype", "type", "length" or "keys"
    where: str
    expected: str
    got: str

    def __str__(self) -> str:
        where = "the result" if self.where == "result" else f"`{self.where}`"
        return f"{where} should be {self.expected}, yours is {self.got}"


def difference(
    expected: Any, got: Any, tolerance: float = 1e-7, where: str = "result", names: Sequence[str] = ()
) -> Difference | None:
    """The first difference of two results, or None.

    Lists, tuples and arrays are interchangeable where several things are returned; NumPy scalars are floats and ints; NaN equals
    NaN. Numbers agree when they differ by at most `tolerance` relative to the largest magnitude of `expected`, widened to
    single or half precision where `got` is of that precision. `names` name the parts of a tuple.
    """
    if isinstance(expected, np.ndarray) and expected.dtype != object:
        return _array(expected, got, tolerance, where)
    if isinstance(expected, dict):
        return _mapping(expected, got, tolerance, where)
    if isinstance(expected, list | tuple):
        return _sequence(expected, got, tolerance, where, names)
    return _scalar(expected, got, tolerance, where)


def identical(a: Any, b: Any) -> bool:
    """Whether two arguments hold the same values and types. Generators and callables count as the same: they are for use."""
    if isinstance(a, np.ndarray):
        same = isinstance(b, np.ndarray) and a.dtype == b.dtype and a.shape == b.shape
        return same and bool(np.array_equal(a, b, equal_nan=a.dtype.kind in "fc"))
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(identical(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(identical, a, b))
    return a == b if isinstance(a, str | bytes | bool | numbers.Number | None) else True


def show(value: Any) -> str:
    """A value in a few characters: numbers to 6 digits, arrays by shape and their first entries."""
    if isinstance(value, np.ndarray) and value.ndim:
        entries = np.array2string(
            value, precision=4, threshold=8, edgeitems=2, separator=", ", max_line_width=10_000
        )
        return " ".join(entries.split()) if value.size <= 8 else f"an array of shape {value.shape}"
    if isinstance(value, float | np.floating):
        return f"{float(value):.6g}"
    if isinstance(value, np.generic | np.ndarray):
        return repr(value.item())
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _array(expected: np.ndarray, got: Any, tolerance: float, where: str) -> Difference | None:
    array = _as_array(got)
    if array is None:
        return Difference("type", where, f"an array of shape {expected.shape}", _kind_of(got))
    if array.shape != expected.shape:
        return Difference("shape", where, f"of shape {expected.shape}", f"of shape {array.shape}")
    if expected.size and not _kinds_agree(expected.dtype, array.dtype):
        return Difference(
            "dtype", where, _kind_name(expected.dtype), f"{_kind_name(array.dtype)} (dtype {array.dtype})"
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
    if got.dtype.kind == "f" and got.dtype.itemsize < 8:
        tolerance = max(tolerance, 50 * float(np.finfo(got.dtype).eps))
    with np.errstate(all="ignore"):
        finite = np.abs(expected[np.isfinite(expected)])
        scale = float(finite.max()) if finite.size else 1.0
        near = np.abs(got - expected) <= tolerance * np.maximum(np.abs(expected), 1e-3 * scale) + 1e-300
    return ~(near | (got == expected) | (np.isnan(got) & np.isnan(expected)))


def _numbers(expected: Any, got: Any, where: str) -> Difference:
    kind = "nan" if np.isnan(got) and not np.isnan(expected) else "value"
    mine, theirs = show(expected), show(got)
    if mine == theirs:  # alike to 6 digits: show all of them
        mine, theirs = repr(expected.item()), repr(got.item())
    return Difference(kind, where, mine, theirs)


def _mapping(expected: dict[Any, Any], got: Any, tolerance: float, where: str) -> Difference | None:
    if not isinstance(got, dict):
        return Difference("type", where, "a dict", _kind_of(got))
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
        return Difference("type", where, f"{len(expected)} things in a tuple or list", _kind_of(got))
    if len(got) != len(expected):
        return Difference("length", where, f"{len(expected)} things long", f"{len(got)} long")
    labels = names if len(names) == len(expected) else [f"{where}[{i}]" for i in range(len(expected))]
    found = (difference(e, g, tolerance, label) for e, g, label in zip(expected, got, labels, strict=True))
    return next((one for one in found if one is not None), None)


def _scalar(expected: Any, got: Any, tolerance: float, where: str) -> Difference | None:
    if isinstance(got, np.generic) or (isinstance(got, np.ndarray) and got.ndim == 0):
        precision = np.asarray(got).dtype
        got = got.item()
        if precision.kind == "f" and precision.itemsize < 8:
            tolerance = max(tolerance, 50 * float(np.finfo(precision).eps))
    if isinstance(expected, np.generic):
        expected = expected.item()
    if not isinstance(expected, bool) and isinstance(expected, float):
        return _float(expected, got, tolerance, where)
    if isinstance(expected, bool | int | str | type(None)):
        if type(got) is type(expected) and got == expected:
            return None
        kind = "value" if type(got) is type(expected) else "type"
        return Difference(kind, where, show(expected), show(got) if kind == "value" else _kind_of(got))
    return (
        None if type(got) is type(expected) else Difference("type", where, _kind_of(expected), _kind_of(got))
    )


def _float(expected: float, got: Any, tolerance: float, where: str) -> Difference | None:
    if isinstance(got, bool) or not isinstance(got, int | float):
        return Difference("type", where, f"a single number, {show(expected)}", _kind_of(got))
    one = _far(np.array(expected), np.array(float(got)), tolerance)
    return _numbers(np.float64(expected), np.float64(got), where) if one else None


def _as_array(value: Any) -> np.ndarray | None:
    """The value as an array of numbers, or None where it is none."""
    if not isinstance(value, np.ndarray | np.generic | list | tuple | int | float):
        value = value if type(value).__module__.startswith(("tensorflow", "torch")) else None
    try:
        array = np.asarray(value)
    except (ValueError, TypeError):
        return None
    return array if array.dtype.kind in KINDS or array.dtype.kind == "U" else None


def _kinds_agree(expected: np.dtype, got: np.dtype) -> bool:
    if expected.kind in "iu":
        return got.kind in "iu"
    return expected.kind == got.kind


def _kind_name(dtype: np.dtype) -> str:
    return KINDS.get(dtype.kind, str(dtype))


def _kind_of(value: Any) -> str:
    if value is None:
        return "None (is a return missing?)"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, list | tuple | dict):
        return f"a {type(value).__name__} of length {len(value)}"
    return f"{show(value)} ({type(value).__name__})"
