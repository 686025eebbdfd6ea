"""Bytes → values, for the pipe between the grader and a stranger's code. Decoding makes data and never runs anything."""

from __future__ import annotations

import importlib
import json
import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from nnutils.checks.draws import SOURCES
from nnutils.checks.run import LAZY, Failure, Run
from nnutils.grading.sandbox.codec import (
    DTYPE,
    GIVENS,
    HEADER,
    MAX_BYTES,
    MAX_DEPTH,
    MAX_ITEMS,
    MAX_KEYS,
    MAX_TEXT,
    CodecError,
    Opaque,
)


def lengths(header: bytes) -> tuple[int, int]:
    """How long the two parts of a message are.

    Raises
    ------
    CodecError: longer than allowed.
    """
    text, size = HEADER.unpack(header)
    if text > MAX_TEXT or size > MAX_BYTES:
        raise CodecError("a message is longer than allowed")
    return text, size


def decode(text: bytes, blob: bytes, result: bool = False) -> Any:
    """The value in a message. With `result` it comes from a stranger's code: no generators and no givens are made.

    Raises
    ------
    CodecError: the message is malformed.
    """
    if (
        text.count(b",") + text.count(b"[") + text.count(b"{") > 4 * MAX_ITEMS
    ):  # before anything is made of it
        raise CodecError("a message holds too much")
    try:
        return _Unpacker(blob, result).unpack(json.loads(text))
    except CodecError:
        raise
    except Exception as error:  # whatever a forged message provokes
        raise CodecError(f"a message is malformed ({type(error).__name__})") from None


class _Unpacker:
    def __init__(self, blob: bytes, result: bool) -> None:
        self.blob, self.result, self.items, self.depth, self.size = blob, result, 0, 0, 0
        self.tags: dict[str, Callable[..., Any]] = {
            "list": lambda *parts: [self.unpack(part) for part in parts],
            "tuple": lambda *parts: tuple(self.unpack(part) for part in parts),
            "dict": self._dict,
            "float": float.fromhex,
            "complex": lambda real, imaginary: complex(float.fromhex(real), float.fromhex(imaginary)),
            "range": _range,
            "array": self._array,
            "scalar": lambda dtype, shape, start: self._array(dtype, shape, start)[()],
            "objects": self._objects,
            "rng": self._rng,
            "record": self._record,
            "opaque": lambda kind: Opaque(printable(kind, 200)),
        }

    def unpack(self, node: Any) -> Any:
        self.items, self.depth = self.items + 1, self.depth + 1
        if self.items > MAX_ITEMS or self.depth > MAX_DEPTH:
            raise CodecError("a message holds too much")
        if isinstance(node, dict):
            raise CodecError("a message holds a dict that is not tagged")
        value = self.tags[node[0]](*node[1:]) if isinstance(node, list) else node
        self.depth -= 1
        return value

    def _dict(self, *pairs: Any) -> dict[Any, Any]:
        if len(pairs) > MAX_KEYS:
            raise CodecError("a message holds a dict that is too large")
        return {self.unpack(key): self.unpack(item) for key, item in pairs}

    def _array(self, dtype: str, shape: list[int], start: int) -> np.ndarray:
        if not DTYPE.fullmatch(dtype):
            raise CodecError("a message holds no proper array")
        kind, count = np.dtype(dtype), _count(shape)
        self.size += count * kind.itemsize  # several arrays may lie in the same bytes
        if self.size > MAX_BYTES:
            raise CodecError("a message holds too much")
        raw = np.dtype(np.uint8) if kind.kind == "b" else kind
        array = np.frombuffer(self.blob, raw, count, start).copy() if count else np.empty(0, raw)
        if kind.kind == "b":
            array = array != 0  # a byte of 7 would be neither True nor False
        if kind.kind == "U" and array.size and array.view(np.uint32).max() > 0x10FFFF:
            raise CodecError("a message holds text that is none")
        return array.reshape(shape)

    def _objects(self, shape: list[int], *parts: Any) -> np.ndarray:
        if _count(shape) != len(parts):
            raise CodecError("a message holds no proper array")
        array = np.empty(len(parts), object)
        for i, part in enumerate(parts):
            array[i] = self.unpack(part)
        return array.reshape(shape)

    def _rng(self, state: Any, seeds: Any) -> np.random.Generator:
        if self.result:
            raise CodecError("a result holds a generator")
        bits = np.random.PCG64(np.random.SeedSequence(**self.unpack(seeds)))
        bits.state = self.unpack(state)
        return np.random.Generator(bits)

    def _record(self, home: str, fields: Any) -> Any:
        module, _, name = home.rpartition(".")
        if home in ("run", "failure"):
            return (_run if home == "run" else _failure)(**self.unpack(fields))
        if self.result or not re.fullmatch(rf"{GIVENS}\.\w+", module):
            raise CodecError(f"a message names {printable(home, 60)}, which is nothing that is sent")
        kind: Any = getattr(importlib.import_module(module), name)
        if not hasattr(kind, "__dataclass_fields__") or kind.__module__ != module:
            raise CodecError(f"{home[:60]} is no dataclass")
        return kind(**self.unpack(fields))


def printable(text: Any, most: int) -> str:
    """The beginning of a stranger's text, without what would steer a terminal or turn the direction of writing."""
    return "".join(char if char.isprintable() else "?" for char in str(text)[:most])


def _count(shape: Any) -> int:
    """How many elements an array has. An empty one must be small, too: its other lengths are what sums of it have."""
    proper = isinstance(shape, list) and len(shape) <= 32 and all(type(n) is int and n >= 0 for n in shape)
    if not proper or math.prod(max(n, 1) for n in shape) > MAX_BYTES:
        raise CodecError("a message holds no proper array")
    return math.prod(shape)


def _range(*parts: Any) -> range:
    start, stop, step = map(int, parts)
    if abs(stop - start) > abs(step) * MAX_ITEMS:
        raise CodecError("a message holds too much")
    return range(start, stop, step)


def _run(
    result: Any,
    failure: Any,
    changed: Any,
    shared: Any,
    repeatable: Any,
    drew: Any,
    varies: Any,
    elsewhere: Any,
    lazy: Any,
) -> Run:
    if not isinstance(failure, Failure | None) or elsewhere not in {"", *SOURCES} or lazy not in {"", *LAZY}:
        raise CodecError("a run's failure or its conduct is none")
    draws = bool(repeatable), bool(drew), bool(varies)
    return Run(result, failure, _words(changed), _words(shared), *draws, elsewhere, lazy)


def _failure(kind: Any, message: Any, lines: Any, bases: Any) -> Failure:
    told = tuple((int(number), printable(text, 200)) for number, text in lines[-3:])
    return Failure(printable(kind, 80), printable(message, 500), told, _words(bases))


def _words(names: Any) -> tuple[str, ...]:
    return tuple(printable(name, 80) for name in names[:100])
