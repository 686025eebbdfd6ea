# ruff: noqa: E501  (a cell on a line)
import contextlib
import io
import json
import struct
from random import Random

import numpy as np
import pytest

from coursekit.sandbox.codec import (
    HEADER,
    REQUEST,
    RESULT,
    CodecError,
    Opaque,
    encode,
)
from coursekit.sandbox.decode import decode, receive
from nnutils.checks.compare import difference, identical
from nnutils.checks.run import Failure, Run
from nnutils.lessons.dropout.given import NoisyReading

nan, inf = float("nan"), float("inf")
VALUES = [
    None, True, 0, -(10**30), 1.5, 1e-320, nan, -inf, "é\ud800", (), [], {}, (1, [2.0, {"a": (None,)}]), {1: "a", None: [3], 2.5: {}},
    np.arange(6).reshape(2, 3), np.zeros((0, 3)), np.array(7.5), np.array([nan, inf]), np.arange(4, dtype=">i2"),
    np.ones((2, 2), np.float32, order="F"), np.arange(12.0).reshape(3, 4)[:, ::2], np.array([True, False]),
    np.float32(0.1), np.int64(3), np.bool_(True), [np.arange(3), np.ones((2, 1))],
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_values_come_back_as_they_went(value):
    back = _through(value)
    assert type(back) is type(value)
    assert identical(back, value) or difference(value, back) is None
    if isinstance(value, np.ndarray | np.generic):
        assert (back.dtype.newbyteorder("="), back.shape) == (value.dtype.newbyteorder("="), value.shape)


def test_what_stands_for_a_list_comes_back_as_one():
    value = np.empty(2, object)
    value[:] = [np.arange(3), np.ones((2, 2))]
    back = _through(value)
    assert type(back) is list and [array.tolist() for array in back] == [[0, 1, 2], [[1, 1], [1, 1]]]
    assert _through(range(3, 9, 2)) == [3, 5, 7]
    assert (
        _through(np.array([["a", "é"]])) == [["a", "é"]]
        and _through(np.str_("x")) == _through(np.array("x")) == "x"
    )
    assert [type(key) for key in _through({np.int64(3): 1, np.str_("a"): 2})] == [np.int64, str]


def test_generator_and_its_children_draw_the_same():
    rng = np.random.default_rng(5)
    rng.random(3)
    back = _through(rng)
    assert back.random() == rng.random()
    assert back.spawn(1)[0].random() == rng.spawn(1)[0].random()


def test_givens_and_runs_come_back():
    given = _given()
    back = _through(given)
    assert type(back) is type(given) and repr(back) == repr(given)
    run = Run((1, np.ones(2)), None, ("X",), (), False, False)
    assert _through(run).changed == ("X",) and not _through(run).drew
    failed = Run(failure=Failure("KeyError", "no", ((3, "x = 1"),), ("KeyError", "LookupError")))
    assert _through(failed) == failed


@pytest.mark.parametrize(
    "value",
    [
        object(),
        print,
        {1, 2},
        np.array([object()]),
        np.datetime64("2020-01-01"),
        b"x",
        1 << 5000,
        2 - 3j,
        np.array([1 + 2j]),
        np.array([1, "x"], object),
    ],
)
def test_what_is_no_data_is_not_sent(value):
    with pytest.raises(CodecError):
        encode(value)
    assert isinstance(_through(value, opaque=True), Opaque)


def test_subclasses_lose_their_powers():
    class Equal(float):
        __eq__ = lambda self, other: True  # noqa: E731
        __hash__ = float.__hash__

    assert type(_through(Equal(2.0))) is float
    assert type(_through(np.ones(2).view(np.recarray))) is np.ndarray


def test_too_much_is_not_sent():
    deep = []
    for _ in range(100):
        deep = [deep]
    for value in (
        deep,
        [0] * 300_000,
        np.zeros(REQUEST.bytes // 8 + 1),
        "x" * (REQUEST.text + 1),
        {(1, 2): 3},
    ):
        with pytest.raises(CodecError):
            encode(value)
    for value in (
        [0] * RESULT.items,
        np.zeros(RESULT.bytes // 8 + 1),
        "x" * (RESULT.text + 1),
        [range(10_000)] * 10,
    ):
        encode(value)
        with pytest.raises(CodecError):
            encode(value, opaque=True)


FORGED = [
    b"", b"{", b'{"a": 1}', b"[]", b'["no such tag"]', b"[[]]", b'["array"]', b'["array", "<f8", [2], 0]', b'["array", "<f8", [-1], 0]',
    b'["array", "O", [1], 0]', b'["array", "<f8", [1e3], 0]', b'["array", "<f8", [99999999999999999999], 0]', b'["array", "<f8", [1], 1e9]',
    b'["array", "<M8", [1], 0]', b'["array", "|V8", [1], 0]', b'["array", "<f8", [1], -8]', b'["dict", [["list"], 1]]', b'["dict", 3]',
    b'["record", "os.path", ["dict"]]', b'["record", "nnutils.lessons.dropout.given.os.system", ["dict"]]', b'["record", "builtins.eval", ["dict"]]',
    b'["record", "nnutils.lessons.dropout.given.dataclass", ["dict"]]', b'["record", "run", ["dict"]]', b'["record", "run", 5]',
    b'["rng", ["dict"], ["dict"]]', b'["range", 1, 2, 1]', b'["float", "x"]', b'["objects", [1], 1]', b"[" * 100_000,
    b'["complex", "0x1p0", "0x1p0"]', b'["array", "<c8", [1], 0]', b'["array", "<U2", [1], 0]', b'["dict", [["tuple", 1], 2]]',
    b'["list",' * 60 + b"1" + b"]" * 60, b"9" * 5000, b"\xff\xfe", b'["scalar", "<U2", [], 0]', b'["array", "<f8", [0, 1000000000], 0]', b"[" + b"[]," * 900_000 + b"1]",
    b'["dict"' + b"".join(b",[%d,0]" % (i * (2**61 - 1)) for i in range(2000)) + b"]",
]  # fmt: skip


@pytest.mark.parametrize("text", FORGED, ids=lambda text: text[:40].decode("latin1"))
def test_forged_messages_are_refused(text):
    with pytest.raises(CodecError):
        decode(text, b"\xff" * 8)


def test_many_arrays_in_the_same_bytes_are_refused():
    """A text of some kilobytes would take gigabytes."""
    blob = bytes(REQUEST.bytes)
    text = json.dumps(["list", *[["array", "|u1", [REQUEST.bytes], 0]] * 100]).encode()
    with pytest.raises(CodecError):
        decode(text, blob)


@pytest.mark.parametrize(
    "text",
    [
        b'["list","' + b"x" * 2_000_000 + b'","y","y"]',
        b'["list",' + b'["tuple",' * 3 + b'"' + b"x" * 100_000 + b'"]]]' + b',"y"' * 100 + b"]",
        b'["list",1' + b",1" * RESULT.items + b"]",
        b'["list"' + b',["array","|u1",[1000000],0]' * 9 + b"]",
    ],
    ids=[
        "a long string among short ones",
        "a long string within",
        "many numbers",
        "many arrays in one place",
    ],
)
def test_a_result_is_measured_by_what_it_would_become(text):
    """NumPy would make an array of a list, of gigabytes for one long string among many: nothing is made of it here."""
    with pytest.raises(CodecError):
        decode(text, bytes(1_000_000), result=True)


def test_a_long_text_in_a_dict_is_no_item_of_an_array():
    value = {"text": "x" * 300_000, "numbers": [0.0] * 2000}
    assert _through([value], opaque=True) == [value]


def test_a_result_holds_no_generator_and_no_given():
    for value in (np.random.default_rng(0), _given()):
        message = encode(value)
        with pytest.raises(CodecError):
            receive(io.BytesIO(message).read, result=True)
        assert isinstance(_through(value, opaque=True), Opaque)


@pytest.mark.parametrize(
    "value",
    [np.broadcast_to(0.0, 10**12), np.empty((0, 10**9)), range(10**18), dict.fromkeys(range(2000), 0)],
    ids=["strides", "empty", "range", "dict"],
)
def test_what_is_large_only_in_name_is_not_sent(value):
    with pytest.raises(CodecError):
        encode(value)


def test_texts_lose_what_steers_a_terminal():
    failure = Failure("E\x1b[2J", "\u202e\ud800\0<b>", ((3, "\r\n\x9b"),))
    assert _through(failure) == Failure("E?[2J", "???<b>", ((3, "???"),))


def test_damaged_messages_are_values_or_refused():
    """Seeded mutations of valid messages: a value or a CodecError, never another exception."""
    random, refused = Random(0), 0
    valid = [
        encode(value, opaque=True)
        for value in [*VALUES, Run((1, np.ones(2))), Run(failure=Failure("E", "x", ((1, "y"),))), _given()]
    ]
    for _ in range(4000):
        message = bytearray(random.choice(valid))
        text, _ = HEADER.unpack(message[: HEADER.size])
        for _ in range(random.randrange(1, 6)):
            _damage(random, message)
        with contextlib.suppress(CodecError, ConnectionError):
            receive(io.BytesIO(bytes(message)).read, result=True)
        try:
            rest = bytes(message[HEADER.size :])
            decode(rest[:text], rest[text:], result=True)
        except CodecError:
            refused += 1
    assert 1000 < refused < 4000


def _damage(random, message):
    at = random.randrange(len(message))
    parts = [
        b"[",
        b"]",
        b'"array"',
        b'"dict"',
        b'"run"',
        b"-1",
        b"9" * 30,
        b"null",
        b"1e999",
        b'"',
        b",",
        b"\xff",
        b'"<f8"',
        b'"|b1"',
        b'["list"]',
    ]
    match random.randrange(4):
        case 0:
            message[at] = random.randrange(256)
        case 1:
            message[at:at] = random.choice(parts)
        case 2:
            del message[at : at + random.randrange(1, 9)]
            message.extend(b"  ")
        case 3:
            message[at : at + 3] = random.choice(parts)


def test_forged_truth_values_are_true_or_false():
    back = decode(b'["array", "|b1", [3], 0]', b"\x00\x01\x07")
    assert back.view(np.uint8).tolist() == [0, 1, 1]


def test_long_messages_are_refused_by_their_header():
    with pytest.raises(ConnectionError):  # the header is accepted, and the rest is missing
        receive(io.BytesIO(HEADER.pack(3, 5)).read)
    long = HEADER.pack(REQUEST.text + 1, 0), HEADER.pack(0, REQUEST.bytes + 1), b"\xff" * HEADER.size
    for header in long:
        with pytest.raises(CodecError):
            receive(io.BytesIO(header).read)
    for header in (HEADER.pack(RESULT.text + 1, 0), HEADER.pack(0, RESULT.bytes + 1)):
        with pytest.raises(ConnectionError):
            receive(io.BytesIO(header).read)
        with pytest.raises(CodecError):
            receive(io.BytesIO(header).read, result=True)


def _through(value, opaque=False):
    message = encode(value, opaque)
    back, length = receive(io.BytesIO(message).read)
    assert length + HEADER.size == len(message) and struct.calcsize("<IQ") == HEADER.size
    return back


def _given():
    import dataclasses

    filled = {field.name: np.arange(3.0) for field in dataclasses.fields(NoisyReading)}
    return NoisyReading(**filled)


@pytest.mark.parametrize("odd", [np.asmatrix(np.ones((2, 2))), np.ma.masked_array([1.0, 2.0], [True, False])])
def test_another_array_class_is_no_array(odd):
    kind = f"{type(odd).__module__}.{type(odd).__name__}"
    assert _through((1.0, odd), opaque=True) == (1.0, Opaque(kind))


def test_conduct_of_a_run_arrives_and_is_one_that_there_is():
    run = Run([1, 2], repeatable=False, varies=False, elsewhere="np.random.default_rng", lazy="generator")
    assert _through(run) == run
    for odd in (Run(elsewhere="np.random.hack"), Run(lazy="text of a stranger")):
        with pytest.raises(CodecError):
            _through(odd)
