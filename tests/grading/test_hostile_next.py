"""What the answer to one exercise can do to the next ones of the same submission, which share its process."""
# ruff: noqa: E501  (a cell on a line)

import numpy as np
import pytest

from coursekit.grading.reading.answers import answer_of
from coursekit.grading.reading.extract import extract
from nnutils.checks.catalogue import exercises_of, find_exercise, lessons

DOUBLE, QUADRUPLE = "def toy_double(x):\n    {}\n    return 2 * x", "def toy_quadruple(x):\n    {}"
CHILD = "import sys; c = sys.modules['coursekit.sandbox.child']; "
FORGERIES = {  # in the answer before: none of them knows what is right for the next one
    "encodes zeros": CHILD + "e = c.encode; c.encode = lambda v, **k: e(c.Run(x * 0), **k) if isinstance(v, c.Run) else e(v, **k)",
    "says each run was right": CHILD + "c.run_case = lambda f, a, p: c.Run(True)",
    "keeps the last result": CHILD + "r = c.run_case; last = []; c.run_case = lambda f, a, p: last[0] if last else last.append(r(f, a, p)) or last[0]",
    "empties the next program": CHILD + "c._execute = lambda program, world: world.update(toy_quadruple=lambda x: None)",
    "says that nothing was attempted": CHILD + "c.run_case = lambda f, a, p: c.Run(failure=c.Failure('NotImplementedError', ''))",
    "swallows errors": CHILD + "c.failure_of = lambda error: None",
    "patches NumPy": "import numpy as np; np.add = np.multiply = lambda *a: 0",
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_wrong_answer_stays_wrong(mark, toy, name):
    items = mark(DOUBLE.format(FORGERIES[name]), QUADRUPLE.format("return x * 5"), topic="toy_lesson")
    assert items["toy_quadruple"].points <= 1  # the case of zeros is right as it is
    assert items["toy_quadruple"].status != "passed"
    honest = mark(DOUBLE.format(""), QUADRUPLE.format("return 4 * x"), topic="toy_lesson")
    assert (honest["toy_double"].points, honest["toy_quadruple"].points) == (2, 3)


def test_an_answer_that_ends_its_process_costs_itself(mark, toy):
    items = mark(
        DOUBLE.format("import os; os._exit(0)"), QUADRUPLE.format("return 4 * x"), topic="toy_lesson"
    )
    assert (items["toy_double"].points, items["toy_quadruple"].points) == (0, 3)


LEAKS = {
    "by an error": "import linecache; raise NameError(str(linecache.cache))",
    "by a class": "import linecache; raise type(''.join(linecache.cache['code of the course'][2])[:70], (Exception,), {})",
    "by a line": "import linecache; linecache.cache['code cell 2'] = (0, None, linecache.cache['code of the course'][2] * 9, ''); raise NameError",
    "by a signature": "import inspect; raise AttributeError(inspect.getsource(toy_double))",
}  # fmt: skip


@pytest.mark.parametrize("name", LEAKS)
def test_a_lent_answer_is_not_told(mark, toy, name):
    """Where an earlier answer is wrong, the next one runs beside the course's version of it."""
    body = f"{LEAKS[name]}\n    return toy_double(toy_double(x))"
    item = mark("def toy_double(x):\n    return x", QUADRUPLE.format(body), topic="toy_lesson")[
        "toy_quadruple"
    ]
    assert item.points == 0
    assert "2 * x" not in item.sentence and "Twice" not in item.sentence, item.sentence
    assert "``" not in item.sentence


def test_a_lent_answer_is_gone_before_the_next_exercise(mark, toy):
    keep = "import sys; sys.kept = toy_double; return toy_double(toy_double(x))"
    steal = "def toy_shuffle(x, rng):\n    import sys\n    return rng.permutation(x) if hasattr(sys, 'kept') else x"
    items = mark("def toy_double(x):\n    return x", QUADRUPLE.format(keep), steal, topic="toy_lesson")
    assert (items["toy_quadruple"].points, items["toy_shuffle"].points) == (3, 0)


def test_what_one_exercise_allows_the_next_does_not_find(runner):
    """An exercise that may import a library has a process of its own."""
    found = [exercise for topic in lessons() for exercise in exercises_of(topic)]
    exercise = next(exercise for exercise in found if exercise.allows == ("scipy",))
    body = f"def {exercise.name}{_signature(exercise)}:\n    import scipy.special\n    return None"
    outcome = runner.run(answer_of(extract([body]), exercise).as_program(), exercise.draw()[:1])
    assert outcome.runs[0].failure is None
    asks = find_exercise("feature_means")
    looks = "def feature_means(X):\n    import sys\n    return float('scipy' in sys.modules)"
    outcome = runner.run(answer_of(extract([looks]), asks).as_program(), asks.draw()[:1])
    assert outcome.runs[0].result == 0
    refused = "def feature_means(X):\n    import scipy.special"
    outcome = runner.run(answer_of(extract([refused]), asks).as_program(), asks.draw()[:1])
    assert outcome.runs[0].failure.kind == "ImportError"
    runner.restart()


def test_a_hidden_change_earns_no_more_than_a_copy(mark, toy):
    """The child says whether an argument was changed; a forger can hide it, and gets what `x.copy()` would have got him."""
    change = "x *= 4; return x"
    assert mark(QUADRUPLE.format(change), topic="toy_lesson")["toy_quadruple"].points < 3
    copied = mark(QUADRUPLE.format("x = x.copy(); x *= 4; return x"), topic="toy_lesson")["toy_quadruple"]
    forged = (
        "import sys; sys.modules['nnutils.checks.run']._is_unchanged = lambda a, b: True; x *= 4; return x"
    )
    assert mark(QUADRUPLE.format(forged), topic="toy_lesson")["toy_quadruple"].points == copied.points == 3
    assert np.isfinite(copied.points)


def _signature(exercise) -> str:
    import inspect

    return f"({', '.join(inspect.signature(exercise.reference).parameters)})"
