"""Stand-ins for what a notebook binds, so that a function can be judged among them although nothing was run."""

from __future__ import annotations

import ast
import types
from collections.abc import Iterator
from typing import Any

from coursekit.grading.reading.course_names import kind_of
from coursekit.grading.reading.statements import Statement, compiled
from nnutils.checks.facts import code_objects
from nnutils.checks.objections import UnknownDefault


class Undecided:
    """Stands for a value that only running the notebook could tell."""


class Imported:
    """Stands for a function or class that the notebook imports, or for an assignment that turned out to be callable."""

    def __init__(self, home: str, name: str) -> None:
        self.__module__, self.__name__ = home, name

    def __call__(self) -> None: ...


UNDECIDED = Undecided()
DATA = Undecided()  # of the course: no child is asked whether it can be called


def stand_in(statement: Statement, name: str, namespace: dict[str, Any]) -> Any:
    """What stands for `name`: a function that is never called, a module without content, or a mark that it is data."""
    node = statement.node
    match node:
        case ast.FunctionDef():
            return function_of(statement, namespace)
        case ast.ClassDef():
            return type(name, (), {"__module__": "__main__"})
        case ast.Import(names=names):
            alias = next(one for one in names if name in (one.asname, one.name.partition(".")[0]))
            return types.ModuleType(alias.name if alias.asname else name)
        case ast.ImportFrom(module=module, names=names):
            alias = next(one for one in names if name in (one.asname, one.name))
            return _imported(module or "", alias.name)
        case ast.Assign(value=ast.Lambda()) if _inner(statement):
            return types.FunctionType(_inner(statement)[0], namespace)
        case ast.Assign(value=value):
            return _alias(value, namespace)
    return UNDECIDED


def _imported(module: str, name: str) -> Any:
    """What stands for `from module import name`: of the course's own names a table tells which are modules or data."""
    kind = kind_of(module, name) if module.partition(".")[0] == "nnutils" else "unknown"
    if kind == "module":
        return types.ModuleType(f"{module}.{name}")
    return DATA if kind == "data" else Imported(module, name)


def _alias(value: ast.expr, namespace: dict[str, Any]) -> Any:
    """What stands for a name of something imported, as in `relu = np.maximum`."""
    path = ast.unparse(value) if isinstance(value, ast.Attribute) else ""
    root, _, rest = path.partition(".")
    module = namespace.get(root)
    if rest.replace(".", "").isidentifier() and isinstance(module, types.ModuleType):
        home, _, name = f"{module.__name__}.{rest}".rpartition(".")
        return Imported(home, name)
    return UNDECIDED


def function_of(statement: Statement, namespace: dict[str, Any]) -> Any:
    """The function that a statement defines, without having run the statement: of its defaults, plain ones are known."""
    assert isinstance(statement.node, ast.FunctionDef)
    code = next((one for one in _inner(statement) if one.co_name == statement.node.name), None)
    if code is None:  # it cannot be compiled: the child will say why
        return UNDECIDED
    arguments = statement.node.args
    defaults = tuple(map(_default, arguments.defaults))
    function = types.FunctionType(code, namespace, code.co_name, defaults)
    optional = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    function.__kwdefaults__ = {one.arg: None for one, default in optional if default is not None}
    return function


def parts_of(statement: Statement, namespace: dict[str, Any]) -> Iterator[types.FunctionType]:
    """A statement as functions, for the facts. Of a function that is its body and its decorators: a default calls nothing.

    Imports are left out: what is imported counts where it is used.
    """
    node = statement.node
    if isinstance(node, ast.Import | ast.ImportFrom):
        return
    codes: list[types.CodeType | None] = [statement.code]
    if isinstance(node, ast.FunctionDef):
        own = next((one for one in _inner(statement) if one.co_name == node.name), None)
        codes = [own, compiled([ast.Expr(one) for one in node.decorator_list], statement.file)]
    yield from (
        types.FunctionType(code, namespace) for code in codes if code is not None and not code.co_freevars
    )


def _default(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return UnknownDefault()


def _inner(statement: Statement) -> list[types.CodeType]:
    """The code objects in a statement, those of its own functions first."""
    return (
        [code for code in code_objects(statement.code) if code is not statement.code]
        if statement.code
        else []
    )
