"""The statements that run at the top level of a notebook, including those below `if`, `try`, `with` and loops."""

from __future__ import annotations
import __future__

import ast
import functools
import re
import types
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from coursekit.grading.reading.cells import BROKEN, LINE_END, parse
from nnutils.checks.facts import GLOBALS, code_objects, is_stub, names_in

DEEPEST = 20  # of one `if` in another
POSTPONED = __future__.annotations.compiler_flag  # a type hint is never evaluated: it calls nothing
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Import = ast.Import | ast.ImportFrom
EXERCISES = re.compile(r"nnutils\.lessons\.\w+\.exercises\b")  # the modules that hold exercises


@dataclass(eq=False)
class Statement:
    """One statement that is run at the top of a notebook."""

    place: tuple[int, int]  # in the notebook: the number of its code cell, from 1, and its place there
    node: ast.stmt
    lines: list[str] = field(repr=False)  # of the cell
    test: ast.expr | None = None  # the conditions under which it stands
    whole: ast.Try | None = None  # the `try` that it is run with
    nested: bool = False  # it stands below another statement

    @property
    def outer(self) -> ast.stmt:
        """What is run: the statement, or the `try` that it belongs to."""
        return self.whole or self.node

    @property
    def source(self) -> str:
        """The text that is run: the condition, if there is one, then the statement. A definition keeps its indentation."""
        node, condition = self.outer, f"if {ast.unparse(self.test) if self.test else True}:"
        text = self.lines[node.lineno - 1 : node.end_lineno]
        text[-1] = text[-1].encode()[: node.end_col_offset].decode()
        if self._line_above:
            return "\n".join([condition, *text])
        if not isinstance(node, Definition):
            text[0] = text[0].encode()[node.col_offset :].decode()
        return "\n".join(text) if self.test is None else f"{condition} " + "\n".join(text)

    @property
    def file(self) -> str:
        return f"code cell {self.place[0]}"

    @property
    def line(self) -> int:
        return self.outer.lineno - self._line_above

    @property
    def _line_above(self) -> bool:
        """Whether the condition gets a line of its own above the text, because the text is indented and has several lines."""
        return self.nested and isinstance(self.outer, Definition | ast.Try)

    @functools.cached_property
    def code(self) -> types.CodeType | None:
        """The statement compiled, or None where that cannot be done."""
        node = self.outer
        if self.test is not None:
            node = ast.copy_location(ast.If(self.test, [node], []), node)
        return compiled([node], self.file)

    @functools.cached_property
    def reads(self) -> set[str]:
        """The names that the statement and the functions in it look up at the top of the notebook."""
        codes = code_objects(self.code) if self.code else ()
        return {name for code in codes for name in names_in(code, GLOBALS)}

    @functools.cached_property
    def inner(self) -> list[types.CodeType]:
        """The code objects in the statement, those of its own functions first."""
        return [*code_objects(self.code)][1:] if self.code else []

    @functools.cached_property
    def own(self) -> types.CodeType | None:
        """The code of the function that the statement defines; None where it defines none or cannot be compiled."""
        name = self.node.name if isinstance(self.node, ast.FunctionDef) else None
        return next((code for code in self.inner if code.co_name == name), None)

    @functools.cached_property
    def is_stub(self) -> bool:
        """Whether it defines a function in which nothing was written."""
        return self.own is not None and is_stub(types.FunctionType(self.own, {}))

    @functools.cached_property
    def packages(self) -> set[str]:
        """The packages that the statement imports."""
        imports = [inner for inner in ast.walk(self.outer) if isinstance(inner, Import)]
        return {module.partition(".")[0] for inner in imports for module in imported(inner)}


def imported(node: Import) -> list[str]:
    """The full names that an import names: of `from a import b` both a and a.b, which may be a module."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    module = node.module or ""
    return [module, *(f"{module}.{alias.name}" for alias in node.names)]


def compiled(body: list[ast.stmt], file: str) -> types.CodeType | None:
    """Statements compiled as the child does it, or None where that cannot be done."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            module = ast.fix_missing_locations(ast.Module(body, []))
            return compile(module, file, "exec", POSTPONED, dont_inherit=True)
        except BROKEN:
            return None


def statements_of(number: int, source: str) -> tuple[str, list[Statement]]:
    """A cell as Python, and its statements.

    Raises
    ------
    SyntaxError, ValueError, RecursionError, MemoryError: it is no Python, or too much of it.
    """
    source, body = parse(source)
    lines = LINE_END.split(source)
    found = list[Statement]()
    for top in body:
        for node, test, whole in _flat([top]):
            if isinstance(node, Definition):  # the decorator `check` is not part of the answer
                node.decorator_list = [
                    decorator for decorator in node.decorator_list if _last_name(decorator) != "check"
                ]
                node.lineno = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            nested = (whole or node) is not top
            found.append(Statement((number, len(found)), node, lines, test, whole, nested))
    return source, found


Flat = Iterator[tuple[ast.stmt, ast.expr | None, ast.Try | None]]


def _flat(body: Iterable[ast.stmt], test: ast.expr | None = None, depth: int = 0) -> Flat:
    """The statements in the order in which they bind, each with its condition, and with its `try` if it must be run with that."""
    for node in body if depth < DEEPEST else ():
        match node:
            case ast.If():
                known = bool(node.test.value) if isinstance(node.test, ast.Constant) else None
                negated = ast.copy_location(ast.UnaryOp(ast.Not(), node.test), node.test)
                if known is not False:
                    yield from _flat(node.body, test if known else _both(test, node.test), depth + 1)
                if known is not True:
                    yield from _flat(node.orelse, test if known is False else _both(test, negated), depth + 1)
            case ast.Try():
                handled = [inner for handler in node.handlers for inner in handler.body]
                if node.body and all(isinstance(inner, Import) for inner in node.body):
                    yield from ((inner, test, node) for inner in (*handled, *node.body))
                else:
                    inside = [*handled, *node.body, *node.orelse, *node.finalbody]
                    yield from _flat(inside, test, depth + 1)
            case ast.With() | ast.AsyncWith():
                yield from _flat(node.body, test, depth + 1)
            case ast.For() | ast.While() | ast.AsyncFor():
                for inner in _flat([*node.body, *node.orelse], test, depth + 1):
                    if isinstance(inner[0], Definition | Import):  # what lasts of a loop's body
                        yield inner
            case ast.Match():
                inside = [inner for case in node.cases for inner in case.body]
                yield from _flat(inside, test, depth + 1)
            case _:
                yield node, test, None


def _both(first: ast.expr | None, second: ast.expr) -> ast.expr:
    return second if first is None else ast.copy_location(ast.BoolOp(ast.And(), [first, second]), second)


def bound(node: ast.AST) -> Iterator[str]:
    """The names that an import, a definition or a simple assignment binds; of any other statement none."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in names)
        case ast.Assign(targets=targets):
            yield from (name for target in targets for name in _targets(target))
        case ast.AnnAssign(target=target, value=value) if value is not None:
            yield from _targets(target)
        case ast.AugAssign(target=target) | ast.Expr(value=ast.NamedExpr(target=target)):
            yield from _targets(target)


def _targets(target: ast.expr) -> Iterator[str]:
    match target:
        case ast.Name(id=name):
            yield name
        case ast.Starred(value=ast.Name(id=name)) | ast.Subscript(value=ast.Name(id=name)):
            yield name
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            yield from (name for part in parts for name in _targets(part))


def bindings_of(source: str) -> dict[str, ast.stmt]:
    """Name → the last statement at the top of a module's text that binds it; `f = wrap(f)` wraps f, as a decorator does."""
    return {name: node for node in ast.parse(source).body for name in bound(node) if not _wraps(node, name)}


def _wraps(node: ast.stmt, name: str) -> bool:
    match node:
        case ast.Assign(value=ast.Call(args=[ast.Name(id=wrapped)])):
            return wrapped == name
    return False


def alias_of(node: Import, name: str) -> ast.alias:
    """The part of an import that binds a name."""
    return next(alias for alias in node.names if name in (alias.asname, alias.name.partition(".")[0]))


def is_call_of(node: ast.expr, name: str) -> bool:
    """Whether an expression is a call of this function, or of a module's function of this name."""
    return isinstance(node, ast.Call) and _last_name(node.func) == name


def _last_name(node: ast.expr) -> str | None:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None
