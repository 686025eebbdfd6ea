"""What an answer may call: of the course's own exercises those before it in its lesson, and no library's ready answer."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from nnutils.checks.catalogue import exercises_of, lessons
from nnutils.checks.exercise import Exercise
from nnutils.checks.facts import beside, code_objects, ready_made


def copied(
    exercise: Exercise, function: Callable[..., Any], parts: Sequence[Callable[..., Any]] = ()
) -> str | None:
    """What to say where an answer calls a ready answer: a library's, or the course's own that it may not call."""
    before = (
        earlier(exercise) if exercise.lesson in lessons() else None
    )  # of a lesson that the course does not have
    path = ready_made(function, exercise.name, exercise.allows, before, parts)
    if path is None:
        return None
    if path.startswith("the course's own") and not path.endswith(f" {exercise.name}"):
        return f"it calls {path}: an answer may call only exercises that stand before it in its lesson"
    return f"it calls {path}: write out the formula with NumPy instead"


def warning(function: Callable[..., Any], parts: Sequence[Callable[..., Any]] = ()) -> str:
    """One sentence on what a right answer does beside computing its result; empty where it is nothing."""
    shows, stops = beside(function, parts)
    if stops:
        return f"It uses {', '.join(stops)}: there are no files, threads and input where it is graded, so it fails there."
    if shows:
        return f"It uses {', '.join(shows)}: grading shows nothing and passes over it; a function should only return its result."
    return ""


@functools.cache
def earlier(exercise: Exercise) -> frozenset[str]:
    """The names of the exercises before this one, without those that call it themselves, at whatever remove."""
    lesson = exercises_of(exercise.lesson) if exercise.lesson in lessons() else []
    before = lesson[: next((i for i, one in enumerate(lesson) if one.name == exercise.name), 0)]
    return frozenset(one.name for one in before if exercise not in reached(one))


def reached(exercise: Exercise) -> list[Exercise]:
    """The exercise and all that its reference calls, and theirs."""
    found, todo = dict[str, Exercise](), [exercise]
    while todo:
        one = todo.pop()
        if found.setdefault(one.name, one) is one:
            todo += [other for other in _called(one) if other.name not in found]
    return list(found.values())


def _called(exercise: Exercise) -> Iterator[Exercise]:
    used = {name for code in code_objects(exercise.reference.__code__) for name in code.co_names}
    values = (exercise.reference.__globals__.get(name) for name in sorted(used))
    return (value for value in values if isinstance(value, Exercise))
