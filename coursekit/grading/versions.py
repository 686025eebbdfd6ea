"""Which exercise was graded: a hash of all that decides its score, so that a mended one is graded anew and no other."""

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
    return {one.name: of_exercise(one) for one in exercises_of(topic)} | {
        one.name: of_question(one) for one in questions_of(topic)
    }


@functools.cache
def of_exercise(exercise: Exercise) -> str:
    """The hash of an exercise: its reference, cases, judge, mistakes and settings, and the course's code that they call.

    Comments, docstrings, hints and variants do not count; nor does code outside nnutils, nor the comparison's own.
    """
    fixed = (
        exercise.points,
        exercise.tolerance,
        exercise.returns,
        exercise.fresh,
        exercise.part,
        exercise.allows,
    )
    functions = [exercise.reference, exercise._cases, exercise._judge]
    functions += [part for one in exercise.mistakes for part in (one.function, one.symptom)]
    sentences = [one.sentence for one in exercise.mistakes]
    return _hash([repr(fixed), *sentences, *_reached(functions)])


@functools.cache
def of_question(question: Question) -> str:
    """The hash of a question: its text, options and points."""
    options = [(one.text, one.reason, one.right) for one in question.options]
    return _hash([question.text, repr(options), repr(question.points)])


def _hash(parts: list[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def _reached(start: list[Any]) -> list[str]:
    """The text of functions, and of what they look up in their modules, as far as that is the course's."""
    todo, seen, texts = [one for one in start if one is not None][::-1], set[int](), list[str]()
    while todo:
        one = todo.pop()
        one = one.reference if isinstance(one, Exercise) else one
        if id(one) in seen:
            continue
        seen.add(id(one))
        texts.append(_text(one))
        todo += [*_looked_up(one)][::-1]
    return texts


def _looked_up(one: Any) -> Iterator[Any]:
    """The values that a function or class of the course reads from its module, sorted by name."""
    functions = [one] if isinstance(one, types.FunctionType) else []
    if isinstance(one, type) and _is_ours(one):
        functions = [value for _, value in sorted(vars(one).items()) if isinstance(value, types.FunctionType)]
    for function in functions:
        if _is_ours(function):
            names = {name for code in code_objects(function.__code__) for name in code.co_names}
            yield from (function.__globals__[name] for name in sorted(names & function.__globals__.keys()))


def _is_ours(one: Any) -> bool:
    home = getattr(one, "__module__", None) or ""
    return home.startswith("nnutils.") and not home.startswith("nnutils.checks.")


def _text(one: Any) -> str:
    if isinstance(one, types.FunctionType):
        return _source(one) if _is_ours(one) else f"{one.__module__}.{one.__qualname__}"
    if isinstance(one, type | types.ModuleType | types.BuiltinFunctionType):
        return f"{getattr(one, '__module__', '')}.{one.__name__}"
    if isinstance(one, np.ndarray) and one.dtype != object:
        return f"{one.dtype}{one.shape}{hashlib.sha256(one.tobytes()).hexdigest()}"
    if isinstance(one, list | tuple):
        return f"{type(one).__name__}({', '.join(map(_text, one))})"
    if isinstance(one, dict):
        return f"dict({', '.join(f'{_text(key)}: {_text(value)}' for key, value in one.items())})"
    return repr(one) if isinstance(one, PLAIN) else type(one).__qualname__


def _source(function: types.FunctionType) -> str:
    """The function's code as text, the same on every Python: without decorators, comments and docstrings."""
    code = function.__code__
    return _sources(code.co_filename).get((code.co_name, code.co_firstlineno)) or code.co_code.hex()


@functools.cache
def _sources(file: str) -> dict[tuple[str, int], str]:
    try:
        tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError):
        return {}
    found: dict[tuple[str, int], str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Lambda):
            found["<lambda>", node.lineno] = found.get(("<lambda>", node.lineno), "") + ast.unparse(node)
        elif isinstance(node, ast.FunctionDef):
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            found[node.name, first] = _bare(node)
    return found


def _bare(node: ast.FunctionDef) -> str:
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    plain = ast.FunctionDef(node.name, node.args, body or [ast.Pass()], [], node.returns, None)
    plain.type_params = []  # type: ignore[attr-defined]
    return ast.unparse(ast.fix_missing_locations(plain))
