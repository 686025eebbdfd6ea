"""A judge looks at the shape of a result: what broadcasts to the right numbers is not right."""

import numpy as np
import pytest

from nnutils.checks.catalogue import exercises_of, lessons
from nnutils.checks.run import run_case

JUDGED = [
    exercise
    for topic in lessons()
    for exercise in exercises_of(topic)
    if exercise.judged and not exercise.needs_keras and exercise.kind != "design"
]


def reshaped(result):
    """The result with an array of another shape in it, in all ways."""
    if isinstance(result, np.ndarray | np.floating):
        array = np.asarray(result)
        yield from (array[None], array[..., None], np.stack([array] * 3))
    elif isinstance(result, tuple | list):
        for place, part in enumerate(result):
            for other in reshaped(part):
                yield type(result)([*result[:place], other, *result[place + 1 :]])


def is_refused(exercise, case, result):
    try:
        return exercise.verdict_on(case, result) is not None
    except (TypeError, ValueError, ArithmeticError):  # such a result is wrong for the grader, too
        return True


@pytest.mark.parametrize("exercise", JUDGED, ids=lambda exercise: exercise.name)
def test_a_result_of_another_shape_is_refused(exercise):
    for case in exercise.draw():
        run = run_case(exercise.reference, case, exercise.part)
        for other in reshaped(run.result) if run.failure is None else ():
            assert is_refused(exercise, case, other)
