"""A lower precision buys no tolerance: known mistakes earn nothing by it, and half precision is told."""

import functools

import numpy as np
import pytest

from nnutils.checks.catalogue import exercises_of, lessons
from nnutils.checks.expected import BrokenRule, ExpectedResults
from nnutils.checks.run import run
from nnutils.checks.verdict import compare_with_expected

EXERCISES = [exercise for topic in lessons() for exercise in exercises_of(topic) if not exercise.needs_keras]
each_exercise = pytest.mark.parametrize(
    "exercise", EXERCISES, ids=lambda exercise: f"{exercise.lesson}-{exercise.name}"
)


UNSEEN = {"fit_standardizer": {"epsilon_added"}}  # an epsilon of 1e-8 does not show in single precision


def cast(value, kind):
    if isinstance(value, np.ndarray | np.floating) and value.dtype.kind == "f":
        return value.astype(kind)
    if isinstance(value, list | tuple):
        return type(value)(cast(item, kind) for item in value)
    if isinstance(value, dict):
        return {key: cast(item, kind) for key, item in value.items()}
    return kind(value) if type(value) is float else value


def with_results_in(kind, function):
    @functools.wraps(function)
    def coarse(*arguments):
        return cast(function(*arguments), kind)

    return coarse


@pytest.mark.parametrize("kind", [np.float16, np.float32])
@each_exercise
def test_no_mistake_gains_by_a_lower_precision(exercise, kind):
    """But where the only fault is how a right result was come by: a copy in another precision shares no memory, for one."""
    expected = ExpectedResults(exercise, exercise.draw())
    gains = set()
    for mistake in exercise.mistakes:
        wrong = [expected.wrong_of(mistake, number) for number in range(len(expected.cases))]
        runs = run(with_results_in(kind, mistake.function), expected.cases, exercise.part)
        after = compare_with_expected(expected, runs).cases
        if any(
            now and then is not None and not isinstance(then, BrokenRule)
            for then, now in zip(wrong, after, strict=True)
        ):
            gains.add(mistake.name)
    assert gains <= (UNSEEN.get(exercise.name, set()) if kind is np.float32 else set())


@pytest.mark.parametrize(
    "exercise", [one for one in EXERCISES if one.kind != "design"], ids=lambda one: f"{one.lesson}-{one.name}"
)
def test_half_precision_is_told_as_that(exercise):
    """But of a design, whose numbers are settings and not compared with others."""
    expected = ExpectedResults(exercise, exercise.draw())
    right, half = (
        run(function, expected.cases, exercise.part)
        for function in (exercise.reference, with_results_in(np.float16, exercise.reference))
    )
    holds_floats = any(repr(cast(done.result, np.float16)) != repr(done.result) for done in right)
    verdict = compare_with_expected(expected, half)
    assert holds_floats == (verdict.status == "failed")
    assert not holds_floats or "half precision (float16)" in verdict.headline
