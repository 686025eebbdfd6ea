"""Answers whose verdict is known: the course's reference, variants and mistakes, each with what it earns.

What an answer earns is taken from `check`, as a student saw it in the notebook, and not from the grader.
"""

from __future__ import annotations

import ast
import functools
import random
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from coursekit.grading.models import unavailable
from coursekit.grading.paste import CannotPaste, cells_of
from nnutils.checks.built_input import EarlierAnswer
from nnutils.checks.catalogue import exercises_of, questions_of
from nnutils.checks.check import examine
from nnutils.checks.exercise import Exercise, Question
from nnutils.checks.faults import plain_source

RIGHT, WRONG, NOTHING = "right", "wrong", "nothing"


@dataclass(frozen=True)
class Answer:
    """The answer to one exercise or question, and what is true of it. `source` is empty where nothing was answered."""

    name: str
    source: str
    points: float | None  # None where this machine cannot grade it
    max: int
    status: str  # as the grader calls it
    mistake: str | None = None  # the name of the known mistake, where `check` names one

    @property
    def empty(self) -> bool:
        return not self.source


def answers(topic: str, skill: float, rng: random.Random) -> list[Answer]:
    """The answers of a student to all exercises and questions of a lesson; of a share `skill` they are right."""
    found, taken = list[Answer](), dict[str, str]()
    for exercise in exercises_of(topic):
        wrong_before = {answer.name for answer in found if answer.status != "passed"}
        found.append(_chosen(exercise, _kind(skill, rng), wrong_before, taken, rng))
    return [*found, *(_letter(question, _kind(skill, rng), rng) for question in questions_of(topic))]


def _kind(skill: float, rng: random.Random) -> str:
    if rng.random() < skill:
        return RIGHT
    return WRONG if rng.random() < 0.75 else NOTHING


def _chosen(
    exercise: Exercise, kind: str, wrong_before: set[str], taken: dict[str, str], rng: random.Random
) -> Answer:
    """An answer of this kind. One whose helpers have the name of another helper of the notebook is passed over."""
    unknown = exercise.needs_keras and unavailable()
    nothing = Answer(exercise.name, "", None if unknown else 0.0, exercise.points, "not attempted")
    if unknown:
        return Answer(exercise.name, "", None, exercise.points, "not graded")
    if kind == NOTHING or (kind == WRONG and exercise.needs_keras):
        return nothing
    functions = [*_functions(exercise, kind)]
    rng.shuffle(functions)
    for function in functions:
        parts = _parts(exercise, function)
        if parts is None or any(taken.get(name, source) != source for name, source in parts.helpers.items()):
            continue
        taken |= parts.helpers
        points, status, mistake = _truth(exercise, function)
        if (
            parts.calls | _asked_by_cases(exercise)
        ) & wrong_before and status != "passed":  # all or nothing, with the course's own earlier answer
            points, status = 0.0, "failed"
        return Answer(exercise.name, parts.source, points, exercise.points, status, mistake)
    return nothing


def _functions(exercise: Exercise, kind: str) -> Iterator[Callable[..., Any]]:
    if kind == RIGHT:
        yield exercise.reference
        yield from exercise.variants
    elif exercise.kind == "design":
        yield from (baseline.function for baseline in exercise.baselines)
    else:  # a repair that still has all its faults is as it was handed out
        yield from (one.function for one in exercise.mistakes if not exercise.unchanged(one.function))


@functools.cache
def _truth(exercise: Exercise, function: Callable[..., Any]) -> tuple[float, str, str | None]:
    """Points, status and mistake of an answer, as the notebook's check tells them."""
    if function is exercise.reference or function in exercise.variants:
        return float(exercise.points), "passed", None
    if exercise.kind == "design":  # a plain baseline reaches no threshold
        return 0.0, "failed", None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of mistakes that divide by zero
        verdict = examine(exercise, function)
    points = round(exercise.points * verdict.share, 2)
    return points, "partly right" if points else "failed", verdict.mistake


@functools.cache
def _asked_by_cases(exercise: Exercise) -> frozenset[str]:
    """The earlier exercises that make an argument of a case."""
    values = (value for case in exercise.draw() for value in case.values())
    return frozenset(value.function for value in values if isinstance(value, EarlierAnswer))


@dataclass(frozen=True)
class _Parts:
    """The source of an answer, the helpers among it, by name, and the earlier exercises that it calls."""

    source: str
    helpers: dict[str, str]
    calls: frozenset[str]


@functools.cache
def _parts(exercise: Exercise, function: Callable[..., Any]) -> _Parts | None:
    """None where the function has no source of its own."""
    if function is exercise.reference:
        own = plain_source(exercise.reference).rstrip()
    try:
        *before, last = cells_of(function, exercise.name)
    except CannotPaste:
        return None
    lesson = {other.name for other in exercises_of(exercise.lesson)}
    named = [(cell, name) for cell in before for name in _bound(cell)]
    helpers = {name: cell for cell, name in named if name not in lesson}
    calls = frozenset(name for _, name in named if name in lesson)
    kept = [cell for cell in before if not calls & {*_bound(cell)}]
    if function is not exercise.reference:
        own = _with_docstring(last, exercise)
    return _Parts("\n\n\n".join([*kept, own]), helpers, calls)


def _bound(cell: str) -> list[str]:
    """The names that a cell of `cells_of` binds."""
    found = []
    for node in ast.parse(cell).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.append(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found += [alias.asname or alias.name for alias in node.names]
        else:
            found += [
                name.id
                for name in ast.walk(node)
                if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
            ]
    return found


def _with_docstring(source: str, exercise: Exercise) -> str:
    """The function with the docstring that stands in the notebook, which students leave there."""
    tree = ast.parse(source)
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    if ast.get_docstring(function) is None and exercise.reference.__doc__:
        function.body.insert(0, ast.Expr(ast.Constant(exercise.reference.__doc__)))
    return ast.unparse(tree)


def _letter(question: Question, kind: str, rng: random.Random) -> Answer:
    if kind == NOTHING:
        return Answer(question.name, "", 0.0, question.points, "not attempted")
    others = [letter for letter, _ in question.lettered() if letter != question.answer]
    letter = question.answer if kind == RIGHT else rng.choice(others)
    points, status = (float(question.points), "passed") if kind == RIGHT else (0.0, "failed")
    return Answer(question.name, f'{question.name} = "{letter}"', points, question.points, status)
