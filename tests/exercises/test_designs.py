"""Designs over hidden seeds: the reference and the variants reach every threshold, the plain baselines none."""

import pytest

from nnutils.checks import trial
from nnutils.checks.catalogue import exercises_of, lessons

SEEDS = 41
DESIGNS = [exercise for topic in lessons() for exercise in exercises_of(topic) if exercise.kind == "design"]


def reached(exercise, function, seed):
    cases = exercise.draw(seed)
    value = trial.score(exercise, cases, [function(**case) for case in cases], seed)
    return sum(trial.reached(exercise, value)), round(value, 3)


@pytest.mark.parametrize("exercise", DESIGNS, ids=lambda exercise: f"{exercise.lesson}-{exercise.name}")
def test_right_designs_reach_every_threshold_and_plain_ones_none(exercise, seeds_to_try):
    wrong = []
    for seed in range(seeds_to_try(exercise, SEEDS)):
        for function in (exercise.reference, *exercise.variants):
            count, value = reached(exercise, function, seed)
            wrong += [(seed, function.__name__, value)] * (count < len(exercise.thresholds))
        for baseline in exercise.baselines:
            count, value = reached(exercise, baseline.function, seed)
            wrong += [(seed, baseline.name, value)] * bool(count)
    assert wrong == []
