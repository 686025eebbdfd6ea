"""A design is tried at grading: in a child in which no answer ran, on data and seeds that the notebook does not hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from coursekit.grading import words
from coursekit.sandbox.codec import CodecError
from coursekit.sandbox.decode import printable
from coursekit.sandbox.program import Program
from coursekit.sandbox.runner import Runner
from nnutils.checks import trial
from nnutils.checks.exercise import Arguments, Exercise
from nnutils.checks.facts import READY_MADE
from nnutils.checks.run import Failure
from nnutils.words import sentence

COURSE = "code of the course"
MOST_TEXT = 300
UNREADABLE = "It is no plain data: return numbers, texts, lists and dicts, as the docstring asks for."


@dataclass(frozen=True)
class Tried:
    """What became of a design: its score, the thresholds that it reaches, and what the student reads.

    `value` is None where it could not be tried.
    """

    value: float | None
    reached: tuple[bool, ...]
    told: str


def try_design(
    runner: Runner, exercise: Exercise, cases: Sequence[Arguments], designs: Sequence[Any], seed: int
) -> Tried:
    """Try the designs of an answer, one for each case. The child with the answer ends first."""
    assert exercise.trial_of is not None
    function = exercise.trial_of.function
    imports = f"from {function.__module__} import {function.__name__}"
    program = Program([(COURSE, 1, imports)], function.__name__, READY_MADE)
    runner.restart()
    try:
        calls = trial.inputs(exercise, cases, designs, seed)
        runs = runner.run(program, calls).runs
    except CodecError:
        return _refused(exercise, UNREADABLE)
    finally:
        runner.restart()
    failure = next((run.failure for run in runs if run.failure), None)
    if failure is not None:
        return _refused(exercise, _why(failure))
    value = trial.mean([run.result for run in runs])
    return Tried(value, trial.reached(exercise, value), trial.in_words(exercise, value))


def _refused(exercise: Exercise, told: str) -> Tried:
    return Tried(None, (False,) * len(exercise.thresholds), told)


def _why(failure: Failure) -> str:
    if failure.kind == trial.MALFORMED:
        return printable(trial.malformed(failure.message), MOST_TEXT)
    if failure.kind in words.LOST:
        return sentence(f"the trial of this design was stopped: {failure.message}")
    return sentence("the design does not have the form that the docstring asks for")
