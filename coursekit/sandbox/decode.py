"""Bytes → values, for the pipe between the grader and a stranger's code. Decoding makes data and never runs anything."""

from __future__ import annotations

import importlib
import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.sandbox.codec import (
    DTYPE,
    HEADER,
    INPUTS,
    KEYS,
    MAX_BYTES,
    MAX_DEPTH,
    MAX_ITEMS,
    MAX_KEYS,
    MAX_TEXT,
    RECORDS,
    RESULT_BYTES,
    RESULT_ITEMS,
    RESULT_TEXT,
    CodecError,
    Opaque,
)
from nnutils.checks.draws import SOURCES
from nnutils.checks.run import LAZY, Failure, Run
from nnutils.checks.sent import SentModel


def lengths(header: bytes, result: bool = False) -> tuple[int, int]:
    """How long the two parts of a message are; `result` as for `decode`.

    Raises
    ------
    CodecError: longer than allowed.
    """
    text, size = HEADER.unpack(header)
    if text > (RESULT_TEXT if result else MAX_TEXT) or size > (RESULT_BYTES if result else MAX_BYTES):
        raise CodecError("a message is longer than allowed")
    return text, size


def decode(text: bytes, blob: bytes, result: bool = False) -> Any:
    """The value in a message. With `result` it comes from a stranger's code: it must be small, and holds no generators or givens.

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
        self.blob, self.result, self.items, self.depth, self.size, self.longest = blob, result, 0, 0, 0, 0
        self.most = (RESULT_ITEMS, RESULT_BYTES) if result else (MAX_ITEMS, MAX_BYTES)
        self.tags: dict[str, Callable[..., Any]] = {
            "list": self._list,
            "tuple": lambda *parts: tuple(self._list(*parts)),
            "dict": self._dict,
            "float": float.fromhex,
            "array": self._array,
            "scalar": lambda dtype, shape, start: self._array(dtype, shape, start)[()],
            "rng": self._rng,
            "record": self._record,
            "opaque": lambda kind: Opaque(printable(kind, 200)),
        }

    def unpack(self, node: Any) -> Any:
        self.items, self.depth = self.items + 1, self.depth + 1
        if self.items > self.most[0] or self.depth > MAX_DEPTH:
            raise CodecError("a message holds too much")
        if isinstance(node, dict):
            raise CodecError("a message holds a dict that is not tagged")
        value = self.tags[node[0]](*node[1:]) if isinstance(node, list) else node
        if isinstance(value, str):
            self.longest = max(self.longest, len(value))
        self.depth -= 1
        return value

    def _list(self, *parts: Any) -> list[Any]:
        """A list. NumPy would make an array of it, where each item takes as much as the longest string."""
        before, items, self.longest = self.longest, self.items, 0
        values = [self.unpack(part) for part in parts]
        if 4 * self.longest * (self.items - items) > self.most[1]:
            raise CodecError("a message holds too much")
        self.longest = max(self.longest, before)
        return values

    def _dict(self, *pairs: Any) -> dict[Any, Any]:
        if len(pairs) > MAX_KEYS:
            raise CodecError("a message holds a dict that is too large")
        before = self.longest
        made = {self._key(key): self.unpack(item) for key, item in pairs}
        self.longest = before  # NumPy makes no array of a dict's values
        return made

    def _key(self, node: Any) -> Any:
        key = self.unpack(node)
        if not isinstance(key, KEYS):
            raise CodecError("a message holds a dict's key that is no text or number")
        return key

    def _array(self, dtype: str, shape: list[int], start: int) -> np.ndarray:
        if not DTYPE.fullmatch(dtype):
            raise CodecError("a message holds no proper array")
        kind, count = np.dtype(dtype), _count(shape)
        self.size += count * kind.itemsize  # several arrays may lie in the same bytes
        if self.size > self.most[1]:
            raise CodecError("a message holds too much")
        raw = np.dtype(np.uint8) if kind.kind == "b" else kind
        array = np.frombuffer(self.blob, raw, count, start).copy() if count else np.empty(0, raw)
        if kind.kind == "b":
            array = array != 0  # a byte of 7 would be neither True nor False
        return array.reshape(shape)

    def _rng(self, state: Any, seeds: Any) -> np.random.Generator:
        if self.result:
            raise CodecError("a result holds a generator")
        bits = np.random.PCG64(np.random.SeedSequence(**self.unpack(seeds)))
        bits.state = self.unpack(state)
        return np.random.Generator(bits)

    def _record(self, home: str, fields: Any) -> Any:
        module, _, name = home.rpartition(".")
        if home in RECORDS:
            return MAKE[home](**self.unpack(fields))
        if self.result or not INPUTS.fullmatch(module):
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


MAKE: dict[str, Callable[..., Any]] = {"run": _run, "failure": _failure, "model": SentModel}
