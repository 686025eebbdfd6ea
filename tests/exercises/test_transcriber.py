"""No docstring gives its exercise away: who rewrites its symbols as Python, and understands nothing, solves no exercise."""

import functools

import numpy as np
import pytest

from nnutils.checks.catalogue import exercises_of, lessons
from nnutils.checks.exercise import Exercise, exercise

from . import formulas
from .transcriber import solution

FROZEN = [item for item in vars(formulas).values() if isinstance(item, Exercise)]


@functools.cache
def solved(topic):
    """The exercises of a lesson that are solved. Those with Keras models are not asked: no formula makes a model."""
    items = exercises_of(topic)
    asked = [(item, items[:number]) for number, item in enumerate(items) if not item.needs_keras]
    return [item.name for item, earlier in asked if solution(item, earlier)]


@pytest.mark.parametrize("topic", lessons())
def test_no_exercise_is_solved(topic):
    assert solved(topic) == []


@pytest.mark.parametrize("item", FROZEN, ids=lambda item: item.name)
def test_updates_whose_docstrings_give_the_formula_are_solved(item):
    assert solution(item)


def test_there_are_eight_of_them():
    assert len(FROZEN) == 8


def task(docstring, reference):
    """An exercise with arguments x (3, 2), y (3, 2) and a, whose docstring is given."""
    reference.__doc__, reference.__name__ = docstring, "task"
    item = exercise(points=1, minutes=1, hints=())(reference)

    @item.cases
    def _(rng):
        for _ in range(3):
            yield rng.normal(size=(3, 2)), rng.normal(size=(3, 2)), 0.3

    return item


@pytest.mark.parametrize(
    "docstring, reference",
    [
        ("Returns √(a (1 − a)).", lambda x, y, a: np.sqrt(a * (1 - a))),
        ("Returns `np.sqrt(a * (1 - a))`.", lambda x, y, a: np.sqrt(a * (1 - a))),
        ("The result is x plus a times y.", lambda x, y, a: x + a * y),
        ("s = a x² + (1 - a) y², and the result is x / (√s + a).", lambda x, y, a: x / ((a * x**2 + (1 - a) * y**2) ** 0.5 + a)),
        ("x ← x - a y. Then y ← a y + x. Returns x and y.", lambda x, y, a: (x - a * y, a * y + x - a * y)),
        ("With d = x - y:\n|d| / (a + max(|x|, |y|)).", lambda x, y, a: abs(x - y) / (a + np.maximum(abs(x), abs(y)))),
        ("Returns x where x is larger than y, y elsewhere.", lambda x, y, a: np.where(x > y, x, y)),
        ("Returns `x if x > 0 else a * x`.", lambda x, y, a: np.where(x > 0, x, a * x)),
        ("Returns x where x > 0 and a (exp(x) - 1) where x < 0.", lambda x, y, a: np.where(x > 0, x, a * np.expm1(x))),
        ("Returns sign(x) min(|x|, a).", lambda x, y, a: np.sign(x) * np.minimum(abs(x), a)),
        ("x: (m, n). Returns 1/m times the sum of (x - y)^2 over all rows.", lambda x, y, a: ((x - y) ** 2).sum(axis=0) / 3),
        ("Returns Σ x y.", lambda x, y, a: np.sum(x * y)),
        ("Returns a float: the root of the mean of (x - y)^2.", lambda x, y, a: np.sqrt(np.mean((x - y) ** 2))),
        ("Returns log(1 + exp(-x)) minus |y|^a.", lambda x, y, a: np.log(1 + np.exp(-x)) - abs(y) ** a),
    ],
)  # fmt: skip
def test_each_way_to_write_a_formula_is_read(docstring, reference):
    assert solution(task(docstring, reference))


def try_share(design, seed):
    """A trial that likes half."""
    if not isinstance(design, dict):
        raise ValueError("return a dict")
    return 1 - abs(design["share"] - 0.5)


try_share.__module__ = "nnutils.lessons.toy.given"


@pytest.mark.parametrize("given, found", [("0.5", True), ("0.4", False), ("a number from 0 to 1", False)])
def test_a_design_that_the_docstring_gives_is_found(given, found):
    def share():
        return {"share": 0.5}

    share.__doc__ = f'A share.\n\nReturns a dict {{"share": {given}}}.'
    item = exercise(kind="design", points=1, minutes=1, hints=(), thresholds=(0.8, 0.95))(share)
    item.cases(lambda rng: iter([()]))
    item.trial(try_share, runs=1)
    assert bool(solution(item)) is found


@pytest.mark.parametrize(
    "docstring",
    [
        "One step against the gradient.\n\nx: (m, n), parameters. y: gradient.\na: the learning rate.\nReturns a new array.",
        "The step by the text's formula.\n\nx, y: (m, n). a: from 0 to 1.\nReturns (m, n), floats; where y is 0, x stays.",
    ],
)
def test_a_contract_is_not_enough(docstring):
    assert not solution(task(docstring, lambda x, y, a: x - a * y))
