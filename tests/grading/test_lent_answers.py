"""No answer earns points with the course's own version of another exercise, unless that stands before it and it is right."""

from __future__ import annotations

import pytest

from coursekit.grading.grade_notebook import Grader, blank, refused
from coursekit.grading.reading.answers import answer_of
from coursekit.grading.reading.extract import extract
from coursekit.grading.self_test import attack_on
from nnutils.checks.catalogue import earlier, exercises_of, find_exercise, lessons, reached
from nnutils.checks.check import examine

ALL = [exercise for topic in lessons() for exercise in exercises_of(topic)]
# The derivative of inverted dropout is the same product, and that of a residual block has its form: both are right answers.
RIGHT = {("dropout_backward", "dropout_forward"), ("residual_backward", "residual_forward")}


def calling(exercise, other) -> list[str]:
    """An answer that hands its arguments on to another exercise."""
    given = list(exercise.signature.parameters)
    passed = given[: len(other.signature.parameters)]
    call = f"def {exercise.name}({', '.join(given)}):\n    return {other.name}({', '.join(passed)})"
    return [f"from {other.reference.__module__} import {other.name}", call]


def points(runner, exercise, cells) -> float | None:
    """What the cells earn for the exercise: without a run where that is enough."""
    still = refused(answer_of(extract(cells), exercise))
    if still is not None:
        assert still.status == "failed" and still.sentence
        return still.points
    others = {item.name: item for item in blank(exercise.lesson) if item.name != exercise.name}
    items, _ = Grader(runner).grade_notebook(extract(cells), exercise.lesson, "ann", earlier=others)
    return next(item.points for item in items if item.name == exercise.name)


@pytest.mark.parametrize("topic", lessons())
def test_calling_another_exercise_earns_nothing(runner, topic):
    """All pairs of the course. With Keras only those that are refused without a run, `course.py self-test` does others."""
    tried = 0
    for exercise in exercises_of(topic):
        for other in (each for each in ALL if each is not exercise):
            if exercise.needs_keras and other.name in earlier(exercise):
                continue
            earned = points(runner, exercise, calling(exercise, other))
            wanted = exercise.points if (exercise.name, other.name) in RIGHT else 0
            assert earned == wanted, (exercise.name, other.name)
            tried += 1
    assert tried >= len(exercises_of(topic)) * (len(ALL) - len(exercises_of(topic)))


@pytest.mark.parametrize(
    "exercise", [each for each in ALL if not each.needs_keras], ids=lambda each: each.name
)
def test_the_courses_own_answer_is_not_caught_where_it_is_lent(runner, exercise):
    assert points(runner, exercise, attack_on(exercise)) == 0


ATTACK = """
from nnutils.lessons.data_splits.exercises import shuffle_split
MINE = globals()["split_sizes"]
def split_sizes(m, fractions):
    shuffle_split
    return MINE(m, fractions)
"""


def test_a_later_exercise_is_refused_in_words(mark):
    item = mark(ATTACK, topic="data_splits")["split_sizes"]
    assert (item.points, item.status) == (0, "failed")
    assert item.sentence == (
        "It calls the course's own shuffle_split: an answer may call only exercises that stand before it in its lesson."
    )


def test_what_a_lent_exercise_calls_is_not_in_the_answers_namespace(mark):
    """elu is what the lent version of selu calls."""
    cells = [
        "from nnutils.lessons.activations_and_clipping.exercises import selu",
        "def alpha_dropout(x, mask, keep_prob):\n    selu\n    return globals()['elu']",
    ]
    item = mark(*cells, topic="activations_and_clipping")["alpha_dropout"]
    assert item.points == 0 and "KeyError" in item.sentence


def test_the_notebook_refuses_the_same():
    exercise, later = find_exercise("split_sizes"), find_exercise("shuffle_split")
    names = {"__name__": "__main__", "shuffle_split": later}
    exec("def split_sizes(m, fractions):\n    return shuffle_split(m, fractions)", names)
    verdict = examine(exercise, names["split_sizes"])
    assert verdict.status == "failed" and "stand before it" in verdict.headline


@pytest.mark.parametrize("exercise", ALL, ids=lambda each: each.name)
def test_only_what_stands_before_and_does_not_lead_back_may_be_called(exercise):
    lesson = [each.name for each in exercises_of(exercise.lesson)]
    before = lesson[: lesson.index(exercise.name)]
    assert earlier(exercise) <= {*before}
    assert not any(exercise in reached(find_exercise(name)) for name in earlier(exercise))
    assert {each.name for each in reached(exercise)} - {exercise.name} <= earlier(exercise)


def test_beside_a_lent_answer_only_a_right_one_earns_points(toy, mark):
    wrong = "def toy_double(x):\n    return x"
    partly = "def toy_quadruple(x):\n    return toy_double(toy_double(x)) + (len(x) > 3)"
    item = mark(wrong, partly, topic="toy_lesson")["toy_quadruple"]
    assert (item.points, item.status) == (0, "failed") and "all its cases" in item.sentence
    own = mark("def toy_double(x):\n    return 2 * x", partly, topic="toy_lesson")["toy_quadruple"]
    assert (own.points, own.status) == (2, "partly right")
