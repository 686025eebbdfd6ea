"""What the tests of the exercises share."""

import contextlib
import os
import warnings
from unittest import mock

import numpy as np
import pytest

from coursekit.authoring import proven
from nnutils.checks.assess import assess
from nnutils.checks.catalogue import lessons
from nnutils.checks.run import run
from nnutils.checks.standard import Standard

SEEDS = 1000  # a lesson whose answers are Keras models may say that it has time for fewer
PROVED = (
    20  # one seed in so many is tried again of an exercise that was proved with all and has not changed since
)
MISTAKES_EVERY, THOROUGH_EVERY = (1, 1) if os.environ.get("NNUTILS_SEEDS") == "all" else (4, 20)


@pytest.fixture(autouse=True)
def silent():
    """Mistakes divide by zero on purpose."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


@pytest.fixture
def no_false_verdict(request):
    """A function that fails where an exercise gives a false verdict for one of 1 000 seeds; of 50 where that was proved.

    Right answers are run for every seed, mistakes for one in four; and for one in twenty all of it as check does it. Else
    a function is not run twice, to see whether it keeps to its rng, and not every case is searched for the symptoms of
    other mistakes. (A mistake is told when an answer agrees with it in every case, so mistakes that the first case tells
    apart are told apart by all.) With NNUTILS_SEEDS=all in the environment, everything is done for every seed.
    """

    def prove(exercise):
        proof, seeds = proven.exercise_proof(exercise), getattr(lessons()[exercise.lesson], "SEEDS", SEEDS)
        if proven.holds(proof):
            seeds = max(1, seeds // PROVED)
        else:
            request.node.user_properties += [("proof", (*item, 1)) for item in proof.items()]
        for seed in range(seeds):
            cases, thorough = exercise.draw(seed), seed % THOROUGH_EVERY == 0
            with contextlib.nullcontext() if thorough else run_once():
                standard = Standard(exercise, cases)
                refused = _refused(standard)
                untold = [] if seed % MISTAKES_EVERY else _untold(standard, thorough)
            untold = _not_as_itself(Standard(exercise, cases), untold)
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


def _refused(standard):
    """The right answers that are refused. The reference is held against itself only where a judge looks at it."""
    exercise, cases = standard.exercise, standard.cases
    runs = {function.__name__: run(function, cases, exercise.part) for function in exercise.variants}
    if exercise.judged:
        runs[exercise.name] = standard.runs or run(exercise.reference, cases, exercise.part)
    wrong = {name: assess(standard, made)[0] for name, made in runs.items()}
    return {name: found for name, found in wrong.items() if any(one is not None for one in found)}


def _untold(standard, every_case):
    """The mistakes that pass or are taken for others."""
    left = mistakes = standard.exercise.mistakes
    for number in (1, 2, len(standard.cases)):
        left = _not_as_itself(_first(standard, number), left)
    symptom = next((i for i, one in enumerate(mistakes) if one.symptom), len(mistakes))
    return left + _not_as_itself(standard, mistakes[symptom + 1 :] if every_case else [])


def _first(standard, number):
    """The standard of the first cases, which runs nothing again."""
    first = Standard(standard.exercise, standard.cases[:number])
    first.runs, first.expected = standard.runs and standard.runs[:number], standard.expected[:number]
    first._runs, first._wrong = standard._runs, standard._wrong
    return first


def _not_as_itself(standard, mistakes):
    return [one for one in mistakes if assess(standard, standard.runs_of(one))[1] is not one]
