"""Where a notebook defines no function of an exercise's name: what it has instead, in words, and what to write."""

from __future__ import annotations

import ast
import re

from coursekit.grading.reading.extract import Notebook
from nnutils.checks.exercise import Exercise
from nnutils.checks.objections import in_words


def found_instead(notebook: Notebook, exercise: Exercise) -> str | None:
    """What stands for the answer and is no function; None where there is nothing."""
    return _bound(notebook, exercise) or _elsewhere(notebook, exercise.name) or _near(notebook, exercise.name)


def _bound(notebook: Notebook, exercise: Exercise) -> str | None:
    """What the name was bound to last, by a statement that is no definition of a function."""
    other = [
        one for one in notebook.bindings.get(exercise.name, []) if not isinstance(one.node, ast.FunctionDef)
    ]
    match other[-1].node if other else None:
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
    for place, text in reversed(notebook.elsewhere):
        if written.search(text):
            return f"`def {name}` stands in {_place(place)}"
    found = [one[1] for _, source in notebook.cells for one in written.finditer(source)]
    if any("#" in before for before in found):
        return f"`def {name}` stands in a comment: take away the sign # before each of its lines"
    if not found or notebook.bindings.get(name):
        return None
    return (
        f"`def {name}` stands inside a function, a class or a text, where the notebook cannot call it: "
        "begin its line at the left margin"
    )


def _place(place: str) -> str:
    if place.startswith("code cell"):
        return f"{place.replace(' is no Python', ', which is no Python')}: run the cell and mend the error that it shows"
    if place.startswith("a cell"):
        return f"{place}: delete that line"
    return f"{place}: change the cell's type to Code, and run it"


def _near(notebook: Notebook, name: str) -> str | None:
    """A function whose name is the exercise's but for capitals and underscores, where nothing has the name itself."""
    if notebook.bindings.get(name):
        return None
    others = (one for one in notebook.bindings if notebook.definitions(one) and _plain(one) == _plain(name))
    other = next(others, None)
    return f"there is no function {name}, but one called {other}: call it {name}" if other else None


def _plain(name: str) -> str:
    return name.casefold().replace("_", "")
