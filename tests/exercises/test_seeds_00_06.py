"""1 000 seeds give no false verdict. Three files, so that three workers share the work."""

import pytest

from nnutils.checks.catalogue import exercises_of, lessons

TOPICS = [topic for topic, module in lessons().items() if module.NUMBER in range(0, 7)]
EXERCISES = [exercise for topic in TOPICS for exercise in exercises_of(topic)]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: f"{exercise.lesson}-{exercise.name}")
def test_no_false_verdict(exercise, no_false_verdict):
    no_false_verdict(exercise)
