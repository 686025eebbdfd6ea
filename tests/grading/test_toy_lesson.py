"""What needs exercises of a certain kind: answers that call other answers, draws, models."""
# ruff: noqa: E501  (a cell on a line)

from coursekit.grading.models import unavailable

DOUBLE, QUADRUPLE = (
    "def toy_double(x):\n    return 2 * x",
    "def toy_quadruple(x):\n    return toy_double(toy_double(x))",
)
SHUFFLE = "def toy_shuffle(x, rng):\n    return rng.permutation(x)"

PASSES = """
def toy_forward(x):
    return 3 * x, {"my own": x}
def toy_backward(d, cache):
    return d * cache["my own"]
"""
ALL = {
    "toy_double": 2,
    "toy_quadruple": 3,
    "toy_shuffle": 1,
    "toy_forward": 1,
    "toy_backward": 2,
    "toy_model": None if unavailable() else 0,
}


def _points(items):
    return {name: item.points for name, item in items.items()}


def test_all_right(toy, mark):
    found = mark(DOUBLE, QUADRUPLE, SHUFFLE, PASSES, topic="toy_lesson")
    assert _points(found) == ALL
    assert found["toy_model"].status == ("not graded" if unavailable() else "not attempted")


def test_an_answer_gets_the_courses_version_of_what_is_missing_or_wrong_before_it(toy, mark):
    for before in (
        "def toy_double(x):\n    raise NotImplementedError",
        "def toy_double(x):\n    return 3 * x",
        "x = 1",
    ):
        found = mark(before, QUADRUPLE, topic="toy_lesson")
        assert found["toy_double"].points == 0 and found["toy_quadruple"].points == 3


def test_an_answer_gets_the_courses_version_of_what_it_imports(toy, mark):
    cell = "from nnutils.lessons.toy_lesson.exercises import toy_double as twice\ndef toy_quadruple(x):\n    return twice(twice(x))"
    assert mark(cell, topic="toy_lesson")["toy_quadruple"].points == 3


def test_the_courses_version_is_not_lent_for_itself(toy, mark):
    cell = "from nnutils.lessons.toy_lesson.exercises import toy_double as twice\ndef toy_double(x):\n    return twice(x)"
    assert mark(cell, topic="toy_lesson")["toy_double"].points == 0


def test_what_is_lent_cannot_be_carried_off(toy, mark):
    thief = (
        "import sys\ndef toy_quadruple(x):\n    sys.stolen = toy_double\n    return toy_double(toy_double(x))"
    )
    cells = [
        "def toy_double(x):\n    raise NotImplementedError",
        thief,
        "import sys\ndef toy_shuffle(x, rng):\n    return sys.stolen(x)",
    ]
    found = mark(*cells, topic="toy_lesson")
    assert found["toy_quadruple"].points == 3 and "AttributeError" in found["toy_shuffle"].sentence


def test_one_lost_child_costs_one_exercise(toy, mark):
    for evil in ("while True: pass", "import os; os._exit(0)"):
        found = mark(DOUBLE, f"def toy_quadruple(x):\n    {evil}", SHUFFLE, PASSES, topic="toy_lesson")
        assert _points(found) == ALL | {"toy_quadruple": 0}


def test_partial_points_are_rounded_to_two_decimals(toy, mark):
    item = mark("def toy_quadruple(x):\n    return 4 * x if len(x) > 2 else x + 1", topic="toy_lesson")[
        "toy_quadruple"
    ]
    assert (item.points, item.status, item.cases) == (2.0, "partly right", (True, False, True))
    item = mark("def toy_quadruple(x):\n    return x * 4 if len(x) < 3 else x", topic="toy_lesson")[
        "toy_quadruple"
    ]
    assert item.points == 1.0
    assert round(2 * 1 / 3, 2) == 0.67  # the rule


def test_draws_must_come_from_the_generator(toy, mark):
    cell = "import numpy as np\ndef toy_shuffle(x, rng):\n    return np.random.default_rng(0).permutation(x)"
    item = mark(cell, topic="toy_lesson")["toy_shuffle"]
    assert item.points == 0 and "rng" in item.sentence
    item = mark("def toy_shuffle(x, rng):\n    return x", topic="toy_lesson")["toy_shuffle"]
    assert item.sentence == "It is not shuffled."


def test_secret_gives_each_student_other_cases_and_the_same_verdict(toy, mark, runner):
    from coursekit.grading.grade_notebook import Grader

    exercise, grader = toy.toy_double, Grader(runner, "s")
    seeds = {grader.seed(exercise, student) for student in ("ann", "bob")} | {
        Grader(runner, "t").seed(exercise, "ann"),
        exercise.seed,
    }
    assert len(seeds) == 4 and Grader(runner).seed(exercise, "ann") == exercise.seed
    for student in ("ann", "bob"):
        found = mark(DOUBLE, QUADRUPLE, SHUFFLE, PASSES, topic="toy_lesson", secret="s", student=student)
        assert _points(found) == ALL
    known = f"import numpy as np\ndef toy_double(x):\n    return np.array({exercise.draw()[0]['x'].tolist()}) * 2 if len(x) == 3 else 0"
    assert mark(known, topic="toy_lesson")["toy_double"].points == 1
    assert mark(known, topic="toy_lesson", secret="s")["toy_double"].points == 0


def test_a_backward_pass_meets_the_cache_of_its_own_forward_pass(toy, mark):
    wrong = PASSES.replace("3 * x", "4 * x")  # then it meets the course's cache, as in the notebook
    found = mark(wrong, topic="toy_lesson")
    assert found["toy_forward"].points == 0 and found["toy_backward"].points == 0
    found = mark(wrong.replace('cache["my own"]', "cache[0]"), topic="toy_lesson")
    assert found["toy_forward"].points == 0 and found["toy_backward"].points == 2
