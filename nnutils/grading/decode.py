"""Bytes → values, for the pipe between the grader and a stranger's code. Decoding makes data and never runs anything."""

from __future__ import annotations

import importlib
import json
import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from nnutils.checks.run import Failure, Run
from nnutils.grading.codec import (
    DTYPE,
    GIVENS,
    HEADER,
    MAX_BYTES,
    MAX_DEPTH,
    MAX_ITEMS,
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


def decode(text: bytes, blob: bytes) -> Any:
    """The value in a message.

    Raises
    ------
    CodecError: the message is malformed.
    """
    try:
        return _Unpacker(blob).unpack(json.loads(text))
    except CodecError:
        raise
    except Exception as error:  # whatever a forged message provokes
        raise CodecError(f"a message is malformed ({type(error).__name__})") from None


class _Unpacker:
    def __init__(self, blob: bytes) -> None:
        self.blob, self.items, self.depth = blob, 0, 0
        self.tags: dict[str, Callable[..., Any]] = {
            "list": lambda *parts: [self.unpack(part) for part in parts],
            "tuple": lambda *parts: tuple(self.unpack(part) for part in parts),
            "dict": lambda *pairs: {self.unpack(key): self.unpack(item) for key, item in pairs},
            "float": float.fromhex,
            "complex": lambda real, imaginary: complex(float.fromhex(real), float.fromhex(imaginary)),
            "range": lambda start, stop, step: range(int(start), int(stop), int(step)),
            "array": self._array,
            "scalar": lambda dtype, shape, start: self._array(dtype, shape, start)[()],
            "objects": self._objects,
            "rng": self._rng,
            "record": self._record,
            "opaque": lambda kind: Opaque(str(kind)[:200]),
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

    def _array(self, dtype: str, shape: list[int], start: int) -> np.ndarray:
        if not DTYPE.fullmatch(dtype) or len(shape) > 32 or not all(type(n) is int and n >= 0 for n in shape):
            raise CodecError("a message holds no proper array")
        kind, count = np.dtype(dtype), math.prod(shape)
        raw = np.dtype(np.uint8) if kind.kind == "b" else kind
        array = np.frombuffer(self.blob, raw, count, start).copy() if count else np.empty(0, raw)
        if kind.kind == "b":
            array = array != 0  # a byte of 7 would be neither True nor False
        if kind.kind == "U" and array.size and array.view(np.uint32).max() > 0x10FFFF:
            raise CodecError("a message holds text that is none")
        return array.reshape(shape)

    def _objects(self, shape: list[int], *parts: Any) -> np.ndarray:
        array = np.empty(len(parts), object)
        for i, part in enumerate(parts):
            array[i] = self.unpack(part)
        return array.reshape(shape)

    def _rng(self, state: Any, seeds: Any) -> np.random.Generator:
        bits = np.random.PCG64(np.random.SeedSequence(**self.unpack(seeds)))
        bits.state = self.unpack(state)
        return np.random.Generator(bits)

    def _record(self, home: str, fields: Any) -> Any:
        module, _, name = home.rpartition(".")
        if home in ("run", "failure"):
            return (_run if home == "run" else _failure)(**self.unpack(fields))
        if not re.fullmatch(rf"{GIVENS}\.\w+", module):
            raise CodecError(f"a message names {home[:60]}, which is nothing that is sent")
        kind: Any = getattr(importlib.import_module(module), name)
        if not hasattr(kind, "__dataclass_fields__") or kind.__module__ != module:
            raise CodecError(f"{home[:60]} is no dataclass")
        return kind(**self.unpack(fields))


def _run(result: Any, failure: Any, changed: Any, shared: Any, repeatable: Any, drew: Any) -> Run:
    if not isinstance(failure, Failure | None):
        raise CodecError("a run's failure is none")
    return Run(result, failure, _words(changed), _words(shared), bool(repeatable), bool(drew))


def _failure(kind: Any, message: Any, lines: Any) -> Failure:
    return Failure(
        str(kind)[:80], str(message)[:500], tuple((int(n), str(text)[:200]) for n, text in lines[-3:])
    )


def _words(names: Any) -> tuple[str, ...]:
    return tuple(str(name)[:80] for name in names)
