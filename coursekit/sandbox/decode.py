"""Bytes → values, for the socket between the grader and a stranger's code. Decoding makes data and never runs anything."""

from __future__ import annotations

import dataclasses
import importlib
import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.sandbox import codec
from coursekit.sandbox.codec import REQUEST, RESULT, CodecError, Counter, Opaque, key_of
from nnutils.checks.draws import SOURCES
from nnutils.checks.run import LAZY, Failure, Run


def receive(read: Callable[[int], bytes], result: bool = False) -> tuple[Any, int]:
    """The value of the next message and the message's length. `read(n)` gives at most n bytes, and none at the end.

    Raises
    ------
    CodecError: the message is malformed or too long.
    ConnectionError: the other side has closed the connection.
    """
    text, size = codec.HEADER.unpack(_exactly(read, codec.HEADER.size))
    limit = RESULT if result else REQUEST
    if text > limit.text or size > limit.bytes:
        raise CodecError("a message is longer than allowed")
    return decode(_exactly(read, text), _exactly(read, size), result), text + size


def _exactly(read: Callable[[int], bytes], count: int) -> bytes:
    data = bytearray()
    while len(data) < count:
        piece = read(min(count - len(data), 1 << 20))
        if not piece:
            raise ConnectionError("the other side closed the connection")
        data += piece
    return bytes(data)


def decode(text: bytes, blob: bytes, result: bool = False) -> Any:
    """The value in a message. With `result` it comes from a stranger's code: small, without generators and input classes.

    Raises
    ------
    CodecError: the message is malformed.
    """
    if sum(map(text.count, (b",", b"[", b"{"))) > 4 * REQUEST.items:  # before JSON makes objects of it
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

    def unpack(self, node: Any) -> Any:
        self.enter()
        value = self._unpack(node) if isinstance(node, list | dict) else node
        if isinstance(value, str):
            self.longest = max(self.longest, len(value))
        self.depth -= 1
        return value

    def _unpack(self, node: Any) -> Any:
        match node:
            case ["list", *parts]:
                return self._list(parts)
            case ["tuple", *parts]:
                return tuple(self._list(parts))
            case ["dict", *pairs] if len(pairs) <= codec.MAX_KEYS:
                before = self.longest
                values = {key_of(self.unpack(key)): self.unpack(item) for key, item in pairs}
                self.longest = before  # NumPy makes no array of a dict's values
                return values
            case ["float", digits]:
                return float.fromhex(digits)
            case ["array", dtype, shape, start]:
                return self._array(dtype, shape, start)
            case ["scalar", dtype, shape, start]:
                return self._array(dtype, shape, start)[()]
            case ["rng", state, seeds] if not self.result:
                bits = np.random.PCG64(np.random.SeedSequence(**self.unpack(seeds)))
                bits.state = self.unpack(state)
                return np.random.Generator(bits)
            case ["record", name, fields]:
                return self._record(name, self.unpack(fields))
            case ["opaque", kind]:
                return Opaque(printable(kind, 200))
        raise CodecError("a message holds something that is never sent")

    def _list(self, parts: list[Any]) -> list[Any]:
        """A list. It must stay small as an array of NumPy, in which each item takes as much memory as the longest string."""
        before, items, self.longest = self.longest, self.items, 0
        values = [self.unpack(part) for part in parts]
        if 4 * self.longest * (self.items - items) > self.limit.bytes:
            raise CodecError("a message holds too much")
        self.longest = max(self.longest, before)
        return values

    def _array(self, dtype: str, shape: list[int], start: int) -> np.ndarray:
        proper = type(shape) is list and len(shape) <= 32 and all(type(n) is int and n >= 0 for n in shape)
        # An empty array may not be long either: a sum over its empty axis is as long as the others.
        if not proper or not codec.DTYPE.fullmatch(dtype) or math.prod(filter(None, shape)) > REQUEST.bytes:
            raise CodecError("a message holds no proper array")
        kind, count = np.dtype(dtype), math.prod(shape)
        self.add(count * kind.itemsize)  # several arrays may lie in the same bytes
        raw = np.dtype(np.uint8) if kind.kind == "b" else kind
        array = np.frombuffer(self.blob, raw, count, start).copy() if count else np.empty(0, raw)
        if kind.kind == "b":
            array = array != 0  # a byte of 7 would be neither True nor False
        return array.reshape(shape)

    def _record(self, name: str, fields: dict[str, Any]) -> Any:
        kind: Any = codec.RECORDS.get(name)
        module, _, word = name.rpartition(".")
        if kind is None and not self.result and codec.INPUTS.fullmatch(module):
            kind = getattr(importlib.import_module(module), word)
            kind = kind if isinstance(kind, type) and kind.__module__ == module else None
        if {*fields} != {field.name for field in dataclasses.fields(kind) if field.init}:
            raise CodecError(f"a message holds other fields than those of {printable(name, 60)}")
        return CHECKED.get(name, kind)(**fields)


def printable(text: Any, most: int) -> str:
    """The beginning of a stranger's text, without characters that control a terminal or change the direction of writing."""
    return "".join(char if char.isprintable() else "?" for char in str(text)[:most])


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


CHECKED: dict[str, Callable[..., Any]] = {"run": _run, "failure": _failure}
