"""Stand-ins for the values that a notebook binds: with these, `checks.facts` can look at a function although nothing was run."""

from __future__ import annotations

import ast
import functools
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nnutils
from coursekit.grading.reading.statements import Import, Statement, alias_of, bindings_of, compiled
from nnutils.checks.objections import UnknownDefault

PACKAGE = Path(nnutils.__file__).parent


class Undecided:
    """Stands for a value that is only known when the notebook runs."""


class Imported:
    """Stands for a function or class that the notebook imports, or for an assigned value that can be called."""

    def __init__(self, home: str, name: str) -> None:
        self.__module__, self.__name__ = home, name

    def __call__(self) -> None: ...


UNDECIDED = Undecided()
DATA = Undecided()  # of the course: no child is asked whether it can be called


def stand_in(statement: Statement, name: str, namespace: dict[str, Any]) -> Any:
    """What stands for `name`: a function that is never called, a module without content, or a mark that it is data."""
    match statement.node:
        case ast.FunctionDef():
            return function_of(statement, namespace)
        case ast.ClassDef():
            return type(name, (), {"__module__": "__main__"})
        case ast.Import() as node:
            alias = alias_of(node, name)
            return types.ModuleType(alias.name if alias.asname else name)
        case ast.ImportFrom(module=module) as node:
            return _imported(module or "", alias_of(node, name).name)
        case ast.Assign(value=ast.Lambda()) if codes := statement.inner:
            return types.FunctionType(codes[0], namespace)
        case ast.Assign(value=ast.Attribute() as value):
            return _attribute(ast.unparse(value), namespace)
    return UNDECIDED


def _imported(module: str, name: str) -> Any:
    """What stands for `from module import name`. For the course's own modules, their text tells what is a module or data."""
    kind = kind_of(module, name) if module.partition(".")[0] == "nnutils" else "unknown"
    if kind == "module":
        return types.ModuleType(f"{module}.{name}")
    return DATA if kind == "data" else Imported(module, name)


def _attribute(path: str, namespace: dict[str, Any]) -> Any:
    """What stands for a name of something imported, as in `relu = np.maximum`."""
    root, _, rest = path.partition(".")
    module = namespace.get(root)
    if rest.replace(".", "").isidentifier() and isinstance(module, types.ModuleType):
        home, _, name = f"{module.__name__}.{rest}".rpartition(".")
        return Imported(home, name)
    return UNDECIDED


@functools.cache
def kind_of(module: str, name: str) -> str:
    """What `from module import name` gives: "module", "data", "code" (a function or a class), or "unknown".

    It is read from the text of nnutils' modules: a notebook's import never makes the grader import one.
    """
    match _bindings(module).get(name) if module in _modules() else None:
        case ast.ImportFrom(module=home) as node:
            return kind_of(home or "", alias_of(node, name).name) if home != module else "module"
        case ast.Assign() | ast.AnnAssign():
            return "data"
        case ast.FunctionDef() | ast.ClassDef():
            return "code"
        case ast.Import():
            return "module"
    return "module" if f"{module}.{name}" in _modules() else "unknown"


@functools.cache
def _modules() -> dict[str, Path]:
    """Module → file, of all that a notebook may import from."""
    names = {file: file.relative_to(PACKAGE.parent).with_suffix("").parts for file in PACKAGE.rglob("*.py")}
    return {".".join(name).removesuffix(".__init__"): file for file, name in names.items()}


@functools.cache
def _bindings(module: str) -> dict[str, ast.stmt]:
    return bindings_of(_modules()[module].read_text(encoding="utf-8"))


def function_of(statement: Statement, namespace: dict[str, Any]) -> Any:
    """The function that a statement defines, without running the statement. Of its defaults, only literals are known."""
    node = statement.node
    assert isinstance(node, ast.FunctionDef)
    code = statement.own
    if code is None:  # it cannot be compiled: the child will say why
        return UNDECIDED
    defaults = tuple(map(_default, node.args.defaults))
    function = types.FunctionType(code, namespace, code.co_name, defaults)
    optional = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    function.__kwdefaults__ = {argument.arg: None for argument, default in optional if default is not None}
    return function


def parts_of(statement: Statement, namespace: dict[str, Any]) -> Iterator[types.FunctionType]:
    """A statement as functions that `checks.facts` can look at: of a definition its body and its decorators, not its defaults.

    Imports are left out: what is imported counts where it is used.
    """
    node = statement.node
    if isinstance(node, Import):
        return
    codes = [statement.code]
    if isinstance(node, ast.FunctionDef):
        decorators: list[ast.stmt] = [ast.Expr(decorator) for decorator in node.decorator_list]
        codes = [statement.own, compiled(decorators, statement.file)]
    for code in codes:
        if code is not None and not code.co_freevars:
            yield types.FunctionType(code, namespace)


def _default(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return UnknownDefault()
