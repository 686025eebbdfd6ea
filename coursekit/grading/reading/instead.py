"""Where a notebook defines no function of an exercise's name: what it has instead, in words, and what to write."""

from __future__ import annotations

import ast
import re

from coursekit.grading.reading.extract import Notebook
from nnutils.checks import forms
from nnutils.checks.exercise import Exercise


def found_instead(notebook: Notebook, exercise: Exercise) -> str | None:
    """What stands for the answer and is no function; None where there is nothing."""
    name = exercise.name
    bound = [
        each.node for each in notebook.bindings.get(name, []) if not isinstance(each.node, ast.FunctionDef)
    ]
    told = _bound(bound[-1], exercise) if bound else None
    return (
        told
        or _elsewhere(notebook, name)
        or (None if notebook.bindings.get(name) else _misspelt(notebook, name))
    )


def _bound(node: ast.stmt, exercise: Exercise) -> str | None:
    """What the name was bound to last, by a statement that is no definition of a function."""
    match node:
        case ast.AsyncFunctionDef():
            return forms.asynchronous(exercise)
        case ast.ClassDef():
            return forms.a_class(exercise)
        case ast.ImportFrom(module=module):
            return forms.alias(exercise, f"what is imported from {module}")
        case ast.Assign(value=value) | ast.AnnAssign(value=value):
            return _assigned(value, exercise)
    return None


def _assigned(value: ast.expr | None, exercise: Exercise) -> str:
    match value:
        case ast.Lambda():
            return forms.anonymous(exercise)
        case ast.Name() | ast.Attribute():
            return forms.alias(exercise, ast.unparse(value)[:60])
        case ast.Call(func=ast.Name() | ast.Attribute() as called):
            return forms.no_function(exercise, f"what {ast.unparse(called)[:60]} returns")
    return forms.no_function(exercise, "a value")


def _elsewhere(notebook: Notebook, name: str) -> str | None:
    """A definition in text that is not run, or in a place where the notebook cannot call it."""
    written = re.compile(rf"^([^\w\n]*)(?:async\s+)?def\s+{name}\s*\(", re.MULTILINE)
    for place, text in reversed(notebook.elsewhere):
        if written.search(text):
            return f"`def {name}` stands in {_advice(place)}"
    before = [found[1] for _, source in notebook.cells for found in written.finditer(source)]
    if any("#" in text for text in before):
        return f"`def {name}` stands in a comment: take away the sign # before each of its lines"
    if not before or notebook.bindings.get(name):
        return None
    return (
        f"`def {name}` stands inside a function, a class or a text, where the notebook cannot call it: "
        "begin its line at the left margin"
    )


def _advice(place: str) -> str:
    if place.startswith("code cell"):
        return f"{place.replace(' is no Python', ', which is no Python')}: run the cell and mend the error that it shows"
    if place.startswith("a cell"):
        return f"{place}: delete that line"
    return f"{place}: change the cell's type to Code, and run it"


def _misspelt(notebook: Notebook, name: str) -> str | None:
    """A function whose name is the exercise's but for capitals and underscores."""

    def bare(word: str) -> str:
        return word.casefold().replace("_", "")

    for other in notebook.bindings:
        if bare(other) == bare(name) and notebook.definitions(other):
            return f"there is no function {name}, but one called {other}: call it {name}"
    return None
