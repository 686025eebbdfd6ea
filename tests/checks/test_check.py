import functools

import numpy as np
import pytest

from nnutils.checks import case, check, claim, quiz, record
from nnutils.checks.catalogue import find_exercise
from nnutils.checks.check import examine
from nnutils.checks.claim import ClaimFailed
from nnutils.checks.errors import UnknownName


def cell(source, **names):
    names |= {"__name__": "__main__", "np": np}
    exec(source, names)
    return names["scaled"]


RIGHT = "def scaled(x, k): return k * x, float(np.sum(k * x))"
STUB = 'def scaled(x, k):\n    "doc"\n    raise NotImplementedError'


def said(capsys):
    return capsys.readouterr().out.splitlines()


def test_pass_returns_the_own_function(toy, capsys):
    function = cell(RIGHT)
    assert check(function) is function
    assert said(capsys) == ["✔ scaled: passed", "  2 points, 3 cases"]


@pytest.mark.parametrize(
    "source, first",
    [
        (STUB, "○ scaled: not attempted yet"),
        (
            "def scaled(x, k): return x[0] * k, 1.0",
            "✘ scaled: `double` should be of shape (2, 3), yours is of shape (3,)",
        ),
        ("def scaled(x): return x", "✘ scaled: it should take the arguments (x, k), yours takes (x)"),
        ("def scaled(k, x): return x", "✘ scaled: it should take the arguments (x, k), yours takes (k, x)"),
        (
            "def scaled(x, *, k): return x",
            "✘ scaled: it should take the arguments (x, k), yours takes (x, *, k)",
        ),
        (
            "def scaled(x, k): return x * k, float((x * k).sum()) + lam",
            "✘ scaled: it leans on the notebook's variable lam",
        ),
        ("def scaled(x, k): return x * k + lam, mu", "✘ scaled: `total` should be"),
        ("import keras.ops\ndef scaled(x, k): return keras.ops.sum(x)", "✘ scaled: it calls keras"),
        ("def scaled(x, k): exit()", "✘ scaled: It raises "),
        ("def scaled(x, k): return scaled(x, k)", "✘ scaled: It raises RecursionError: maximum recursion"),
    ],
)
def test_anything_else_returns_the_courses_own(toy, capsys, monkeypatch, source, first):
    monkeypatch.setitem(__import__("sys").modules, "keras", type(np)("keras"))
    monkeypatch.setitem(__import__("sys").modules, "keras.ops", type(np)("keras.ops"))
    assert check(cell(source, lam=0.0, mu=2.0)) is toy
    assert said(capsys)[0].startswith(first.replace("`", ""))


@pytest.mark.parametrize(
    "head",
    [
        "x, k",
        "x, k, c=1",
        "x, k=3",
        "x, k, *more",
        "x, k, **more",
        "x: float, k: 'a number' = 2",
        "x, k, *, c=1",
    ],
)
def test_arguments_that_fit(toy, head):
    function = cell(f"def scaled({head}): return k * x, float(np.sum(k * x))")
    assert check(function) is function
    assert function(**case(toy, 1))[0].shape == (2, 3)


@pytest.mark.parametrize(
    "head, end",
    [
        (
            "a, b",
            "yours takes (a, b): keep the names and their order, because a notebook may call it by name",
        ),
        (
            "k, x",
            "yours takes (k, x): keep the names and their order, because a notebook may call it by name",
        ),
        ("x", "yours takes (x)"),
        ("x, k, c", "yours takes (x, k, c)"),
        ("x, k, *, c", "yours takes (x, k, *, c)"),
        ("x, *, k", "yours takes (x, *, k)"),
        ("x, k, /", "yours takes (x, k, /)"),
        ("*x", "yours takes (*x)"),
        ("x, **k", "yours takes (x, **k)"),
    ],
)
def test_arguments_that_do_not_fit(toy, capsys, head, end):
    assert check(cell(f"def scaled({head}): return 1")) is toy
    assert said(capsys)[0] == f"✘ scaled: it should take the arguments (x, k), {end}"


@pytest.mark.parametrize("head", ["z, alpha", "z, alpha=0.1", "z, alpha=None", "z, alpha=np.ones(2)"])
def test_defaults_count(monkeypatch, head):
    exercise = find_exercise("leaky_relu")
    names = {"np": np, "__name__": "__main__"}
    exec(f"def leaky_relu({head}): return np.where(z > 0, z, alpha * z), np.where(z > 0, 1.0, alpha)", names)
    assert examine(exercise, names["leaky_relu"]).headline == (
        "the argument `alpha` should have the default 0.01: write `alpha=0.01`"
    )


def test_courses_own_is_not_the_students(toy, capsys):
    assert check(toy) is toy
    assert said(capsys)[0].startswith("✘ scaled: this is the course's own version")
    assert record.load() == {}


class Scaled:
    def __call__(self, x, k):
        return x * k


@pytest.mark.parametrize(
    "thing, words",
    [
        ("scaled", r"the function itself, without quotes: check\(scaled\)"),
        (None, "not NoneType"),
        (3, "not int"),
        (np.ones(2), "not ndarray"),
        (lambda x, k: x * k, "a lambda, which has no name of its own: write it as a function, `def name"),
        (Scaled, "Scaled is a class, and check takes a function"),
        (Scaled(), "this is an object of the class Scaled, and check takes a function"),
        (functools.partial(np.multiply, 2), "this is an object of the class partial, and check"),
    ],
)
def test_check_takes_a_function(toy, thing, words):
    with pytest.raises(TypeError, match=words):
        check(thing)


def test_an_alias_is_told_by_the_name_that_the_function_has(toy):
    names = {"np": np}
    exec("def scale(x, k): return x\nscaled = scale", names)
    with pytest.raises(UnknownName, match=r"no exercise called 'scale'\. Did you mean 'scaled'"):
        check(names["scaled"])


@pytest.mark.parametrize(
    "source, words",
    [
        ("async def scaled(x, k): return x * k, 1.0", "it is an async function, which returns a coroutine"),
        ("async def scaled(x, k): yield x * k", "it is an async function"),
        ("def scaled(x, k):\n    yield x * k\n    yield 1.0", "it has a yield, which makes it a generator"),
    ],
)
def test_a_function_that_returns_something_else_than_its_result(toy, capsys, source, words):
    assert check(cell(source)) is toy
    assert said(capsys)[0].startswith(f"✘ scaled: {words}")


def test_unknown_name_gets_a_suggestion(toy):
    def scale(x, k): ...

    with pytest.raises(UnknownName, match=r"no exercise called 'scale'\. Did you mean 'scaled'"):
        check(scale)


def test_verdicts_are_recorded(toy):
    check(cell(STUB))
    assert record.entry("scaled") == {}
    check(cell("def scaled(x, k): return x * k * k, float((x * k * k).sum())"))
    assert record.entry("scaled") == {"tries": 1, "status": "failed", "mistakes": ["twice"]}
    check(cell(RIGHT))
    check(cell("def scaled(x, k): return 1"))
    assert record.entry("scaled") == {"tries": 3, "status": "passed", "mistakes": ["twice"]}


def test_case_hands_out_the_arguments(toy):
    assert (case("scaled", 3)["x"] == [0, 1, 2]).all()
    assert [*case(toy)] == ["x", "k"]
    for number in (0, 4):
        with pytest.raises(IndexError, match="the cases 1 to 3"):
            case("scaled", number)


def test_exercise_is_its_reference(toy):
    assert toy(np.ones(2), 3.0)[1] == 6
    assert toy.__doc__ == "k times x, and the sum of that."
    assert repr(toy) == "<the course's own scaled(x, k)>"


@pytest.mark.parametrize("answer", ["b", " B "])
def test_quiz_right(asked, capsys, answer):
    quiz("which", answer)
    assert said(capsys) == ["✔ which: b is right", "  just that", "  a: not this", "  c: there is one"]
    assert record.entry("which") == {"tries": 1, "status": "passed"}


@pytest.mark.parametrize(
    "answer, lines",
    [
        ("a", ["✘ which: a is not it", "  not this"]),
        (None, ["○ which: not answered yet", "  Choose one of a, b, c in the cell above."]),
        (..., ["○ which: not answered yet", "  Choose one of a, b, c in the cell above."]),
        ("d", ["✘ which: 'd' is none of the options", '  Write one of "a" to "c".']),
        (["b"], ["✘ which: ['b'] is none of the options", '  Write one of "a" to "c".']),
        (2, ["✘ which: 2 is none of the options", '  Write one of "a" to "c".']),
    ],
)
def test_quiz_not_right(asked, capsys, answer, lines):
    quiz("which", answer)
    assert said(capsys) == lines


def test_quiz_knows_its_questions(asked):
    with pytest.raises(UnknownName, match="Did you mean 'which'"):
        quiz("wich", "b")


@pytest.mark.parametrize(
    "value, bound, line",
    [
        (0.98304, {"between": (0.5, 2)}, "measured 0.983, needed between 0.5 and 2"),
        (np.float32(250.04), {"above": 10}, "measured 250.0, needed above 10"),
        (np.int64(3), {"at_most": 3}, "measured 3, needed at most 3"),
        (3, {"equal": 3}, "measured 3, needed 3"),
        (0.1234, {"below": 0.2, "form": ".1%"}, "measured 12.3 %, needed below 20.0 %"),
        (np.array([1, 5, 6]) > 2, {"at_least": 2}, "measured 2 of 3, needed at least 2"),
        ([True, True], {"equal": 2}, "measured 2 of 2, needed 2"),
        (3e-16, {"below": 1e-12, "form": ".1f"}, "measured less, needed below 1e-12"),
        (4.2e-5, {"above": 1e-6}, "measured 4.2e-05, needed above 1e-06"),
        (3e-16, {"below": 1}, "measured 0, needed below 1"),
        (-0.01, {"between": (-1, 1), "form": ".1f"}, "measured 0.0, needed between -1.0 and 1.0"),
        (np.str_("Adam"), {"equal": "Adam"}, "measured Adam, needed Adam"),
        (["Adam", "SGD"], {"equal": ["Adam", "SGD"]}, "measured Adam, SGD, needed Adam, SGD"),
        (np.array([2, 1]), {"equal": [2, 1]}, "measured 2, 1, needed 2, 1"),
    ],
)
def test_claim_that_holds(capsys, value, bound, line):
    claim("it is so", value, **bound)
    assert said(capsys) == ["✔ it is so", f"  {line}"]


def test_a_long_claim_is_broken_between_words(capsys):
    sentence = "the average of the weights makes fewer errors than the last weights do, as long as they are moved by noise"
    claim(sentence, ["over and over"] * 8, equal=["over and over"] * 8)
    lines = said(capsys)
    assert len(lines) > 4 and all(len(line) <= 76 for line in lines)
    assert " ".join(line.strip() for line in lines).startswith(f"✔ {sentence} measured over and over, over")


@pytest.mark.parametrize(
    "value, bound",
    [
        (2, {"above": 2}),
        (2, {"below": 2}),
        (1.9, {"at_least": 2}),
        (2.1, {"at_most": 2}),
        (2.1, {"between": (1, 2)}),
        (2, {"equal": 3}),
        (np.array([True, False]), {"at_least": 2}),
        ("a", {"equal": "b"}),
        ([1, 2], {"equal": [2, 1]}),
        *(
            (np.nan, bound)
            for bound in (
                {"above": 0},
                {"below": 0},
                {"at_least": 0},
                {"at_most": 0},
                {"between": (0, 1)},
                {"equal": 0},
            )
        ),
    ],
)
def test_claim_that_does_not_hold(value, bound, capsys):
    with pytest.raises(ClaimFailed, match=r"this does not hold: it is so\n  measured .*, needed "):
        claim("it is so", value, **bound)
    assert said(capsys) == []


@pytest.mark.parametrize(
    "value, bound, sentence",
    [
        (True, {"equal": True}, "not True or False"),
        (np.True_, {"above": 0}, "not True or False"),
        (1, {}, "one bound"),
        (1, {"above": 0, "below": 2}, "one bound"),
        (1, {"above": 0, "equal": 1}, "one bound"),
        (np.ones(3), {"above": 0}, "shape \\(3,\\)"),
    ],
)
def test_claim_takes_a_value_and_one_bound(value, bound, sentence):
    with pytest.raises(TypeError, match=sentence):
        claim("it is so", value, **bound)
