"""Turn a function of the course into a student's cells: under an exercise's name, with all that it needs of its module."""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import types
from collections.abc import Callable, Iterator
from typing import Any

from coursekit.grading.reading.statements import EXERCISES, bindings_of
from nnutils.checks.exercise import Exercise
from nnutils.checks.faults import plain_source
from nnutils.checks.lazy import LazyModule


class CannotPaste(ValueError):
    """A function that was made by another one has no source of its own."""


def cells_of(function: Callable[..., Any], name: str) -> list[str]:
    """The cells that define `function` as `name`: imports, constants, helpers and earlier exercises first.

    Raises
    ------
    CannotPaste: it was made inside another function.
    """
    nested = "<locals>" in getattr(function, "__qualname__", "")
    if not isinstance(function, types.FunctionType) or nested or function.__closure__:
        raise CannotPaste(f"{getattr(function, '__qualname__', function)} was made inside another function")
    module = inspect.getmodule(function)
    assert module is not None
    definitions, values = _definitions(module)
    known = definitions.get(
        function.__name__
    )  # not there: a repair with some of its faults, which has a source of its own
    own = _undecorated(known or ast.parse(plain_source(function)).body[0])
    for inner in ast.walk(own):
        if isinstance(inner, ast.Name) and inner.id == function.__name__:  # it calls itself
            inner.id = name
    own.name = name
    needed = _needs(own, definitions, {function.__name__, name})
    return [*(_source(used, definitions[used], values) for used in needed), ast.unparse(own)]


@functools.cache
def _definitions(module: types.ModuleType) -> tuple[dict[str, ast.stmt], dict[str, Any]]:
    """What binds each name at the top of a module, or of exercises of its lesson that it imports, and the names' values."""
    found, values = dict[str, ast.stmt](), dict[str, Any]()
    for name, node in bindings_of(inspect.getsource(module)).items():
        if isinstance(node, ast.ImportFrom) and EXERCISES.match(node.module or ""):
            others, theirs = _definitions(importlib.import_module(node.module or ""))
            found, values = others | found, theirs | values
        else:
            found[name] = node
    return found, values | vars(module)


def _needs(node: ast.AST, definitions: dict[str, ast.stmt], seen: set[str]) -> Iterator[str]:
    """The names of the module that a definition uses, each once, and each after the names that it needs itself."""
    for inner in ast.walk(node):
        used = inner.id if isinstance(inner, ast.Name) else None
        if used in definitions and used not in seen:
            seen.add(used)
            yield from _needs(definitions[used], definitions, seen)
            yield used


def _source(name: str, node: ast.stmt, values: dict[str, Any]) -> str:
    if isinstance(values.get(name), Exercise):
        return plain_source(values[name].reference)
    if isinstance(values.get(name), LazyModule):  # the course's way to import Keras, which is not a student's
        return f"import {values[name].__name__} as {name}"
    return ast.unparse(_undecorated(node) if isinstance(node, ast.FunctionDef | ast.ClassDef) else node)


def _undecorated(node: ast.stmt) -> ast.FunctionDef | ast.ClassDef:
    """A copy of a definition, without decorators."""
    plain = ast.parse(ast.unparse(node)).body[0]
    assert isinstance(plain, ast.FunctionDef | ast.ClassDef)
    plain.decorator_list = []
    return plain
