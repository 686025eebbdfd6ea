"""The score of a known wrong answer does not depend on the seed; no symptom is true of a right result.

41 seeds, the notebook's own among them. Exercises with Keras models are left to `test_seeds_*`, which have time for few seeds.
"""

import pytest

from nnutils.checks.catalogue import exercises_of, lessons
from nnutils.checks.diagnose import diagnose
from nnutils.checks.expected import ExpectedResults
from nnutils.checks.run import run

EXERCISES = [exercise for topic in lessons() for exercise in exercises_of(topic) if not exercise.needs_keras]
SEEDS = 40


def expected_results(exercise, most):
    return (ExpectedResults(exercise, exercise.draw(seed)) for seed in [exercise.seed, *range(most)])


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: f"{exercise.lesson}-{exercise.name}")
def test_the_score_is_the_same_for_every_seed(exercise, once, seeds_to_try):
    scores = {}
    for expected in expected_results(exercise, seeds_to_try(exercise, SEEDS)):
        for mistake in exercise.mistakes:
            runs = expected.runs_of(mistake)
            wrong = expected.wrong_in(runs)
            found = diagnose(expected, runs, wrong)
            score = found and found.name, tuple(case is None for case in wrong)
            scores.setdefault(mistake.name, set()).add(score)
    assert not {name for name, seen in scores.items() if len(seen) > 1}


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: f"{exercise.lesson}-{exercise.name}")
def test_no_symptom_is_true_of_a_right_result(exercise, once, seeds_to_try):
    asked = [mistake for mistake in exercise.mistakes if mistake.symptom]
    found = set()
    for expected in expected_results(exercise, seeds_to_try(exercise, SEEDS)) if asked else ():
        for right in (exercise.reference, *exercise.variants):
            runs = run(right, expected.cases, exercise.part)
            found |= {mistake.name for mistake in asked if any(map(_shown_by(mistake), expected.cases, runs))}
    assert not found


def _shown_by(mistake):
    def shown(case, done):
        try:
            return done.failure is None and bool(mistake.symptom(case, done.result))
        except Exception:  # as in a diagnosis
            return False

    return shown
