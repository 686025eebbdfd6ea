"""Bytes → values, for the socket between the grader and a stranger's code. Decoding makes data and never runs anything."""

from __future__ import annotations

import dataclasses
import importlib
import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nnutils.checks.draws import SOURCES
from nnutils.checks.run import LAZY, Failure, Run
from nnutils.grading.sandbox.codec import (
    DTYPE,
    HEADER,
    INPUTS,
    KEYS,
    MAX_KEYS,
    RECORDS,
    REQUEST,
    RESULT,
    CodecError,
    Counter,
    Opaque,
)  # fmt: skip


def receive(read: Callable[[int], bytes], result: bool = False) -> tuple[Any, int]:
    """The value of the next message and the message's length. `read(n)` gives at most n bytes, and none at the end.

    Raises
    ------
    CodecError: the message is malformed or too long.
    ConnectionError: the other side has closed the connection.
    """
    text, size = lengths(_exactly(read, HEADER.size), result)
    return decode(_exactly(read, text), _exactly(read, size), result), text + size


def _exactly(read: Callable[[int], bytes], count: int) -> bytes:
    data = bytearray()
    while len(data) < count:
        piece = read(min(count - len(data), 1 << 20))
        if not piece:
            raise ConnectionError("the other side closed the connection")
        data += piece
    return bytes(data)


def lengths(header: bytes, result: bool = False) -> tuple[int, int]:
    """How long the two parts of a message are. With `result` the limits of a result hold.

    Raises
    ------
    CodecError: longer than allowed.
    """
    text, size = HEADER.unpack(header)
    limit = RESULT if result else REQUEST
    if text > limit.text or size > limit.bytes:
        raise CodecError("a message is longer than allowed")
    return text, size


def decode(text: bytes, blob: bytes, result: bool = False) -> Any:
    """The value in a message. With `result` it comes from a stranger's code: small, without generators and input classes.

    Raises
    ------
    CodecError: the message is malformed.
    """
    if (
        text.count(b",") + text.count(b"[") + text.count(b"{") > 4 * REQUEST.items
    ):  # before JSON makes objects of it
        raise CodecError("a message holds too much")
    try:
        return _Unpacker(blob, result).unpack(json.loads(text))
    except CodecError:
        raise
    except Exception as error:  # whatever a forged message provokes
        raise CodecError(f"a message is malformed ({type(error).__name__})") from None


class _Unpacker(Counter):
    def __init__(self, blob: bytes, result: bool) -> None:
        super().__init__(RESULT if result else REQUEST)
        self.blob, self.result, self.longest = blob, result, 0
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
        self.enter()
        if isinstance(node, dict):
            raise CodecError("a message holds a dict that is not tagged")
        value = self.tags[node[0]](*node[1:]) if isinstance(node, list) else node
        if isinstance(value, str):
            self.longest = max(self.longest, len(value))
        self.depth -= 1
        return value

    def _list(self, *parts: Any) -> list[Any]:
        """A list. It must stay small as an array of NumPy, in which each item takes as much memory as the longest string."""
        before, items, self.longest = self.longest, self.items, 0
        values = [self.unpack(part) for part in parts]
        if 4 * self.longest * (self.items - items) > self.limit.bytes:
            raise CodecError("a message holds too much")
        self.longest = max(self.longest, before)
        return values

    def _dict(self, *pairs: Any) -> dict[Any, Any]:
        if len(pairs) > MAX_KEYS:
            raise CodecError("a message holds a dict that is too large")
        before = self.longest
        found = {self._key(key): self.unpack(item) for key, item in pairs}
        self.longest = before  # NumPy makes no array of a dict's values
        return found

    def _key(self, node: Any) -> Any:
        key = self.unpack(node)
        if not isinstance(key, KEYS):
            raise CodecError("a message holds a dict's key that is no text or number")
        return key

    def _array(self, dtype: str, shape: list[int], start: int) -> np.ndarray:
        if not DTYPE.fullmatch(dtype):
            raise CodecError("a message holds no proper array")
        kind, count = np.dtype(dtype), _count(shape)
        self.add(count * kind.itemsize)  # several arrays may lie in the same bytes
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

    def _record(self, name: str, packed: Any) -> Any:
        module, _, kind_name = name.rpartition(".")
        kind: Any = RECORDS.get(name)
        if kind is None:
            if self.result or not INPUTS.fullmatch(module):
                raise CodecError(f"a message names {printable(name, 60)}, which is nothing that is sent")
            kind = getattr(importlib.import_module(module), kind_name)
            if not isinstance(kind, type) or not dataclasses.is_dataclass(kind) or kind.__module__ != module:
                raise CodecError(f"{name[:60]} is no dataclass")
        fields = self.unpack(packed)
        if {*fields} != {field.name for field in dataclasses.fields(kind) if field.init}:
            raise CodecError(f"a message holds other fields than those of {printable(name, 60)}")
        return CHECKED.get(name, kind)(**fields)


def printable(text: Any, most: int) -> str:
    """The beginning of a stranger's text, without characters that control a terminal or change the direction of writing."""
    return "".join(char if char.isprintable() else "?" for char in str(text)[:most])


def _count(shape: Any) -> int:
    """How many elements an array has. The lengths of an empty one are limited, too: a sum over it has the other lengths."""
    proper = isinstance(shape, list) and len(shape) <= 32 and all(type(n) is int and n >= 0 for n in shape)
    if not proper or math.prod(max(n, 1) for n in shape) > REQUEST.bytes:
        raise CodecError("a message holds no proper array")
    return math.prod(shape)


def _run(**fields: Any) -> Run:
    for name in ("changed", "shared"):
        fields[name] = _names(fields[name])
    for name in ("repeatable", "drew", "varies"):
        fields[name] = bool(fields[name])
    run = Run(**fields)
    proper = isinstance(run.failure, Failure | None)
    if not proper or run.elsewhere not in {"", *SOURCES} or run.lazy not in {"", *LAZY}:
        raise CodecError("a run has a field that it cannot have")
    return run


def _failure(kind: Any, message: Any, lines: Any, bases: Any) -> Failure:
    shown = tuple((int(number), printable(text, 200)) for number, text in lines[-3:])
    return Failure(printable(kind, 80), printable(message, 500), shown, _names(bases))


def _names(names: Any) -> tuple[str, ...]:
    return tuple(printable(name, 80) for name in names[:100])


CHECKED: dict[str, Callable[..., Any]] = {
    "run": _run,
    "failure": _failure,
}  # records whose fields are checked
