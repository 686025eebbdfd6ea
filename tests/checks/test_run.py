import os
import random
import signal
import subprocess
import sys
import warnings
from dataclasses import dataclass

import numpy as np
import pytest

from nnutils.checks.built_input import EarlierAnswer
from nnutils.checks.draws import SOURCES
from nnutils.checks.run import run, run_case

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
    done = run_case(lambda x: x * 2, {"x": X})
    assert (done.result == X * 2).all()
    assert (done.failure, done.changed, done.shared, done.repeatable, done.drew) == (None, (), (), True, True)


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


class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if not self.n:
            raise StopIteration
        self.n -= 1
        return self.n


@pytest.mark.parametrize(
    "function, result, lazy",
    [
        (lambda n: (i for i in range(n)), [0, 1, 2], "generator"),
        (lambda n: zip(range(n), "ab", strict=False), [(0, "a"), (1, "b")], "zip"),
        (lambda n: map(str, range(n)), ["0", "1", "2"], "map"),
        (Countdown, [2, 1, 0], "iterator"),
        (lambda n: [0, n], [0, 3], ""),
    ],
)
def test_iterators_are_listed_and_noted(function, result, lazy):
    done = run_case(function, {"n": 3})
    assert (done.result, done.lazy) == (result, lazy)


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


def test_ctrl_c_gets_out():
    called = []

    def endless(x):
        called.append(x)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(endless, [{"x": 1}, {"x": 2}, {"x": 3}])
    assert called == [1]


ENDLESS = """
from nnutils.checks.check import examine
from nnutils.checks.exercise import Exercise

def test_one():
    def endless(x):
        print("started", flush=True)
        while True:
            pass

    exercise = Exercise(lambda x: x, points=1, minutes=1, hints=())
    exercise.cases(lambda rng: [(1,), (2,)])
    examine(exercise, endless)

def test_two():
    print("went on", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send to a process")
def test_ctrl_c_stops_a_test_run(tmp_path):
    (tmp_path / "test_endless.py").write_text(ENDLESS)
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", str(tmp_path)]
    bare = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    heard = {
        "preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
    }  # a shell's background job ignores it
    with subprocess.Popen(command, cwd=tmp_path, env=bare, **pipes, **heard) as process:
        said = ""
        while "started" not in said:
            line = process.stdout.readline()
            assert line, said
            said += line
        process.send_signal(signal.SIGINT)
        said += process.communicate(timeout=600)[0]
    assert process.returncode == 2, said  # pytest's code for an interrupted run
    assert "KeyboardInterrupt" in said and "went on" not in said and said.count("started") == 1


@pytest.mark.parametrize(
    "function, repeatable, drew, varies",
    [
        (lambda rng: rng.random(3), True, True, True),
        (lambda rng: rng.spawn(1)[0].random(3), True, True, True),
        (lambda rng: np.random.default_rng(rng).random(3), True, True, True),
        (lambda rng: np.random.default_rng(rng.integers(2**32)).random(3), True, True, True),
        (global_draw, False, False, True),
        (own_generator, True, False, False),
        (lambda rng: 3, True, False, False),
        (lambda rng: 3 + 0 * rng.random(), True, True, False),
        (lambda rng: own_generator(rng) + rng.random(), True, True, True),
    ],
)
def test_draws(function, repeatable, drew, varies):
    done = run_case(function, {"rng": rng()})
    assert (done.repeatable, done.drew, done.varies) == (repeatable, drew, varies)


def legacy(rng):
    np.random.seed(0)  # noqa: NPY002
    return np.random.permutation(4) + rng.integers(9)  # noqa: NPY002


def of_python(rng):
    return random.random() + rng.random()


def imported(rng):
    from numpy.random import default_rng as make

    return make(3).random() + rng.random()


def in_the_first_epoch(rng):
    return [(rng if epoch == 0 else np.random.default_rng(epoch)).random() for epoch in range(3)]


def under_another_name(rng):
    return make_one(7).random() + rng.random()


make_one = np.random.default_rng


@pytest.mark.parametrize(
    "function, source",
    [
        (lambda rng: rng.random(), ""),
        (lambda rng: np.random.default_rng(rng).random(), ""),
        (lambda rng: np.random.default_rng(seed=rng).random(), ""),
        (lambda rng: np.random.default_rng(rng.integers(2**32)).random(), ""),
        (lambda rng: np.random.Generator(np.random.PCG64(rng.integers(2**32))).random(), ""),
        (lambda rng: rng.random() if isinstance(rng, np.random.Generator | np.random.RandomState) else 1, ""),
        (lambda rng: rng.random() + np.random.default_rng().random(), "np.random.default_rng"),
        (lambda rng: rng.random() + np.random.default_rng(0).random(), "np.random.default_rng"),
        (
            lambda rng: [
                (rng if epoch == 0 else np.random.default_rng(epoch)).random() for epoch in range(3)
            ],
            "np.random.default_rng",
        ),
        (lambda rng: rng.random() + np.random.RandomState(0).rand(), "np.random.RandomState"),
        (lambda rng: rng.random() + np.random.Generator(np.random.MT19937(1)).random(), "np.random.MT19937"),
        (legacy, "np.random"),
        (of_python, "random"),
        (imported, "np.random.default_rng"),
        (under_another_name, "np.random.default_rng"),
    ],
)
def test_other_sources_of_random_numbers(function, source):
    done = run_case(function, {"rng": rng()})
    assert (done.failure, done.elsewhere) == (None, source)
    assert source in {"", *SOURCES}


def test_numpy_is_left_as_it_was():
    before, states = dict(vars(np.random)), (np.random.get_state()[1].tolist(), random.getstate())  # noqa: NPY002
    run_case(legacy, {"rng": rng()})
    run_case(of_python, {"rng": rng()})
    assert states == (np.random.get_state()[1].tolist(), random.getstate())  # noqa: NPY002
    run_case(under_another_name, {"rng": rng()})
    run_case(lambda rng: 1 / 0, {"rng": rng()})
    assert vars(np.random) == before and make_one is before["default_rng"]


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


def test_ctrl_c_in_an_earlier_answer_gets_out():
    function, arguments = backward("def forward(x): raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        run_case(function, arguments)


def test_one_part_of_a_result_is_kept():
    assert run(lambda x: (x, "mine"), [{"x": 1}], part=0)[0].result == 1
    assert run(lambda x: [x], [{"x": 1}], part=1)[0].failure.kind == "TypeError"
    assert run(lambda x: x, [{"x": 1}], part=0)[0].failure.kind == "TypeError"
