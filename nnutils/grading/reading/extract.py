"""Find in a notebook's code what an answer consists of, by name and through the syntax tree. Nothing is run."""

from __future__ import annotations

import ast
import dis
import functools
import re
import types
import warnings
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

MAGIC = re.compile(r"([ \t]*+)(?:[%!?].*|[\w.]++\?{1,2}[ \t]*|[\w.,][\w., \t]*+=[ \t]*+[%!].*)")
CELL_MAGIC = re.compile(r"\s*%%(\w+)")
SHORT = 10_000  # characters of a cell that is worth remembering
MAX_CELL = 50_000  # characters of a cell: twice the longest whole lesson
MAX_CODE = 200_000  # characters of a notebook's code, so that looking through it ends within seconds
MAX_STATEMENTS = 5_000  # at the top of its cells
MAX_LINES = 20  # said about cells that are left out
LINE_END = re.compile(r"\r\n|\r|\n")  # what ends a line for Python, unlike str.splitlines
PYTHON_MAGICS = {"time", "timeit", "capture", "prun"}  # the cell below such a line is Python
BROKEN = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)


@dataclass(eq=False)
class Statement:
    """One statement at the top of a cell."""

    cell: int  # among the code cells, from 1
    order: tuple[int, int]  # in the notebook: its cell, its place there
    node: ast.stmt
    lines: list[str] = field(repr=False)  # of the cell

    @property
    def source(self) -> str:
        """The statement's own text, from the start of its first line on where that is a definition."""
        node = self.node
        text = self.lines[node.lineno - 1 : node.end_lineno]
        text[-1] = text[-1].encode()[: node.end_col_offset].decode()
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            text[0] = text[0].encode()[node.col_offset :].decode()
        return "\n".join(text)

    @property
    def file(self) -> str:
        return f"code cell {self.cell}"

    @property
    def line(self) -> int:
        return self.node.lineno

    @functools.cached_property
    def code(self) -> types.CodeType | None:
        """The statement compiled, or None where that cannot be done."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return compile(ast.Module([self.node], []), self.file, "exec", dont_inherit=True)
            except BROKEN:
                return None

    @functools.cached_property
    def reads(self) -> set[str]:
        """The names that the statement and the functions in it look up at the top of the notebook."""
        return {name for code in codes(self.code) for name in _looked_up(code)}


@dataclass
class Notebook:
    """What a notebook's code binds at its top, statement by statement, and its quiz answers."""

    bindings: dict[str, list[Statement]] = field(default_factory=lambda: defaultdict(list))
    stars: list[Statement] = field(default_factory=list)  # from x import *
    answers: dict[str, str] = field(default_factory=dict)
    cells: list[tuple[int, str]] = field(default_factory=list)  # number and source of those that are Python
    broken: list[str] = field(
        default_factory=list
    )  # a line for every cell that is no Python, or too much of it

    def definitions(self, name: str) -> list[Statement]:
        """The statements that define a function of this name, in order."""
        return [one for one in self.bindings.get(name, []) if isinstance(one.node, ast.FunctionDef)]


def extract(cells: list[str]) -> Notebook:
    """What the code cells of a notebook bind. A cell with a syntax error, or that is too long, is left out and noted."""
    notebook, count = Notebook(), 0
    for number, source in _bounded(cells, notebook.broken):
        try:
            some = _kept_statements(number, source) if len(source) < SHORT else _statements(number, source)
        except BROKEN as error:
            line = getattr(error, "lineno", None)
            notebook.broken.append(f"code cell {number} is no Python" + (f" (line {line})" if line else ""))
            continue
        count += len(some)
        if count > MAX_STATEMENTS:
            notebook.broken.append(_rest(number, f"there are more than {MAX_STATEMENTS} statements"))
            break
        if some:
            notebook.cells.append((number, "\n".join(some[0].lines)))
        for statement in some:
            _note(notebook, statement)
    if len(notebook.broken) > MAX_LINES:
        notebook.broken[MAX_LINES:] = [f"and {len(notebook.broken) - MAX_LINES} more cells are left out"]
    return notebook


def _bounded(cells: list[str], broken: list[str]) -> Iterator[tuple[int, str]]:
    """The cells with their numbers, as far as they are not too long; a line in `broken` for those that are."""
    length = 0
    for number, source in enumerate(cells, start=1):
        if len(source) > MAX_CELL:
            broken.append(f"code cell {number} is left out: it is longer than {MAX_CELL} characters")
            continue
        length += len(source)
        if length > MAX_CODE:
            return broken.append(_rest(number, f"the code is longer than {MAX_CODE} characters"))
        yield number, source


def _rest(number: int, why: str) -> str:
    return f"code cell {number} and all after it are left out: {why}"


def _statements(number: int, source: str) -> list[Statement]:
    source, body = parse(source)
    lines = LINE_END.split(source)
    for node in body:
        _undecorate(node)
    return [Statement(number, (number, place), node, lines) for place, node in enumerate(body)]


_kept_statements = functools.lru_cache(1024)(_statements)  # what was handed out is the same in every notebook


@functools.lru_cache(2048)
def _looked_up(code: types.CodeType) -> tuple[str, ...]:
    """The names that a code object looks up at the top of the notebook."""
    looks = {"LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"}
    return tuple({str(step.argval): 1 for step in dis.get_instructions(code) if step.opname in looks})


def parse(source: str) -> tuple[str, list[ast.stmt]]:
    """The source of a cell that Python understands, and its statements; IPython's magics are dropped line by line."""
    magic = CELL_MAGIC.match(source)
    if magic and magic[1] not in PYTHON_MAGICS:
        return "", []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return source, ast.parse(source).body
        except SyntaxError:
            plain = "\n".join(_without_magic(line) for line in LINE_END.split(source))
            return plain, ast.parse(plain).body


def codes(code: types.CodeType | None) -> Iterator[types.CodeType]:
    """A code object and all in it."""
    if code is not None:
        yield code
        for constant in code.co_consts:
            if isinstance(constant, types.CodeType):
                yield from codes(constant)


def _note(notebook: Notebook, statement: Statement) -> None:
    node = statement.node
    _note_answer(notebook, node)
    if isinstance(node, ast.Assign) and _is_call_of(node.value, "check"):
        return  # the locked cell below an exercise
    if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
        notebook.stars.append(statement)
    for name in dict.fromkeys(_bound(node)):
        notebook.bindings[name].append(statement)


def _bound(node: ast.AST) -> Iterator[str]:
    """The names that an import, a definition or a simple assignment binds; of any other statement none."""
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in names)
        case ast.Assign(targets=targets):
            yield from (name for target in targets for name in _targets(target))
        case ast.AnnAssign(target=target, value=value) if value is not None:
            yield from _targets(target)
        case ast.AugAssign(target=target):
            yield from _targets(target)


def _targets(target: ast.expr) -> Iterator[str]:
    match target:
        case (
            ast.Name(id=name) | ast.Starred(value=ast.Name(id=name)) | ast.Subscript(value=ast.Name(id=name))
        ):
            yield name
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            yield from (name for part in parts for name in _targets(part))


def _note_answer(notebook: Notebook, node: ast.stmt) -> None:
    """Note a quiz answer: `name = "b"`, also below an `if`, or `quiz("name", "b")`. The last one given holds."""
    match node:
        case ast.If(body=body):
            for one in body:
                _note_answer(notebook, one)
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(letter))):
            notebook.answers[name] = letter
        case ast.Expr(
            value=ast.Call(args=[ast.Constant(value=str(name)), ast.Constant(value=str(letter))]) as call
        ):
            if _is_call_of(call, "quiz"):
                notebook.answers[name] = letter


def _is_call_of(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Call) and _last_name(node.func) == name


def _last_name(node: ast.expr) -> str | None:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None


def _undecorate(node: ast.stmt) -> None:
    """Drop a function's decorator `check`, which belongs to the notebook and not to the answer; begin at the decorators."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        node.decorator_list = [one for one in node.decorator_list if _last_name(one) != "check"]
        node.lineno = min([node.lineno, *(one.lineno for one in node.decorator_list)])


def _without_magic(line: str) -> str:
    found = MAGIC.fullmatch(line)
    return f"{found[1]}pass" if found else line
