"""A hash of all that decides the score of an exercise or question. If it changes, that item alone is graded again."""

from __future__ import annotations

import ast
import functools
import hashlib
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from nnutils.checks.catalogue import exercises_of, questions_of
from nnutils.checks.exercise import Exercise, Question
from nnutils.checks.facts import code_objects

PLAIN = (int, float, complex, str, bytes, bool, type(None))


def versions_of(topic: str) -> dict[str, str]:
    """The version of each exercise and question of a lesson, by name."""
    exercises = {exercise.name: of_exercise(exercise) for exercise in exercises_of(topic)}
    return exercises | {question.name: of_question(question) for question in questions_of(topic)}


@functools.cache
def of_exercise(exercise: Exercise) -> str:
    """The hash of an exercise: its reference, cases, judge, mistakes and settings, and the course's code that they call.

    Comments, docstrings, hints and variants do not count; nor does code outside nnutils, nor the comparison's own.
    """
    names = ("points", "tolerance", "returns", "fresh", "part", "allows", "kind", "thresholds")
    trial = exercise.trial_of
    functions = [exercise.reference, exercise._cases, exercise._judge, trial and trial.function]
    runs = str(trial and trial.runs)
    own = [mistake for mistake in exercise.mistakes if not mistake.faults]
    functions += [part for mistake in own for part in (mistake.function, mistake.symptom)]
    faults = [text for fault in exercise.faults for text in (fault.right, fault.wrong)]
    sentences = [mistake.sentence for mistake in exercise.mistakes]
    return _hash(
        repr(tuple(getattr(exercise, name) for name in names)),
        *sentences,
        *faults,
        runs,
        *_reached(functions),
    )


@functools.cache
def of_question(question: Question) -> str:
    """The hash of a question: its text, options and points."""
    options = [(option.text, option.reason, option.right) for option in question.options]
    return _hash(question.text, repr(options), repr(question.points))


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def _reached(start: list[Any]) -> Iterator[str]:
    """The text of functions, and of everything of the course that they use from their modules."""
    todo, seen = [function for function in start if function is not None][::-1], set[int]()
    while todo:
        value = todo.pop()
        value = value.reference if isinstance(value, Exercise) else value
        if id(value) not in seen:
            seen.add(id(value))
            yield _text(value)
            todo += [*_looked_up(value)][::-1]


def _looked_up(value: Any) -> Iterator[Any]:
    """The values that a function or class of the course reads from its module, sorted by name."""
    members = vars(value) if isinstance(value, type) and _is_ours(value) else {"": value}
    for _, function in sorted(members.items()):
        if isinstance(function, types.FunctionType) and _is_ours(function):
            names = {name for code in code_objects(function.__code__) for name in code.co_names}
            yield from (function.__globals__[name] for name in sorted(names & function.__globals__.keys()))


def _is_ours(value: Any) -> bool:
    home = getattr(value, "__module__", None) or ""
    return home.startswith("nnutils.") and not home.startswith("nnutils.checks.")


def _text(value: Any) -> str:
    match value:
        case types.FunctionType():
            return _source(value) if _is_ours(value) else f"{value.__module__}.{value.__qualname__}"
        case type() | types.ModuleType() | types.BuiltinFunctionType():
            return f"{getattr(value, '__module__', '')}.{value.__name__}"
        case np.ndarray() if value.dtype != object:
            return f"{value.dtype}{value.shape}{hashlib.sha256(value.tobytes()).hexdigest()}"
        case list() | tuple():
            return f"{type(value).__name__}({', '.join(map(_text, value))})"
        case dict():
            return f"dict({', '.join(f'{_text(key)}: {_text(inner)}' for key, inner in value.items())})"
    return repr(value) if isinstance(value, PLAIN) else type(value).__qualname__


def _source(function: types.FunctionType) -> str:
    """The function's code as text, the same on every Python: without decorators, comments and docstrings."""
    code = function.__code__
    return _sources(code.co_filename).get((code.co_name, code.co_firstlineno)) or code.co_code.hex()


@functools.cache
def _sources(file: str) -> dict[tuple[str, int], str]:
    """Name and first line → text, of all functions in a file."""
    try:
        tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError):
        return {}
    found: dict[tuple[str, int], str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Lambda):
            found["<lambda>", node.lineno] = found.get(("<lambda>", node.lineno), "") + ast.unparse(node)
        elif isinstance(node, ast.FunctionDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            node.decorator_list, node.body = [], body or [ast.Pass()]
            found[node.name, first] = ast.unparse(node)
    return found
