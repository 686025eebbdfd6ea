"""Values → bytes, for the pipe between the grader and a stranger's code; `decode` is the way back.

Sent are arrays of numbers, numbers, strings, bools, None, and lists, tuples and dicts of those; generators and givens are sent to
an answer, too. A message is the length of a JSON text and of the arrays' bytes, then both. In the JSON a plain scalar is itself
and everything else a list `[tag, ...]`. Whatever does not keep to this, or to the limits, is a `CodecError`.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnutils.checks.run import Failure, Run
from nnutils.checks.sent import SentModel

HEADER = struct.Struct("<IQ")
MAX_TEXT, MAX_BYTES, MAX_ITEMS, MAX_DEPTH = 8 << 20, 32 << 20, 200_000, 40
# Of a result: the largest right one has 51 kB, 171 kB and 2801 items.
RESULT_TEXT, RESULT_BYTES, RESULT_ITEMS = 2 << 20, 8 << 20, 50_000
MAX_KEYS = 1000  # of a dict: numbers can be chosen so that all fall into one place, which takes the square of their count
DTYPE = re.compile(r"[<|][biuf]\d{1,2}")
SEEDS = ("entropy", "spawn_key", "pool_size", "n_children_spawned")
INPUTS = re.compile(
    r"nnutils\.(lessons\.\w+\.given|checks\.(made|models))"
)  # modules of what cases are made of
KEYS = (str, int, float, type(None), np.generic)  # of a dict
RECORDS = {
    "run": Run,
    "failure": Failure,
    "model": SentModel,
}  # what a result may be made of, beside plain data


class CodecError(ValueError):
    """A value that cannot be sent, or a message that cannot be read."""


@dataclass(frozen=True)
class Opaque:
    """Stands for a returned object that is no data, such as a model or an open file."""

    kind: str

    def __repr__(self) -> str:
        return f"<{self.kind}>"


def encode(value: Any, opaque: bool = False) -> bytes:
    """A message that holds `value`. Where `opaque` is set, it is a result: an object that is no data becomes an `Opaque`.

    Raises
    ------
    CodecError: an object is no data, or the value is too large or too deep.
    """
    packer = _Packer(opaque)
    text = json.dumps(packer.pack(value)).encode("ascii")
    if len(text) > (RESULT_TEXT if opaque else MAX_TEXT):
        raise CodecError("too much to send")
    return b"".join([HEADER.pack(len(text), packer.size), text, *packer.blobs])


class _Packer:
    def __init__(self, opaque: bool) -> None:
        self.opaque, self.blobs, self.size, self.items, self.depth = opaque, list[bytes](), 0, 0, 0
        self.most = (RESULT_ITEMS, RESULT_BYTES) if opaque else (MAX_ITEMS, MAX_BYTES)

    def pack(self, value: Any) -> Any:
        self.items, self.depth = self.items + 1, self.depth + 1
        if self.items > self.most[0] or self.depth > MAX_DEPTH:
            raise CodecError("too much to send" if self.items > self.most[0] else "nested too deeply to send")
        packed = value if _is_plain(value) else self._pack(value)
        self.depth -= 1
        return packed

    def _pack(self, value: Any) -> Any:
        if isinstance(value, str):
            return str(value)
        if self.opaque and isinstance(value, np.ndarray) and type(value) is not np.ndarray:
            return self._no_data(value)  # the comparison takes no matrix and no masked array for an array
        if isinstance(value, np.ndarray | np.generic):
            return self._array(value)
        if isinstance(value, tuple | list | range):
            return ["tuple" if isinstance(value, tuple) else "list", *map(self.pack, value)]
        if isinstance(value, dict):
            if len(value) > MAX_KEYS:
                raise CodecError("too much to send")
            return ["dict", *([self._key(key), self.pack(item)] for key, item in value.items())]
        if isinstance(value, float):
            return ["float", float(value).hex()]
        if isinstance(value, tuple(RECORDS.values())):
            return self._record(value)
        if type(value) is Opaque:  # a result that is sent on
            return ["opaque", value.kind]
        if self.opaque:  # a result: generators and givens are arguments only
            return self._other(value)
        if isinstance(value, np.random.Generator) and isinstance(value.bit_generator, np.random.PCG64):
            return ["rng", self.pack(dict(value.bit_generator.state)), self._seeds(value.bit_generator)]
        if INPUTS.fullmatch(type(value).__module__):
            return self._record(value)
        return self._other(value)

    def _key(self, key: Any) -> Any:
        if not isinstance(key, KEYS):
            raise CodecError(f"a dict's key is a {type(key).__name__}, and no text or number")
        return self.pack(key)

    def _seeds(self, bits: np.random.PCG64) -> Any:
        """What a generator's children are seeded with."""
        seeds = bits.seed_seq
        return self.pack({name: getattr(seeds, name, None) for name in SEEDS})

    def _array(self, value: Any) -> list[Any]:
        array = np.asarray(value)
        count = math.prod(max(n, 1) for n in array.shape)  # also of one that repeats itself in little memory
        if count * array.itemsize > self.most[1]:
            raise CodecError("too much to send")
        if array.dtype.kind == "U" or _holds_arrays(array):
            return self.pack(array.tolist())
        array = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).reshape(array.shape)
        if not DTYPE.fullmatch(array.dtype.str):
            return self._no_data(value)
        self.size += array.nbytes
        if self.size > self.most[1]:
            raise CodecError("too much to send")
        self.blobs.append(array.tobytes())
        tag = "scalar" if isinstance(value, np.generic) else "array"
        return [tag, array.dtype.str, list(array.shape), self.size - array.nbytes]

    def _record(self, value: Any) -> list[Any]:
        if not dataclasses.is_dataclass(value):
            return self._no_data(value)
        fields = {one.name: getattr(value, one.name) for one in dataclasses.fields(value) if one.init}
        own = f"{type(value).__module__}.{type(value).__name__}"
        home = next((name for name, kind in RECORDS.items() if kind is type(value)), own)
        return ["record", home, self.pack(fields)]

    def _other(self, value: Any) -> list[Any]:
        """A tensor as the array that it can be; anything else is no data."""
        if type(value).__module__.startswith(("tensorflow", "torch")) and hasattr(value, "__array__"):
            return self._array(np.asarray(value))
        return self._no_data(value)

    def _no_data(self, value: Any) -> list[Any]:
        if not self.opaque:
            raise CodecError(f"a {type(value).__name__} cannot be sent")
        return ["opaque", f"{type(value).__module__}.{type(value).__name__}"[:200]]


def _is_plain(value: Any) -> bool:
    """Whether JSON holds the value as it is. A float may be no number and an int too long, so they are looked at."""
    if type(value) is float:
        return math.isfinite(value)
    if type(value) is int:
        return abs(value) < 1 << 4096
    return value is None or type(value) in (bool, str)


def _holds_arrays(array: np.ndarray) -> bool:
    """Whether it is a list of arrays, which NumPy could not make one array of."""
    return (
        array.dtype == object and array.ndim == 1 and all(isinstance(one, np.ndarray | list) for one in array)
    )
