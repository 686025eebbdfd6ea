"""Values → bytes, for the socket between the grader and a stranger's code; `decode` is the way back.

Only data can be sent: arrays of numbers, numbers, strings, bools, None, and lists, tuples and dicts of these. A request may also
hold random generators and the input classes of the course. A message is the length of a JSON text and of the arrays' bytes,
then both. In the JSON a plain scalar stands for itself, and everything else is a list `[tag, ...]`. Whatever breaks these rules
or exceeds the limits is a `CodecError`.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
import struct
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from nnutils.checks.run import Failure, Run
from nnutils.checks.sent import SentModel

HEADER = struct.Struct("<IQ")
DTYPE = re.compile(r"[<|][biuf]\d{1,2}")
SEEDS = ("entropy", "spawn_key", "pool_size", "n_children_spawned")  # what decides a generator's children
INPUTS = re.compile(
    r"nnutils\.(lessons\.\w+\.given|checks\.(built_input|models))"
)  # modules whose dataclasses a request may hold
KEYS = (str, int, float, type(None), np.generic)  # of a dict
RECORDS = {"run": Run, "failure": Failure, "model": SentModel}  # dataclasses that a result may hold
MAX_DEPTH = 40
MAX_KEYS = 1000  # of a dict: with keys whose hashes are chosen to collide, time grows with the square of their number


class CodecError(ValueError):
    """A value that cannot be sent, or a message that cannot be read."""


class Limit(NamedTuple):
    """What one message may hold: bytes of text, bytes of arrays, items."""

    text: int
    bytes: int
    items: int


REQUEST = Limit(8 << 20, 32 << 20, 200_000)
RESULT = Limit(2 << 20, 8 << 20, 50_000)  # the largest right result has 51 kB, 171 kB and 2801 items


class Counter:
    """Counts what one message holds, and raises CodecError beyond its limit."""

    def __init__(self, limit: Limit) -> None:
        self.limit, self.items, self.depth, self.bytes = limit, 0, 0, 0

    def enter(self) -> None:
        """Count an item that begins, and a level of depth. The caller takes the level off when the item ends."""
        self.items, self.depth = self.items + 1, self.depth + 1
        if self.items > self.limit.items:
            raise CodecError("too much to send")
        if self.depth > MAX_DEPTH:
            raise CodecError("nested too deeply to send")

    def add(self, size: int) -> None:
        """Count the bytes of an array."""
        self.bytes += size
        if self.bytes > self.limit.bytes:
            raise CodecError("too much to send")


@dataclass(frozen=True)
class Opaque:
    """Stands for a returned object that is not data, such as a function or an open file."""

    kind: str

    def __repr__(self) -> str:
        return f"<{self.kind}>"


def encode(value: Any, opaque: bool = False) -> bytes:
    """A message that holds `value`. With `opaque` the value is a result: an object that is not data becomes an `Opaque`.

    Raises
    ------
    CodecError: an object is not data, or the value is too large or too deep.
    """
    packer = _Packer(opaque)
    text = json.dumps(packer.pack(value)).encode("ascii")
    if len(text) > packer.limit.text:
        raise CodecError("too much to send")
    return b"".join([HEADER.pack(len(text), packer.bytes), text, *packer.blobs])


class _Packer(Counter):
    def __init__(self, opaque: bool) -> None:
        super().__init__(RESULT if opaque else REQUEST)
        self.opaque, self.blobs = opaque, list[bytes]()

    def pack(self, value: Any) -> Any:
        self.enter()
        packed = value if _is_plain(value) else self._pack(value)
        self.depth -= 1
        return packed

    def _pack(self, value: Any) -> Any:
        module = type(value).__module__
        match value:
            case str():
                return str(value)
            case np.ndarray() if self.opaque and type(value) is not np.ndarray:
                return self._not_data(value)  # for the comparison a matrix or masked array is no array
            case np.ndarray() | np.generic():
                return self._array(value)
            case tuple() | list() | range():
                return ["tuple" if isinstance(value, tuple) else "list", *map(self.pack, value)]
            case dict() if len(value) > MAX_KEYS:
                raise CodecError("too much to send")
            case dict():
                return ["dict", *([self.pack(key_of(key)), self.pack(item)] for key, item in value.items())]
            case float():
                return ["float", float(value).hex()]
            case Run() | Failure() | SentModel():
                return self._record(value, next(n for n, kind in RECORDS.items() if isinstance(value, kind)))
            case Opaque():
                return ["opaque", str(value.kind)]
            case np.random.Generator() if not self.opaque and type(value.bit_generator) is np.random.PCG64:
                bits = value.bit_generator
                seeds = {name: getattr(bits.seed_seq, name, None) for name in SEEDS}
                return ["rng", self.pack(dict(bits.state)), self.pack(seeds)]
        if not self.opaque and INPUTS.fullmatch(module) and dataclasses.is_dataclass(value):
            return self._record(value, f"{module}.{type(value).__name__}")
        if module.startswith(("tensorflow", "torch")) and hasattr(value, "__array__"):
            return self._array(np.asarray(value))
        return self._not_data(value)

    def _array(self, value: Any) -> list[Any]:
        array = np.asarray(value)
        count = math.prod(max(n, 1) for n in array.shape)  # with a stride of 0 it is larger than its memory
        if count * array.itemsize > self.limit.bytes:
            raise CodecError("too much to send")
        if array.dtype.kind == "U" or _holds_arrays(array):
            return self.pack(array.tolist())
        array = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).reshape(array.shape)
        if not DTYPE.fullmatch(array.dtype.str):
            return self._not_data(value)
        start = self.bytes
        self.add(array.nbytes)
        self.blobs.append(array.tobytes())
        tag = "scalar" if isinstance(value, np.generic) else "array"
        return [tag, array.dtype.str, list(array.shape), start]

    def _record(self, value: Any, name: str) -> list[Any]:
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value) if field.init}
        return ["record", name, self.pack(fields)]

    def _not_data(self, value: Any) -> list[Any]:
        if not self.opaque:
            raise CodecError(f"a {type(value).__name__} cannot be sent")
        return ["opaque", f"{type(value).__module__}.{type(value).__name__}"[:200]]


def key_of(key: Any) -> Any:
    """The key of a dict, if it is one that can be sent."""
    if not isinstance(key, KEYS):
        raise CodecError(f"a dict's key is a {type(key).__name__}, and no text or number")
    return key


def _is_plain(value: Any) -> bool:
    """Whether JSON can hold the value as it is; not a float that is NaN or infinite, and not a very long int."""
    if type(value) is float:
        return math.isfinite(value)
    if type(value) is int:
        return abs(value) < 1 << 4096
    return value is None or type(value) in (bool, str)


def _holds_arrays(array: np.ndarray) -> bool:
    """Whether it stands for a list of arrays that NumPy could not make one array of."""
    return array.dtype == object and array.ndim == 1 and all(isinstance(a, np.ndarray | list) for a in array)
