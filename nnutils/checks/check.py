"""check: is the answer right, and if not, which mistake is it?"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nnutils.checks import objections, record, trial
from nnutils.checks.catalogue import find_exercise
from nnutils.checks.errors import CheckFailed
from nnutils.checks.exercise import Arguments, Exercise
from nnutils.checks.expected import ExpectedResults
from nnutils.checks.facts import is_stub, notebook_globals_read
from nnutils.checks.nbgrader import stderr_to_stdout, validates
from nnutils.checks.run import copy_arguments, run
from nnutils.checks.verdict import NOT_ATTEMPTED, Verdict, compare_with_expected
from nnutils.checks.view import show_verdict


def check(function: Callable[..., Any]) -> Callable[..., Any]:
    """Check an answer to the exercise of the same name, say what was found, and return a function that works.

    Returned is `function` where it passed and the course's own version otherwise, so that the notebook goes on; a released
    course has none, and what it returns raises NotSolved. The verdict is kept in the progress file.

    Raises
    ------
    UnknownName: no exercise has the function's name.
    CheckFailed: the answer is missing or wrong, and nbgrader validates the notebook.
    """
    if isinstance(function, str):
        raise TypeError(f"check takes the function itself, without quotes: check({function})")
    exercise = objections.exercise_of(function, vars(sys.modules["__main__"]))
    if function is exercise:
        verdict = Verdict(
            "failed",
            "this is the course's own version: after a restart, run the cell with your answer first, then this one",
        )
    else:
        with stderr_to_stdout():
            odd = objections.not_a_function(exercise, function)
            verdict = Verdict("failed", odd) if odd else examine(exercise, function)
            record.note_verdict(exercise, verdict)
    show_verdict(exercise, verdict)
    right = verdict.status in record.DONE
    if not right and validates():
        raise CheckFailed(f"{exercise.name}: {verdict.headline}")
    return function if right else exercise


def examine(exercise: Exercise, function: Callable[..., Any], seed: int | None = None) -> Verdict:
    """The verdict on a function, over the cases of one seed, without showing or keeping it."""
    if is_stub(function) or exercise.unchanged(function):
        return NOT_ATTEMPTED
    if objection := objections.objection(exercise, function):
        return Verdict("failed", objection)
    expected = ExpectedResults(exercise, exercise.draw(seed))
    runs = run(function, expected.cases, exercise.part)
    verdict = compare_with_expected(expected, runs)
    if exercise.kind == "design" and verdict.status in record.DONE:
        verdict = _tried(expected, [done.result for done in runs], exercise.seed if seed is None else seed)
    names = notebook_globals_read(function)
    if names and verdict.status in record.DONE:
        return Verdict("failed", _reads_globals(names), cases=verdict.cases)
    warning = objections.warning(function) if verdict.status == "passed" else ""
    return replace(verdict, details=(warning,)) if warning else verdict


def _tried(expected: ExpectedResults, designs: list[Any], seed: int) -> Verdict:
    """What a design reaches on the data of the notebook. Its points are given at grading, on other data."""
    try:
        value = trial.score(expected.exercise, expected.cases, designs, seed)
    except ValueError as error:
        return Verdict("failed", trial.malformed(str(error)))
    told = f"it reaches {value:.3f} on the data that this notebook shows"
    return Verdict("deferred", told, ("Grading tries it on other data and gives the points.",))


def _reads_globals(names: list[str]) -> str:
    what, them = ("variable", "it") if len(names) == 1 else ("variables", "them")
    return f"it leans on the notebook's {what} {', '.join(names)}: use the function's own arguments instead of {them}"


def case(name: str | Callable[..., Any], number: int = 1) -> Arguments:
    """The arguments of one case of an exercise, by name, to try a function on: `adam_update(**case("adam_update", 2))`.

    Raises
    ------
    IndexError: the exercise has fewer cases.
    """
    exercise = find_exercise(name)
    cases = exercise.draw()
    if not 1 <= number <= len(cases):
        raise IndexError(f"{exercise.name} has the cases 1 to {len(cases)}, there is no case {number}")
    return copy_arguments(cases[number - 1], getattr(name, "__globals__", vars(sys.modules["__main__"])))
