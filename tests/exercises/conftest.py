"""What the tests of the exercises share."""

import contextlib
import os
import warnings
from pathlib import Path
from unittest import mock

import numpy as np
import pytest

from coursekit.authoring import proven
from nnutils.checks.catalogue import lessons
from nnutils.checks.diagnose import diagnose
from nnutils.checks.expected import ExpectedResults
from nnutils.checks.run import run

SEEDS = 1000  # a lesson whose answers are Keras models may say that it has time for fewer
DESIGN_SEEDS = 41  # a case of a design may be a trained network
PROVED = 20  # of an exercise that was proved with all seeds and has not changed since, one seed in so many is tried again
MISTAKES_EVERY, THOROUGH_EVERY = (1, 1) if os.environ.get("NNUTILS_SEEDS") == "all" else (4, 20)


@pytest.fixture(autouse=True)
def silent():
    """Mistakes divide by zero on purpose."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


@pytest.fixture
def seeds_to_try(request):
    """A function: how many seeds a test tries of an exercise, out of so many. All of them prove it."""

    def count(exercise, most):
        sources = Path(__file__), request.path
        proof = proven.exercise_proof(exercise, request.function.__name__, *sources)
        if proven.holds(proof):
            return max(1, most // PROVED)
        request.node.user_properties += [("proof", (*item, 1)) for item in proof.items()]
        return most

    return count


@pytest.fixture
def no_false_verdict(seeds_to_try):
    """A function that fails where an exercise gives a false verdict for one of 1 000 seeds; of 50 where that was proved.

    Right answers are run for every seed, mistakes for one in four; and for one in twenty all of it as check does it. Else
    a function is not run twice, to see whether it keeps to its rng, and not every case is searched for the symptoms of
    other mistakes. (A mistake is told when an answer agrees with it in every case, so mistakes that the first case tells
    apart are told apart by all.) With NNUTILS_SEEDS=all in the environment, everything is done for every seed.
    """

    def prove(exercise):
        most = getattr(lessons()[exercise.lesson], "SEEDS", SEEDS)
        most = DESIGN_SEEDS if exercise.kind == "design" else most
        for seed in range(seeds_to_try(exercise, most)):
            cases, thorough = exercise.draw(seed), seed % THOROUGH_EVERY == 0
            with contextlib.nullcontext() if thorough else run_once():
                expected = ExpectedResults(exercise, cases)
                refused = _refused(expected)
                untold = [] if seed % MISTAKES_EVERY else _untold(expected, thorough)
            untold = _not_as_itself(ExpectedResults(exercise, cases), untold)
            assert not refused, seed
            assert not [mistake.name for mistake in untold], seed

    return prove


def run_once():
    """Without the second run that tells whether a function draws from its rng alone."""
    return mock.patch("nnutils.checks.run.generators_in", return_value=[])


@pytest.fixture
def once():
    """Functions are run once a case: nobody asks where they draw from."""
    with run_once():
        yield


def _refused(expected):
    """The right answers that are refused. The reference is held against itself only where a judge looks at it."""
    exercise, cases = expected.exercise, expected.cases
    runs = {function.__name__: run(function, cases, exercise.part) for function in exercise.variants}
    if exercise.judged:
        runs[exercise.name] = expected.runs or run(exercise.reference, cases, exercise.part)
    wrong = {name: expected.wrong_in(made) for name, made in runs.items()}
    return {name: found for name, found in wrong.items() if any(case is not None for case in found)}


def _untold(expected, every_case):
    """The mistakes that pass or are taken for others."""
    left = mistakes = expected.exercise.mistakes
    for number in (1, 2, len(expected.cases)):
        left = _not_as_itself(_first(expected, number), left)
    symptom = next((i for i, mistake in enumerate(mistakes) if mistake.symptom), len(mistakes))
    return left + _not_as_itself(expected, mistakes[symptom + 1 :] if every_case else [])


def _first(expected, number):
    """The expected results of the first cases, which runs nothing again."""
    first = ExpectedResults(expected.exercise, expected.cases[:number])
    first.runs, first.results = expected.runs and expected.runs[:number], expected.results[:number]
    first._runs, first._wrong = expected._runs, expected._wrong
    return first


def _not_as_itself(expected, mistakes):
    return [
        mistake
        for mistake in mistakes
        if not mistake.is_told_as(_taken_for(expected, expected.runs_of(mistake)))
    ]


def _taken_for(expected, runs):
    return diagnose(expected, runs, expected.wrong_in(runs))
