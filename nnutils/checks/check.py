"""check: is the answer right, and if not, which mistake is it?"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nnutils.checks import forms, lending, record
from nnutils.checks.catalogue import find_exercise
from nnutils.checks.errors import CheckFailed
from nnutils.checks.exercise import Arguments, Exercise
from nnutils.checks.facts import is_stub, leaned_on
from nnutils.checks.nbgrader import stderr_to_stdout, validates
from nnutils.checks.run import fresh, run
from nnutils.checks.shown import a
from nnutils.checks.signature import signature_misfit
from nnutils.checks.verdict import NOT_ATTEMPTED, Verdict, judge, noted
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
    exercise = forms.meant(function, vars(sys.modules["__main__"]))
    if function is exercise:
        verdict = Verdict(
            "failed", "this is the course's own version: run the cell with your answer again, then this one"
        )
    else:
        with stderr_to_stdout():
            odd = forms.told(exercise, function)
            verdict = Verdict("failed", odd) if odd else examine(exercise, function)
            record.note_verdict(exercise, verdict)
    show_verdict(exercise, verdict)
    right = verdict.status in ("passed", "noted")
    if not right and validates():
        raise CheckFailed(f"{exercise.name}: {verdict.headline}")
    return function if right else exercise


def examine(exercise: Exercise, function: Callable[..., Any], seed: int | None = None) -> Verdict:
    """The verdict on a function, over the cases of one seed, without showing or keeping it."""
    if is_stub(function):
        return NOT_ATTEMPTED
    misfit = forms.returns_no_result(exercise, function) or signature_misfit(exercise, function)
    if misfit:
        return Verdict("failed", misfit)
    copied = lending.copied(exercise, function)
    if copied:
        return Verdict("failed", copied)
    cases = exercise.draw(seed)
    runs = run(function, cases, exercise.part)
    verdict = noted(exercise, cases, runs) if exercise.withheld else judge(exercise, cases, runs)
    names = leaned_on(function)
    if names and verdict.status in ("passed", "noted"):
        return Verdict("failed", _leaning(names), cases=verdict.cases)
    warning = lending.warning(function) if verdict.status == "passed" else ""
    return replace(verdict, details=(warning,)) if warning else verdict


def _leaning(names: list[str]) -> str:
    what, them = ("variable", "it") if len(names) == 1 else ("variables", "them")
    return f"it leans on the notebook's {what} {', '.join(names)}: use the function's own arguments instead of {them}"


def case(name: str | Callable[..., Any], number: int = 1) -> Arguments:
    """The arguments of one case of an exercise, by name, to try a function on: `adam_update(**case("adam_update", 2))`.

    Raises
    ------
    IndexError: the exercise has fewer cases.
    """
    exercise = find_exercise(_name_of(name))
    cases = exercise.draw()
    if not 1 <= number <= len(cases):
        raise IndexError(f"{exercise.name} has the cases 1 to {len(cases)}, there is no case {number}")
    return fresh(cases[number - 1], getattr(name, "__globals__", vars(sys.modules["__main__"])))


def _name_of(function: str | Callable[..., Any]) -> str:
    if isinstance(function, str):
        return function
    name = getattr(function, "__name__", None)
    if not callable(function) or name is None:
        raise TypeError(
            f"this takes the name or the function of an exercise, not {a(type(function).__name__)}"
        )
    return name
