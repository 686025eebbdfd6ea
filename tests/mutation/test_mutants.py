"""A slip of the pen in a reference is refused by its check. A sample here; all of it with NNUTILS_MUTANTS=all."""

import os
import signal

import pytest

from nnutils.checks.catalogue import exercises_of, lessons

from .mutants import INPUTS, equivalent, mutants_of, passes, unchanged

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "setitimer"), reason="this system cannot interrupt a mutant that hangs"
)
WHOLE = os.environ.get("NNUTILS_MUTANTS") == "all"
EVERY, ENOUGH = (
    (1, INPUTS) if WHOLE else (10, 500)
)  # every tenth mutant; inputs on which an equivalent one agrees
KERAS = {"transfer_learning", "unsupervised_pretraining"}  # models take too long
EXERCISES = [
    exercise
    for topic in lessons()
    if topic not in KERAS
    for exercise in exercises_of(topic)
    if exercise.kind != "design"  # no design is wrong: it reaches much or little
]
LEAST = 1700
by_name = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: f"{one.lesson}-{one.name}")


@by_name
def test_mutants_are_refused(exercise):
    mutants = [*mutants_of(exercise)]
    offset = len(exercise.name) % EVERY  # not the first one everywhere
    passed = [mutant for mutant in mutants[offset::EVERY] if passes(exercise, mutant)]
    missed = [mutant for mutant in passed if not equivalent(exercise, mutant, ENOUGH)]
    assert not missed, "\n\n".join(f"{one.change}\n{one.source}" for one in missed)


def test_there_are_enough_of_them():
    assert sum(len([*mutants_of(exercise)]) for exercise in EXERCISES) >= LEAST


@by_name
def test_reference_passes_as_its_own_mutant(exercise):
    """The way through source, compilation and check is not what refuses a mutant."""
    assert passes(exercise, unchanged(exercise))
