"""Values in a few words, for the sentences of a verdict."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

NUMBERS = (int, float, np.integer, np.floating)
KINDS = {
    "b": "True and False", "i": "whole numbers", "u": "whole numbers", "f": "floats", "c": "complex numbers",
}  # fmt: skip


def show(value: Any) -> str:
    """A value in a few characters: numbers to 6 digits, arrays by shape and their first entries."""
    if isinstance(value, np.ndarray) and value.ndim:
        if value.size > 8:
            return f"an array of shape {value.shape}"
        entries = np.array2string(value, precision=4, separator=", ", max_line_width=10_000)
        return " ".join(entries.split())
    if isinstance(value, float | np.floating):
        return f"{float(value):.6g}"
    if isinstance(value, np.generic | np.ndarray):
        return repr(value.item())
    if isinstance(value, list | tuple) and value:
        inner = ", ".join([*map(show, value[:4]), *(["..."] if len(value) > 4 else [])])
        text = f"[{inner}]" if isinstance(value, list) else f"({inner}{',' * (len(value) == 1)})"
        return text if len(text) <= 100 else kind_of(value)
    try:
        text = " ".join(repr(value).split())
    except Exception:  # a student's own class may not be able to show itself
        text = a(type(value).__name__)
    return text if len(text) <= 60 else f"{text[:57]}..."


def a(name: str) -> str:
    """A name with its article."""
    return f"{'an' if re.match('[AEIOaeio]|Un[^i]', name) else 'a'} {name}"


def kind_name(dtype: np.dtype) -> str:
    """What a dtype holds, in words."""
    return KINDS.get(dtype.kind, str(dtype))


def kind_of(value: Any) -> str:
    """What a value is, for somebody who expected something else."""
    if value is None:
        return "None (is a return missing?)"
    name = type(value).__name__
    if isinstance(value, np.ndarray):
        known = {"ndarray": "an array", "MaskedArray": "a masked array", "matrix": "a np.matrix"}
        objects = " and dtype object" if value.dtype == object else ""
        return f"{known.get(name, a(name))} of shape {value.shape}{objects}"
    if isinstance(value, list | tuple | dict | range):
        numbers = not isinstance(value, dict) and value and all(isinstance(item, NUMBERS) for item in value)
        return f"a {name} of {len(value)} numbers" if numbers else f"{a(name)} of length {len(value)}"
    if isinstance(value, Iterator):
        return f"{a(name)}, which gives its items one by one and only once"
    return f"{show(value)} ({name})"
