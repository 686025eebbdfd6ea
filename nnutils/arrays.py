"""What all numerics share: the type of an array of floats, and three conversions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.floating]


def as_float(values: ArrayLike) -> Array:
    """The values as an array of floats: float32 stays float32, integers become float64."""
    array = np.asarray(values)
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def number_or_array(value: Any) -> Any:
    """A single number as a Python float, which does not turn a float32 array into float64; an array as it is."""
    return value if np.ndim(value) else float(value)


def chosen(kind: str, name: str, table: Mapping[str, Any]) -> Any:
    """The entry `name` of a table. Raises ValueError with the names that there are, and what they are names of (`kind`)."""
    if name not in table:
        raise ValueError(f"unknown {kind} {name!r}: choose one of {', '.join(table)}")
    return table[name]
