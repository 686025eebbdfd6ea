"""A design at grading: tried in a clean child on hidden data; a stranger's settings cannot cost more than its limit."""

import numpy as np
import pytest

from coursekit.grading.designs import try_design
from coursekit.grading.grade_notebook import Grader, blank
from coursekit.grading.reading.extract import extract
from nnutils.checks import trial
from nnutils.checks.catalogue import find_exercise

NAME, TOPIC = "recipe", "start_here"
DESIGN = find_exercise(NAME)
SECONDS = 30  # trials train on a slow machine, too


def graded(runner, returned, secret=None, student="ann"):
    cells = [f"def {NAME}():\n    return {returned}"]
    others = {item.name: item for item in blank(TOPIC) if item.name != NAME}
    items, _ = Grader(runner, secret).grade_notebook(extract(cells), TOPIC, student, earlier=others)
    return next(item for item in items if item.name == NAME)


def test_the_reference_earns_all_and_is_told_what_it_reached(runner):
    item = graded(runner, repr(DESIGN.reference()))
    assert (item.status, item.points) == ("passed", DESIGN.points)
    assert item.reached is not None and item.reached >= DESIGN.thresholds[-1]
    assert "on data that the notebook does not hold" in item.sentence


@pytest.mark.parametrize("baseline", DESIGN.baselines, ids=lambda baseline: baseline.name)
def test_a_plain_design_earns_nothing(runner, baseline):
    item = graded(runner, repr(baseline.function()))
    assert (item.status, item.points) == ("failed", 0.0) and item.reached is not None


def test_the_whole_class_is_measured_on_the_same_data(runner):
    reached = {
        graded(runner, repr(DESIGN.reference()), "secret", student).reached for student in ("ann", "bob")
    }
    assert len(reached) == 1
    assert reached != {graded(runner, repr(DESIGN.reference()), "another secret").reached}


@pytest.mark.parametrize(
    "returned",
    [
        "[]", "{}", "{'start': 'he'}", "{'start': 'he', 'lr': 'fast'}", "{'start': 'he', 'lr': float('nan')}",
        "{'start': 'he' * 10**6, 'lr': 0.1}", "{'start': 'he', 'lr': [1] * 10**5}", "{'start': 'he', 'lr': 0.1, 'epochs': 10**9}",
        "lambda: 1", "object()", "float",
    ],
)  # fmt: skip
def test_what_is_no_design_earns_nothing_and_is_told(runner, returned):
    item = graded(runner, returned)
    assert (item.status, item.points, item.reached) == ("failed", 0.0, None)
    assert item.sentence and "10000" not in item.sentence


def test_an_answer_cannot_change_its_own_trial(runner):
    """The trial runs in another process, so what the answer does to the course's code in its own has no effect."""
    attack = f"""
def {NAME}():
    import sys, nnutils.lessons.{TOPIC}.given as given
    given.{DESIGN.trial_of.function.__name__} = lambda *_, **__: 1.0
    return {DESIGN.baselines[0].function()!r}
"""
    others = {item.name: item for item in blank(TOPIC) if item.name != NAME}
    items, _ = Grader(runner).grade_notebook(extract([attack]), TOPIC, "eve", earlier=others)
    assert next(item for item in items if item.name == NAME).points == 0.0


def test_grading_holds_other_seeds_than_the_notebook(runner):
    own = trial.score(DESIGN, DESIGN.draw(), [DESIGN.reference()], DESIGN.seed)
    assert graded(runner, repr(DESIGN.reference())).reached != own


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("project_recipe", {"epochs": 30, "members": 5, "hidden": (64,)}),
        ("few_labels", {"copies": 20, "epochs": 120}),
    ],
)
def test_small_numbers_of_numpy_do_not_wrap_around_a_budget(runner, name, more):
    design = find_exercise(name)
    cases = design.draw(1)
    plans = [dict(design.reference(*case.values())) | more for case in cases]
    small = [
        {key: np.int16(value) if type(value) is int else value for key, value in plan.items()}
        for plan in plans
    ]
    tried = [try_design(runner, design, cases, asked, 1) for asked in (plans, small)]
    assert tried[0] == tried[1] and tried[0].value is None and not any(tried[0].reached)
