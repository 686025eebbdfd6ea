"""The tests that nbgrader hides from students.

Each check cell of `solutions/` ends with a call of `assert_passed` or `assert_answered` between nbgrader's marks for hidden
tests. nbgrader takes these lines out of what students get, and puts them back when it grades. A cell that raises earns nothing.
The name is bound before, so that the cells below run with a function that works.
"""

from __future__ import annotations

from typing import Any

from nnutils.checks import trial
from nnutils.checks.catalogue import find_exercise, find_question
from nnutils.checks.check import examine
from nnutils.checks.errors import CheckFailed
from nnutils.checks.exercise import Exercise
from nnutils.checks.nbgrader import stderr_to_stdout
from nnutils.checks.quiz import letter_of
from nnutils.checks.run import run


class CannotJudge(RuntimeError):
    """This nnutils is the one that students are given: it does not hold what is needed to grade."""


def assert_passed(name: str, function: Any) -> float | None:
    """Raise unless `function`, which `check` returned, is a right answer. It is run again, since a notebook may have a `check`
    of its own. Of a design, return the points that it earns: nbgrader takes the result of a cell for its score.

    Raises
    ------
    CheckFailed: the answer is missing or wrong.
    CannotJudge: the exercise has many right answers, and this nnutils is the students'.
    """
    exercise = find_exercise(name)
    if exercise.withheld and exercise.kind != "design":
        raise CannotJudge(_whole_course(name))
    if function is exercise:
        raise CheckFailed(f"{name}: the answer is missing or wrong; the check above says more")
    with stderr_to_stdout():
        verdict = examine(exercise, function)
    if exercise.kind == "design" and verdict.status == "deferred":
        return _points(exercise, function)
    if verdict.status != "passed":
        raise CheckFailed(f"{name}: {verdict.headline}")
    return None


def _points(exercise: Exercise, function: Any) -> float:
    """The points of a design, on the data of grading."""
    seed = trial.hidden_seed(exercise)
    cases = exercise.draw(seed)
    value = trial.score(exercise, cases, [done.result for done in run(function, cases)], seed)
    earned = trial.reached(exercise, value)
    print(trial.in_words(exercise, value))
    return exercise.points * sum(earned) / len(earned)


def assert_answered(name: str, answer: Any) -> None:
    """Raise unless `answer` is the right letter.

    Raises
    ------
    CheckFailed: the answer is missing or wrong.
    CannotJudge: this nnutils is the students', which does not hold the letter.
    """
    question = find_question(name)
    if question.withheld:
        raise CannotJudge(_whole_course(name))
    if letter_of(answer) != question.answer:
        raise CheckFailed(f"{name}: the answer is missing or wrong")


def _whole_course(name: str) -> str:
    return (
        f"{name} cannot be judged here: this is the nnutils that students are given. "
        "Run nbgrader with the nnutils of the whole course"
    )
