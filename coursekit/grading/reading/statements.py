"""The statements of a cell that bind something at the top of a notebook, those below `if`, `try`, `with` and loops included."""

from __future__ import annotations
import __future__

import ast
import functools
import types
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from coursekit.grading.reading.cells import BROKEN, LINE_END, parse
from nnutils.checks.facts import GLOBALS, code_objects, names_in

DEEPEST = 20  # of one `if` in another
POSTPONED = __future__.annotations.compiler_flag  # a type hint is never evaluated: it calls nothing
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
LASTING = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Import,
    ast.ImportFrom,
)  # of a loop's body


@dataclass(eq=False)
class Statement:
    """One statement that is run at the top of a notebook."""

    cell: int  # among the code cells, from 1
    order: tuple[int, int]  # in the notebook: its cell, its place there
    node: ast.stmt
    lines: list[str] = field(repr=False)  # of the cell
    test: ast.expr | None = None  # the conditions under which it stands
    whole: ast.Try | None = None  # the `try` that it is run with
    nested: bool = False  # it stands below another statement

    @property
    def source(self) -> str:
        """The statement's own text, from the start of its first line on where that is a definition; a condition before it."""
        node = self.whole or self.node
        text = self.lines[node.lineno - 1 : node.end_lineno]
        text[-1] = text[-1].encode()[: node.end_col_offset].decode()
        if not self._above and not isinstance(node, Definition):
            text[0] = text[0].encode()[node.col_offset :].decode()
        head = f"if {ast.unparse(self.test) if self.test else True}:"
        if self._above:
            return "\n".join([head, *text])
        return "\n".join(text) if self.test is None else f"{head} " + "\n".join(text)

    @property
    def file(self) -> str:
        return f"code cell {self.cell}"

    @property
    def line(self) -> int:
        return (self.whole or self.node).lineno - self._above

    @property
    def _above(self) -> bool:
        """Whether a line is put above its text, because that is indented and takes several lines."""
        return self.nested and isinstance(self.whole or self.node, Definition | ast.Try)

    @functools.cached_property
    def code(self) -> types.CodeType | None:
        """The statement compiled, or None where that cannot be done."""
        node: ast.stmt = self.whole or self.node
        if self.test is not None:
            node = ast.copy_location(ast.If(self.test, [node], []), node)
        return compiled([node], self.file)

    @functools.cached_property
    def reads(self) -> set[str]:
        """The names that the statement and the functions in it look up at the top of the notebook."""
        codes = code_objects(self.code) if self.code else ()
        return {name for code in codes for name in names_in(code, GLOBALS)}


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
            _undecorate(node)
            nested = (whole or node) is not top
            found.append(Statement(number, (number, len(found)), node, lines, test, whole, nested))
    return source, found


Flat = Iterator[tuple[ast.stmt, ast.expr | None, ast.Try | None]]


def _flat(body: Iterable[ast.stmt], test: ast.expr | None = None, depth: int = 0) -> Flat:
    """The statements in the order in which they bind, each with its condition and with the `try` that it is run with."""
    for node in body if depth < DEEPEST else ():
        match node:
            case ast.If():
                yield from _branches(node, test, depth + 1)
            case ast.Try() if node.body and all(isinstance(one, LASTING[-2:]) for one in node.body):
                handled = [one for handler in node.handlers for one in handler.body]
                yield from ((one, test, node) for one in (*handled, *node.body))
            case ast.Try():
                handled = [one for handler in node.handlers for one in handler.body]
                yield from _flat([*handled, *node.body, *node.orelse, *node.finalbody], test, depth + 1)
            case ast.With() | ast.AsyncWith():
                yield from _flat(node.body, test, depth + 1)
            case ast.For() | ast.While() | ast.AsyncFor():
                inner = _flat([*node.body, *node.orelse], test, depth + 1)
                yield from (one for one in inner if isinstance(one[0], LASTING))
            case ast.Match():
                yield from _flat((one for case in node.cases for one in case.body), test, depth + 1)
            case _:
                yield node, test, None


def _branches(node: ast.If, test: ast.expr | None, depth: int) -> Flat:
    known = bool(node.test.value) if isinstance(node.test, ast.Constant) else None
    if known is not False:
        yield from _flat(node.body, test if known else _both(test, node.test), depth)
    if known is not True:
        other = ast.copy_location(ast.UnaryOp(ast.Not(), node.test), node.test)
        yield from _flat(node.orelse, test if known is False else _both(test, other), depth)


def _both(one: ast.expr | None, other: ast.expr) -> ast.expr:
    return other if one is None else ast.copy_location(ast.BoolOp(ast.And(), [one, other]), other)


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
        case (
            ast.Name(id=name) | ast.Starred(value=ast.Name(id=name)) | ast.Subscript(value=ast.Name(id=name))
        ):
            yield name
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            yield from (name for part in parts for name in _targets(part))


def is_call_of(node: ast.expr, name: str) -> bool:
    """Whether an expression is a call of this function, or of a module's function of this name."""
    return isinstance(node, ast.Call) and _last_name(node.func) == name


def _last_name(node: ast.expr) -> str | None:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None


def _undecorate(node: ast.stmt) -> None:
    """Drop a function's decorator `check`, which belongs to the notebook and not to the answer; begin at the decorators."""
    if isinstance(node, Definition):
        node.decorator_list = [one for one in node.decorator_list if _last_name(one) != "check"]
        node.lineno = min([node.lineno, *(one.lineno for one in node.decorator_list)])
