"""A function of the course as a student's cell: under an exercise's name, with all that it needs of its module."""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import re
import types
from collections.abc import Callable, Iterator
from typing import Any

from nnutils.checks.exercise import Exercise
from nnutils.checks.help import answer_source
from nnutils.checks.lazy import LazyModule

OWN = re.compile(r"nnutils\.lessons\.\w+\.exercises\b")
Definition = ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign | ast.Import | ast.ImportFrom


class CannotPaste(ValueError):
    """A function that was made by another one has no source of its own."""


def cells_of(function: Callable[..., Any], name: str) -> list[str]:
    """The cells that define `function` as `name`: imports, constants, helpers and earlier exercises first.

    Raises
    ------
    CannotPaste: it was made inside another function.
    """
    if (
        not isinstance(function, types.FunctionType)
        or "<locals>" in function.__qualname__
        or function.__closure__
    ):
        raise CannotPaste(f"{getattr(function, '__qualname__', function)} was made inside another function")
    module = inspect.getmodule(function)
    assert module is not None
    definitions, values = _definitions(module)
    own = definitions[function.__name__]
    assert isinstance(own, ast.FunctionDef)
    text = _undecorated(_renamed(own, name))
    needed = dict.fromkeys(_needs(own, definitions, {function.__name__, name}))
    return [*(_source(one, definitions[one], values) for one in needed), text]


def _needs(node: ast.AST, definitions: dict[str, Definition], seen: set[str]) -> Iterator[str]:
    """The names of the module that a definition leans on, those first that others need."""
    for inner in ast.walk(node):
        used = inner.id if isinstance(inner, ast.Name) else None
        if used in definitions and used not in seen:
            seen.add(used)
            yield from _needs(definitions[used], definitions, seen)
            yield used


def _source(name: str, node: Definition, values: dict[str, Any]) -> str:
    if isinstance(values.get(name), Exercise):
        return answer_source(values[name])
    if isinstance(values.get(name), LazyModule):  # the course's way to import Keras, which is not a student's
        return f"import {values[name].__name__} as {name}"
    return _undecorated(node) if isinstance(node, ast.FunctionDef | ast.ClassDef) else ast.unparse(node)


def _undecorated(node: ast.FunctionDef | ast.ClassDef) -> str:
    plain = ast.parse(ast.unparse(node)).body[0]
    assert isinstance(plain, ast.FunctionDef | ast.ClassDef)
    plain.decorator_list = []
    return ast.unparse(plain)


def _renamed(function: ast.FunctionDef, name: str) -> ast.FunctionDef:
    """The function under another name, which it also calls itself by."""
    copied = ast.parse(ast.unparse(function)).body[0]
    assert isinstance(copied, ast.FunctionDef)
    for inner in ast.walk(copied):
        if isinstance(inner, ast.Name) and inner.id == function.name:
            inner.id = name
    copied.name = name
    return copied


@functools.cache
def _definitions(module: types.ModuleType) -> tuple[dict[str, Definition], dict[str, Any]]:
    """Name → what binds it at the top of a module or of those of its lesson's exercises that it imports; and name → value."""
    found: dict[str, Definition] = {}
    values: dict[str, Any] = {}
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = node
        elif isinstance(node, ast.ImportFrom) and OWN.match(node.module or ""):
            others, theirs = _definitions(importlib.import_module(node.module or ""))
            found, values = others | found, theirs | values
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {alias.asname or alias.name.partition(".")[0]: node for alias in node.names}
        elif isinstance(node, ast.Assign):
            found |= {
                one.id: node
                for target in node.targets
                for one in ast.walk(target)
                if isinstance(one, ast.Name)
            }
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found[node.target.id] = node
    return found, values | vars(module)
