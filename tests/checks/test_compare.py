import numpy as np
import pytest

from nnutils.checks.compare import agree, difference, identical
from nnutils.checks.shown import show

NAN, INF = np.nan, np.inf
A = np.array([[1.0, -2.0], [3e-4, 4.0]])


class Odd:
    """Equal to everything, and cannot be shown."""

    __hash__ = None

    def __eq__(self, other):
        return True

    def __repr__(self):
        raise RuntimeError


class OddArray(np.ndarray):
    def __array_ufunc__(self, *inputs, **kwargs):
        return np.zeros(self.shape)


@pytest.mark.parametrize(
    "expected, got",
    [
        (A, A * (1 + 1e-9)),
        (A, A.astype(np.float32)),
        (A.astype(np.float32), A),
        (A, np.asfortranarray(A)),
        (np.array([1, 2]), np.array([1, 2], dtype=np.uint8)),
        (np.array([1 + 1j]), np.array([1 + 1j], dtype=np.complex64)),
        (np.array([NAN, INF, -INF]), np.array([NAN, INF, -INF])),
        (np.array([1.0, 0.0]), np.array([1.0, 1e-17])),
        (np.array([0.0, 0.0]), np.array([1e-17, -1e-17])),
        (np.array([1e3, 1e-3]), np.array([1e3, 1e-3 + 1e-9])),
        (np.array(2.5), 2.5),
        (2.5, np.array(2.5)),
        (2.5, np.float64(2.5)),
        (2.5, np.float32(2.5)),
        (np.float32(0.1), 0.1),
        (2.0, 2),
        (2.0, np.int64(2)),
        (0.0, 1e-17),
        (NAN, NAN),
        (INF, INF),
        (INF, np.inf),
        (3, np.int32(3)),
        (np.int64(3), 3),
        (True, np.True_),
        ("he", np.str_("he")),
        (None, None),
        ((1, 2.5), [1, 2.5]),
        ([1, 2], np.array([1, 2])),
        ((A, 2.0), [A, 2.0]),
        ([A, A], np.array([A, A])),
        ([(1.0, 2.0), (3.0, 4.0)], np.array([[1.0, 2.0], [3.0, 4.0]])),
        ({"a": A, "b": (1, "log")}, {"b": [1, "log"], "a": A.copy()}),
        ((1, 2), range(1, 3)),
        (np.array(["a", "b"]), np.array(["a", "b"])),
        (np.array([True, False]), np.array([True, False])),
        (np.zeros((0,)), np.zeros(0)),
        (A.astype(np.float16), A.astype(np.float16)),
        (np.float16(0.1), np.float16(0.1)),
        ([], ()),
        ({1, 2}, {2, 1}),
    ],
)
def test_agree(expected, got):
    assert difference(expected, got) is None
    assert agree(expected, got)


@pytest.mark.parametrize(
    "expected, got, kind",
    [
        (A, A + 1e-6, "value"),
        (A, A * (1 + 1e-6), "value"),
        (A, A.astype(np.float16) * 1.2, "precision"),
        (A, A.astype(np.float16), "precision"),
        (A.astype(np.float32), A.astype(np.float16), "precision"),
        (0.5, np.float16(0.5), "precision"),
        ((A, 0.5), (A, np.float16(0.5)), "precision"),
        (A, A.astype(np.float32) * np.float32(1.0001), "value"),
        (A, A.T, "value"),
        (A, A.tolist(), "array"),
        (A, A.T.tolist(), "array"),
        (A, tuple(map(tuple, A)), "array"),
        (np.array([1, 2]), range(1, 3), "array"),
        (np.array(["a", "b"]), ["a", "b"], "array"),
        (np.array([True, False]), [True, False], "array"),
        (np.zeros((0,)), [], "array"),
        (A, np.asmatrix(A), "array"),
        (A, np.ma.masked_array(A), "array"),
        (A, iter(A), "array"),
        ((A, A), A, "type"),
        ((A, 1.0), A, "type"),
        ([1.0, 2.0], iter([1.0, 2.0]), "type"),
        (A, A.view(OddArray) * 0 + 7, "value"),
        (A, A.view(OddArray), "array"),
        (A, A[:1], "shape"),
        (A, A.ravel(), "shape"),
        (A, [[1.0], [2.0, 3.0]], "array"),
        (A, None, "array"),
        (A, "A", "array"),
        (A, {}, "array"),
        (A, Odd(), "array"),
        (A, A > 0, "dtype"),
        (A, A.astype(int), "dtype"),
        (A, A + 0j, "dtype"),
        (A, [["a", "b"], ["c", "d"]], "array"),
        (A, np.array([["a", "b"], ["c", "d"]]), "dtype"),
        (A, A * NAN, "nan"),
        (A, A * INF, "value"),
        (A, [[10**400, 1], [1, 1]], "array"),
        (A, A.astype(object), "array"),
        (np.array([1, 2]), np.array([1.0, 2.0]), "dtype"),
        (np.array([1, 2]), np.array([True, False]), "dtype"),
        (np.array([1, 2]), np.array([1, 3]), "value"),
        (np.array(["a", "b"]), np.array(["a", "c"]), "value"),
        (np.array([INF]), np.array([1e300]), "value"),
        (np.array([INF]), np.array([-INF]), "value"),
        (np.array([NAN]), np.array([0.0]), "value"),
        (np.array([1.0, INF]), np.array([1.1, INF]), "value"),
        (np.array([1e-9]), np.array([1.1e-9]), "value"),
        (np.array([2.9e-10]), np.array([0.0]), "value"),
        (INF, 1e300, "value"),
        (INF, -INF, "value"),
        (0.5, NAN, "nan"),
        (NAN, 0.5, "value"),
        (0.0, 1e-10, "value"),
        (0.5, 0.500001, "value"),
        (0.5, np.float32(0.5001), "value"),
        (0.5, 10**400, "value"),
        (np.float32(0.5), 10**400, "value"),
        (0.5, np.array([0.5]), "type"),
        (0.5, True, "type"),
        (0.5, 0.5 + 0j, "type"),
        (0.5, "0.5", "type"),
        (0.5, None, "type"),
        (0.5, Odd(), "type"),
        (3, 3.0, "type"),
        (3, True, "type"),
        (3, 4, "value"),
        (True, 1, "type"),
        (True, False, "value"),
        ("he", "lecun", "value"),
        ("he", None, "type"),
        (None, 0, "type"),
        ((1, 2), (1,), "length"),
        ((1, 2), 1, "type"),
        ((1, 2), "12", "type"),
        ((1, 2), (1.0, 2.0), "type"),
        ((A, A), (A, A + 1), "value"),
        ({"a": 1}, {"b": 1}, "keys"),
        ({"a": 1}, {"a": 1, "b": 1}, "keys"),
        ({"a": 1}, {"a": 2}, "value"),
        ({"a": 1}, [("a", 1)], "type"),
        ({1, 2}, {1, 3}, "value"),
        (object(), object(), "value"),
        (np.array([None, 1.0], dtype=object), np.array([None, 1.0]), "value"),
    ],
)
def test_differ(expected, got, kind):
    found = difference(expected, got)
    assert found is not None
    assert found.kind == kind
    assert str(found)  # it can be told, whatever was returned
    assert not agree(expected, got)


@pytest.mark.parametrize(
    "expected, got, sentence",
    [
        (A, A + np.diag([0, 1]), "`result[1, 1]` should be 4, yours is 5"),
        (np.ones(3), np.ones(2), "the result should be of shape (3,), yours is of shape (2,)"),
        (0.5, None, "the result should be a single number, 0.5, yours is None (is a return missing?)"),
        ([A, 1], [A, 2], "`result[1]` should be 1, yours is 2"),
        ({"a": [1.5, 2.5]}, {"a": [1.5, 3.5]}, "`result['a'][1]` should be 2.5, yours is 3.5"),
        (np.array([1.0]), np.array([1]), "the result should be floats, yours is whole numbers (dtype int64)"),
        ((1, 2), A, "the result should be 2 things in a tuple or list, yours is one array of shape (2, 2)"),
        (
            (A, A, 1),
            np.ones(3),
            "the result should be 3 things in a tuple or list, yours is one array of shape (3,)",
        ),
        (
            [(A, np.ones(2)), (A, np.ones(2))],
            np.ones((2, 3)),
            "the result should be 2 things in a tuple or list, yours is one array of shape (2, 3)",
        ),
        (
            [(1, [2.0]), (3, [4.0])],
            A,
            "the result should be 2 things in a tuple or list, yours is one array of shape (2, 2)",
        ),
        (
            np.ones(3),
            [1, 2.0, 3],
            "the result should be an array of shape (3,), yours is a list of 3 numbers: write np.array(...)",
        ),
        (
            np.ones(2),
            [[1], [2, 3]],
            "the result should be an array of shape (2,), yours is a list of length 2",
        ),
        (
            A,
            np.asmatrix(A),
            "the result should be an array of shape (2, 2), yours is a np.matrix of shape (2, 2): write np.asarray(...)",
        ),
        (
            A,
            np.ma.masked_array(A),
            "the result should be an array of shape (2, 2), yours is a masked array of shape (2, 2): write np.asa",
        ),
        (
            A,
            A.view(OddArray),
            "the result should be an array of shape (2, 2), yours is an OddArray of shape (2, 2): write np.asarray",
        ),
        (
            np.ones(2),
            (i for i in "ab"),
            "the result should be an array of shape (2,), yours is a generator, which gives its items one",
        ),
        (
            [1, 2],
            zip("ab", "cd", strict=True),
            "the result should be 2 things in a tuple or list, yours is a zip, which gives its items one by one",
        ),
        (
            A,
            A.astype(np.float16),
            "the result should be in double precision (float64), yours is in half precision (float16)",
        ),
        (
            0.5,
            np.float16(0.5),
            "the result should be in double precision (float64), yours is in half precision (float16)",
        ),
    ],
)
def test_sentence(expected, got, sentence):
    assert str(difference(expected, got)).startswith(sentence)


def test_what_rounding_leaves_of_zero_is_told_as_zero():
    assert (
        str(difference(np.array([5e-17, 1.0]), np.array([0.25, 1.0])))
        == "`result[0]` should be 0, yours is 0.25"
    )


def test_parts_are_named():
    assert str(difference((1.0, 2.0), (1.0, 3.0), names=("w", "v"))) == "`v` should be 2, yours is 3"
    assert difference((A, A), (A, A.T), names=("w", "v")).where == "v[0, 1]"


def test_numbers_alike_to_six_digits_are_shown_in_full():
    assert str(difference(1.0, 1.000001)) == "the result should be 1.0, yours is 1.000001"


def test_small_entries_are_compared_with_the_large_ones_of_single_precision():
    got = np.float32([1000.0, 1e-3]) + np.float32([0, 5e-5])
    assert agree(np.array([1000.0, 1e-3]), got)
    assert not agree(np.array([1000.0, 1e-3]), got.astype(float))


def test_tolerance_is_relative():
    assert agree(np.array([1e6]), np.array([1e6 + 1e-3]), 1e-7)
    assert not agree(np.array([1e-6]), np.array([1.001e-6]), 1e-7)
    assert agree(np.array([1e-6]), np.array([1.001e-6]), 1e-2)


def test_tensors_are_arrays():
    class Tensor:
        def __array__(self, dtype=None, copy=None):
            return A

    Tensor.__module__ = "tensorflow.python.framework.ops"
    assert agree(A, Tensor())


@pytest.mark.parametrize(
    "a, b, same",
    [
        (A, A.copy(), True),
        (A, A + 1e-15, False),
        (A, A.astype(np.float32), False),
        (A, A.tolist(), False),
        (np.array([NAN]), np.array([NAN]), True),
        (NAN, float("nan"), True),
        (np.float64("nan"), np.float64("nan"), True),
        ([A, 1], [A.copy(), 1], True),
        ([A, 1], (A, 1), False),
        ({"a": A}, {"a": A + 1}, False),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ({1, 2}, {1, 2, 3}, False),
        (1, 2, False),
        ("a", "b", False),
        (None, 1, False),
        (np.array([A, None], dtype=object), np.array([A.copy(), None], dtype=object), True),
        (np.array([A, None], dtype=object), np.array([A + 1, None], dtype=object), False),
        (len, max, True),
        (np.random.default_rng(1), np.random.default_rng(2), True),
    ],
)
def test_identical(a, b, same):
    assert identical(a, b) is same


@pytest.mark.parametrize(
    "value, text",
    [
        (1 / 3, "0.333333"),
        (np.float32(0.5), "0.5"),
        (np.int64(3), "3"),
        (np.array(2), "2"),
        (np.array([1.0, 2.0]), "[1., 2.]"),
        (np.ones((3, 4)), "an array of shape (3, 4)"),
        ("x" * 100, f"'{'x' * 56}..."),
        (Odd(), "an Odd"),
        ([1 / 3, np.float64(2)], "[0.333333, 2]"),
        ((np.ones(2),), "([1., 1.],)"),
        ([np.ones((3, 4)), np.ones(9)], "[an array of shape (3, 4), an array of shape (9,)]"),
        ([np.ones((3, 4))] * 4, "a list of length 4"),
        (list(range(9)), "[0, 1, 2, 3, ...]"),
        ({"W": np.ones((2, 2))}, "{'W': array([[1., 1.], [1., 1.]])}"),
    ],
)
def test_show(value, text):
    assert show(value) == text
