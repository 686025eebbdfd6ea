"""A case can expect an error."""

import pickle

import numpy as np
import pytest

from nnutils.checks import case, catalogue, check
from nnutils.checks.check import examine
from nnutils.checks.exercise import Exercise, raises
from nnutils.checks.expected import ExpectedResults
from nnutils.checks.released import exercises_from, without_answers
from nnutils.checks.run import Failure, Run, run
from nnutils.checks.verdict import compare_with_expected


def root(x, how, scale=1.0):
    """The root of x ("plain") or of its size ("size"), times scale. Any other how is a ValueError."""
    if how not in ("plain", "size"):
        raise ValueError(how)
    return scale * float(np.sqrt(x if how == "plain" else abs(x)))


@pytest.fixture(name="root")
def root_exercise(monkeypatch):
    found = Exercise(root, points=3, minutes=5, hints=("a", "b", "c"))

    @found.cases
    def _(rng):
        yield 4.0, "plain"
        yield {"x": -9.0, "how": "size"}
        yield raises(ValueError, 4.0, "other")

    @found.mistake("Any other way is taken for the size.")
    def size_for_any_other(x, how, scale=1.0):
        return float(np.sqrt(x if how == "plain" else abs(x)))

    @found.mistake("You squared it.")
    def squared(x, how, scale=1.0):
        if how not in ("plain", "size"):
            raise ValueError("how?")
        return x**2

    monkeypatch.setattr(catalogue, "_all_exercises", lambda: {"root": found})
    return found


def answer(otherwise, right=np.sqrt):
    """An answer that is right but for what it does where an error is asked for."""

    def root(x, how, scale=1.0):
        if how in ("plain", "size"):
            return float(right(abs(x)))
        return otherwise(how)

    return root


class BadWay(ValueError):
    """A student's own."""


def raising(error):
    def function(how):
        raise error

    return function


@pytest.mark.parametrize("error", [ValueError(), ValueError("it is other"), BadWay("no"), UnicodeError("x")])
def test_the_error_or_a_subclass_with_any_message_is_right(root, error):
    verdict = examine(root, answer(raising(error)))
    assert (verdict.status, verdict.cases) == ("passed", (True, True, True))


@pytest.mark.parametrize(
    "otherwise, got",
    [
        (lambda how: 0.5, "yours returned 0.5"),
        (lambda how: None, "yours returned None"),
        (lambda how: np.arange(3), "yours returned [0, 1, 2]"),
        (lambda how: ValueError(how), "yours returned ValueError('other')"),
        (raising(KeyError("other")), "yours raises KeyError: 'other'"),
        (raising(Exception("other")), "yours raises Exception: other"),
        (raising(NotImplementedError()), "yours raises NotImplementedError"),
    ],
)
def test_anything_else_is_told(root, otherwise, got):
    verdict = examine(root, answer(otherwise))
    assert (verdict.status, verdict.mistake, verdict.cases) == ("failed", None, (True, True, False))
    assert verdict.headline == f"For how 'other' it should raise a ValueError, {got}"
    assert verdict.details[-1].startswith("Case 3: `x = 4, how = 'other', scale = 1`")


def test_lines_of_another_error_are_shown(root):
    assert any("raise error" in line for line in examine(root, answer(raising(KeyError()))).details)


def test_a_mistake_may_differ_in_such_a_case_alone(root):
    for function in (answer(lambda how: 2.0), root.mistakes[0].function):
        assert examine(root, function).mistake == "size_for_any_other"


def test_a_mistake_that_raises_as_it_should_is_named(root):
    verdict = examine(root, answer(raising(ValueError("mine")), right=np.square))
    assert (verdict.mistake, verdict.cases) == ("squared", (False, False, False))


def test_to_raise_always_earns_nothing(root):
    verdict = examine(root, answer(raising(ValueError()), right=lambda x: 1 / 0))
    assert verdict.cases == (False, False, False)
    assert verdict.headline.startswith("It raises ZeroDivisionError")
    assert examine(root, answer(raising(ValueError()), right=raising(ValueError()))).share == 0


def test_a_stub_is_not_attempted(root):
    def function(x, how, scale=1.0):
        y = abs(x)
        raise NotImplementedError(y)

    assert examine(root, function).status == "not attempted"


def test_the_case_is_handed_out_as_any_other(root, capsys):
    assert case("root", 3) == {"x": 4.0, "how": "other", "scale": 1.0}
    check(answer(lambda how: 0.5))
    assert (
        "✘ root: For how 'other' it should raise a ValueError, yours returned 0.5" in capsys.readouterr().out
    )


def test_arguments_are_told_where_none_is_a_text(root):
    root.cases(lambda rng: [raises(ArithmeticError, np.ones(2), 3, scale=0)])
    root.reference = lambda x, how, scale: 1 // scale
    verdict = examine(root, lambda x, how, scale=1.0: 2)
    assert verdict.headline == "For how 3, scale 0 it should raise an ArithmeticError, yours returned 2"


def test_a_reference_that_does_not_raise_is_the_courses_fault(root):
    root.cases(lambda rng: [raises(KeyError, 4.0, "other")])
    with pytest.raises(RuntimeError, match="should raise a KeyError, yours raises ValueError"):
        examine(root, answer(lambda how: 2.0))


@pytest.mark.parametrize("kind", [ValueError("x"), "ValueError", BadWay, KeyboardInterrupt, int])
def test_only_pythons_own_exceptions_can_be_asked_for(kind):
    with pytest.raises(TypeError, match="own exceptions"):
        raises(kind, 1)


ANSWERS = [
    answer(raising(BadWay())),
    answer(lambda how: 0.5),
    answer(lambda how: 2.0),
    answer(raising(KeyError())),
]


def released(root, folder):
    file = folder / "some.key"
    file.write_bytes(
        pickle.dumps({"exercises": {"root": without_answers(root)}, "questions": {}}, protocol=4)
    )
    return exercises_from(file, "released.some")["root"]


@pytest.mark.parametrize("function", ANSWERS)
def test_a_released_course_says_the_same(root, tmp_path, function):
    here, there = examine(root, function), examine(released(root, tmp_path), function)
    assert (here.status, here.headline, here.cases) == (there.status, there.headline, there.cases)


@pytest.mark.parametrize("function", ANSWERS)
def test_a_released_course_without_its_judge_asks_for_the_error_all_the_same(root, tmp_path, function):
    root.judge(lambda a, result: None)
    there = examine(released(root, tmp_path), function)
    assert there.status == ("deferred" if function is ANSWERS[0] else "failed")
    assert there.status == "deferred" or there.headline.startswith(
        "For how 'other' it should raise a ValueError"
    )


def test_a_lost_process_is_told_as_that(root):
    lost = Run(failure=Failure("TimeLimit", "it did not come back"))
    runs = [*run(root, root.draw()[:2]), lost]
    verdict = compare_with_expected(ExpectedResults(root, root.draw()), runs)
    assert verdict.headline == "It raises TimeLimit: it did not come back"
