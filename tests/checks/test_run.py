import warnings
from dataclasses import dataclass

import numpy as np
import pytest

from nnutils.checks.run import run, run_case
from nnutils.givens.made import EarlierAnswer

X = np.arange(6.0).reshape(2, 3)


def rng():
    return np.random.default_rng(3)


def writes(x):
    x += 1
    return x.sum()


def writes_inside(parts):
    parts["W"][0][0, 0] = 7
    return 1.0


def raises(x):
    y = x + 1
    return helper(y)


def helper(y):
    raise ValueError("two\n  lines")


def in_numpy(x):
    return np.linalg.inv(x)


def recursive(x):
    return recursive(x)


def global_draw(rng):
    return np.random.default_rng().random(3)


def own_generator(rng):
    return np.random.default_rng(0).random(3)


def test_result_and_nothing_else():
    one = run_case(lambda x: x * 2, {"x": X})
    assert (one.result == X * 2).all()
    assert (one.failure, one.changed, one.shared, one.repeatable, one.drew) == (None, (), (), True, True)


def test_argument_changed_in_place_is_told_and_only_the_copy_changes():
    before = X.copy()
    assert run_case(writes, {"x": X}).changed == ("x",)
    assert (before == X).all()


def test_change_deep_inside_an_argument_is_seen():
    parts = {"W": [X.copy()]}
    assert run_case(writes_inside, {"parts": parts}).changed == ("parts",)
    assert parts["W"][0][0, 0] == 0


@pytest.mark.parametrize(
    "value", [np.array([1.0, np.nan]), float("nan"), None, "he", (1, [2.0]), {1, 2}, len]
)
def test_untouched_argument_is_not_told(value):
    assert run_case(lambda x: 1, {"x": value}).changed == ()


@pytest.mark.parametrize(
    "function, shared",
    [
        (lambda x: x, ("x",)),
        (lambda x: x.T, ("x",)),
        (lambda x: (1, [x[:1]]), ("x",)),
        (lambda x: {"x": x.ravel()}, ("x",)),
        (lambda x: x.copy(), ()),
        (lambda x: x[:0], ()),
        (lambda x: 3.0, ()),
    ],
)
def test_shared_memory(function, shared):
    assert run_case(function, {"x": X}).shared == shared


def test_iterators_are_listed():
    assert run_case(lambda n: (i for i in range(n)), {"n": 3}).result == [0, 1, 2]
    assert run_case(lambda n: zip(range(n), "ab", strict=False), {"n": 3}).result == [(0, "a"), (1, "b")]


def test_error_in_an_iterator_is_a_failure():
    assert run_case(lambda n: (1 // 0 for _ in range(n)), {"n": 3}).failure.kind == "ZeroDivisionError"


def test_failure_shows_the_own_lines_alone():
    failure = run_case(raises, {"x": 1}).failure
    assert (failure.kind, failure.message) == ("ValueError", "two lines")
    assert [text for _, text in failure.lines] == ["return helper(y)", 'raise ValueError("two\\n  lines")']


@pytest.mark.parametrize("function", [in_numpy, lambda x: __import__("no_such_module")])
def test_frames_of_libraries_are_left_out(function):
    failure = run_case(function, {"x": np.zeros((2, 2))}).failure
    assert len(failure.lines) == 1


class Odd(KeyError, ValueError):
    pass


@pytest.mark.parametrize(
    "error, bases",
    [
        (ValueError(), ("ValueError", "Exception", "BaseException")),
        (Odd(), ("KeyError", "LookupError", "ValueError", "Exception", "BaseException")),
        (np.linalg.LinAlgError(), ("ValueError", "Exception", "BaseException")),
    ],
)
def test_failure_says_what_its_class_is_derived_from(error, bases):
    def function(x):
        raise error

    assert run_case(function, {"x": 1}).failure.bases == bases


def test_recursion_is_a_short_failure():
    failure = run_case(recursive, {"x": 1}).failure
    assert failure.kind == "RecursionError"
    assert len(failure.lines) <= 5


class Unspeakable(Exception):
    def __str__(self):
        raise RuntimeError


@pytest.mark.parametrize(
    "error", [SystemExit(1), GeneratorExit(), MemoryError(), Unspeakable(), StopIteration()]
)
def test_no_error_gets_out(error):
    def function(x):
        raise error

    assert run_case(function, {"x": 1}).failure.kind == type(error).__name__


def test_ctrl_c_stops_the_other_cases_too():
    called = []

    def endless(x):
        called.append(x)
        raise KeyboardInterrupt

    runs = run(endless, [{"x": 1}, {"x": 2}, {"x": 3}])
    assert called == [1]
    assert [one.failure.kind for one in runs] == ["KeyboardInterrupt"] * 3


@pytest.mark.parametrize(
    "function, repeatable, drew",
    [
        (lambda rng: rng.random(3), True, True),
        (lambda rng: rng.spawn(1)[0].random(3), True, True),
        (global_draw, False, False),
        (own_generator, True, False),
        (lambda rng: 3, True, False),
    ],
)
def test_draws(function, repeatable, drew):
    one = run_case(function, {"rng": rng()})
    assert (one.repeatable, one.drew) == (repeatable, drew)


@pytest.mark.parametrize("bits", [np.random.PCG64, np.random.MT19937, np.random.Philox])
def test_generator_is_handed_over_as_it_is_and_left_alone(bits):
    given = np.random.Generator(bits(5))
    given.random(3)
    given.spawn(2)
    assert run_case(lambda rng: rng.random(4), {"rng": given}).drew
    first = run_case(lambda rng: (rng.random(), rng.spawn(1)[0].random()), {"rng": given}).result
    assert first == (given.random(), given.spawn(1)[0].random())


def test_failure_of_the_second_run_is_told():
    calls = []

    def once(rng):
        calls.append(rng)
        return 1 // (2 - len(calls))

    assert run_case(once, {"rng": rng()}).failure.kind == "ZeroDivisionError"


@dataclass(frozen=True)
class Line:
    slope: np.ndarray

    def __call__(self, x):
        return self.slope * x


def test_given_callables_are_usable():
    assert run_case(lambda f, x: f(x), {"f": Line(np.array(2.0)), "x": 3.0}).result == 6


def test_arguments_go_by_position():
    assert run_case(lambda p, q: p - q, {"a": 5, "b": 3}).result == 2


def test_warnings_are_the_students_to_see():
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        run_case(lambda x: x / 0, {"x": np.ones(2)})
    assert seen


FORWARD = "def forward(x): return x * 2, [x, 'my cache']"


def backward(source):
    """A function in a notebook that holds the source, and a case that hands it the cache of `forward`."""
    names = {"__name__": "__main__"}
    exec(f"{source}\ndef backward(cache): return cache", names)
    return names["backward"], {"cache": EarlierAnswer("forward", (3.0,), 1, "the course's own")}


@pytest.mark.parametrize(
    "source, cache",
    [
        (FORWARD, [3.0, "my cache"]),
        ("", "the course's own"),
        ("def forward(x): raise ValueError", "the course's own"),
        ("def forward(x): return x", "the course's own"),
        ("forward = None", "the course's own"),
    ],
)
def test_an_earlier_answer_makes_an_argument(source, cache):
    function, arguments = backward(source)
    assert run_case(function, arguments).result == cache


def test_ctrl_c_in_an_earlier_answer_stays_inside():
    function, arguments = backward("def forward(x): raise KeyboardInterrupt")
    assert run_case(function, arguments).failure.kind == "KeyboardInterrupt"


def test_one_part_of_a_result_is_kept():
    assert run(lambda x: (x, "mine"), [{"x": 1}], part=0)[0].result == 1
    assert run(lambda x: [x], [{"x": 1}], part=1)[0].failure.kind == "TypeError"
    assert run(lambda x: x, [{"x": 1}], part=0)[0].failure.kind == "TypeError"
