"""All lessons with their exercises, questions and predictions, found by name."""

from __future__ import annotations

import difflib
import functools
import importlib
import importlib.util
import pkgutil
from collections.abc import Callable
from types import ModuleType
from typing import Any

import nnutils.lessons
from nnutils.checks.errors import UnknownName
from nnutils.checks.exercise import Exercise, Question
from nnutils.checks.facts import code_objects
from nnutils.checks.prediction import Prediction
from nnutils.checks.shown import a


@functools.cache
def lessons() -> dict[str, ModuleType]:
    """Topic → package of `nnutils.lessons`, in the order of the lessons' numbers. Exercises are imported when asked for."""
    topics = [module.name for module in pkgutil.iter_modules(nnutils.lessons.__path__)]
    packages = {topic: importlib.import_module(f"nnutils.lessons.{topic}") for topic in topics}
    return dict(sorted(packages.items(), key=lambda item: item[1].NUMBER))


def find_lesson(word: str | int) -> str:
    """The topic of a lesson, for 4, "04", "dropout", "04_dropout", "04_dropout.ipynb" or a part of its name that no other has.

    Raises
    ------
    UnknownName: there is none.
    """
    asked = str(word).strip().lower().removesuffix(".ipynb").replace(" ", "_").replace("-", "_")
    for topic, module in lessons().items():
        number = str(module.NUMBER)
        if asked in {topic, number, number.zfill(2), f"{number.zfill(2)}_{topic}"}:
            return topic
    parts = [topic for topic in lessons() if asked and asked in topic]
    return (
        parts[0] if len(parts) == 1 else _find(asked, dict(zip(lessons(), lessons(), strict=True)), "lesson")
    )


def exercises_of(topic: str) -> list[Exercise]:
    """The exercises of one lesson, in the order of its text."""
    module = importlib.import_module(f"nnutils.lessons.{topic}.exercises")
    return [item for item in vars(module).values() if isinstance(item, Exercise) and item.lesson == topic]


def questions_of(topic: str) -> list[Question]:
    """The quiz questions of one lesson, in the order of its module."""
    module, found = importlib.import_module(f"nnutils.lessons.{topic}.questions"), []
    for name, item in vars(module).items():
        if isinstance(item, Question):
            item.name, item.lesson = name, topic
            found.append(item)
    return found


def predictions_of(topic: str) -> list[Prediction]:
    """The predictions of one lesson, in the order of its module; none where it has no such module."""
    module = f"nnutils.lessons.{topic}.predictions"
    if importlib.util.find_spec(module) is None:
        return []
    found = {
        name: item
        for name, item in vars(importlib.import_module(module)).items()
        if isinstance(item, Prediction)
    }
    for name, item in found.items():
        item.name, item.lesson = name, topic
    return [*found.values()]


@functools.cache
def _all_exercises() -> dict[str, Exercise]:
    return {item.name: item for topic in lessons() for item in exercises_of(topic)}


@functools.cache
def _all_questions() -> dict[str, Question]:
    return {item.name: item for topic in lessons() for item in questions_of(topic)}


@functools.cache
def _all_predictions() -> dict[str, Prediction]:
    return {item.name: item for topic in lessons() for item in predictions_of(topic)}


def find_exercise(name: str | Callable[..., Any]) -> Exercise:
    """The exercise called `name`, which may also be a function of that name.

    Raises
    ------
    UnknownName: there is none. TypeError: it is neither a text nor a function with a name.
    """
    called = name if isinstance(name, str) else getattr(name, "__name__", None)
    if called is None:
        raise TypeError(f'name an exercise, as in "adam_update", not {a(type(name).__name__)}')
    return _find(called, _all_exercises(), "exercise")


def find_question(name: str) -> Question:
    """The quiz question called `name`."""
    return _find(name, _all_questions(), "quiz question")


def find_prediction(name: str) -> Prediction:
    """The prediction called `name`."""
    return _find(name, _all_predictions(), "prediction")


@functools.cache
def earlier(exercise: Exercise) -> frozenset[str]:
    """The exercises that an answer may call: those before it in its lesson, without those that call it, directly or not."""
    lesson = exercises_of(exercise.lesson) if exercise.lesson in lessons() else []
    names = [item.name for item in lesson]
    before = lesson[: names.index(exercise.name)] if exercise.name in names else []
    return frozenset(item.name for item in before if exercise not in reached(item))


def reached(exercise: Exercise) -> list[Exercise]:
    """The exercise, the exercises that its reference calls, and those that they call."""
    found, todo = dict[str, Exercise](), [exercise]
    while todo:
        item = todo.pop()
        if item.name in found:
            continue
        found[item.name] = item
        code = code_objects(item.reference.__code__)
        values = (
            item.reference.__globals__.get(name) for name in sorted({n for c in code for n in c.co_names})
        )
        todo += [value for value in values if isinstance(value, Exercise)]
    return list(found.values())


def _find(name: str, known: dict[str, Any], what: str) -> Any:
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=1)
    raise UnknownName(
        f"there is no {what} called {name!r}." + (f" Did you mean {near[0]!r}?" if near else "")
    )
