"""If a notebook defines no function with an exercise's name: what it has instead, in words, and what to write."""

from __future__ import annotations

import ast
import re

from coursekit.grading.reading.extract import Notebook
from nnutils.checks.exercise import Exercise
from nnutils.checks.objections import in_words


def found_instead(notebook: Notebook, exercise: Exercise) -> str | None:
    """What the notebook has in place of the function, in words; None if it has nothing."""
    return (
        _bound(notebook, exercise)
        or _elsewhere(notebook, exercise.name)
        or _misspelt(notebook, exercise.name)
    )


def _bound(notebook: Notebook, exercise: Exercise) -> str | None:
    """What the name was bound to last, by a statement that is no definition of a function."""
    nodes = [statement.node for statement in notebook.bindings.get(exercise.name, [])]
    others = [node for node in nodes if not isinstance(node, ast.FunctionDef)]
    match others[-1] if others else None:
        case ast.AsyncFunctionDef():
            return in_words(exercise, "async")
        case ast.ClassDef():
            return in_words(exercise, "class")
        case ast.ImportFrom(module=module):
            return in_words(exercise, "alias", f"what is imported from {module}")
        case ast.Assign(value=value) | ast.AnnAssign(value=value):
            return _assigned(value, exercise)
    return None


def _assigned(value: ast.expr | None, exercise: Exercise) -> str:
    match value:
        case ast.Lambda():
            return in_words(exercise, "lambda")
        case ast.Name() | ast.Attribute():
            return in_words(exercise, "alias", ast.unparse(value)[:60])
        case ast.Call(func=ast.Name() | ast.Attribute() as called):
            return in_words(exercise, "other", f"what {ast.unparse(called)[:60]} returns")
    return in_words(exercise, "other", "a value")


def _elsewhere(notebook: Notebook, name: str) -> str | None:
    """A definition in text that is not run, or in a place where the notebook cannot call it."""
    written = re.compile(rf"^([^\w\n]*)(?:async\s+)?def\s+{name}\s*\(", re.MULTILINE)
    for where, text in reversed(notebook.elsewhere):
        if written.search(text):
            return f"`def {name}` stands in {where}"
    before = [found[1] for _, source in notebook.cells for found in written.finditer(source)]
    if any("#" in text for text in before):
        return f"`def {name}` stands in a comment: take away the sign # before each of its lines"
    if not before or notebook.bindings.get(name):
        return None
    return (
        f"`def {name}` stands inside a function, a class or a text, where the notebook cannot call it: "
        "begin its line at the left margin"
    )


def _misspelt(notebook: Notebook, name: str) -> str | None:
    """A function whose name differs only in capitals and underscores, if nothing has the exact name."""

    def bare(word: str) -> str:
        return word.casefold().replace("_", "")

    alike = (
        other for other in notebook.bindings if bare(other) == bare(name) and notebook.definitions(other)
    )
    if notebook.bindings.get(name) or (other := next(alike, None)) is None:
        return None
    return f"there is no function {name}, but one called {other}: call it {name}"
