"""Find what a notebook's code binds at its top level, from its syntax tree. Nothing is run."""

from __future__ import annotations

import ast
import functools
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from coursekit.grading.reading.cells import BROKEN, language
from coursekit.grading.reading.changes import changes_in
from coursekit.grading.reading.notebook import Unreadable
from coursekit.grading.reading.statements import Loop, Statement, bound, is_call_of, statements_of

SHORT = 10_000  # characters of a cell that is worth remembering
MAX_CELL = 50_000  # characters of a cell: twice the longest whole lesson
MAX_CODE = 200_000  # characters of a notebook's code, so that looking through it ends within seconds
MAX_STATEMENTS = 5_000  # at the top of its cells
MAX_GUESS = 20  # names in a list
MAX_LINES = 20  # said about cells that are left out
HERE = "{}.{}".format(*sys.version_info)
MAX_SECONDS = 30.0  # of this processor, for reading one notebook


class Clock:
    """Counts the CPU time that this thread spends on reading one notebook."""

    def __init__(self, seconds: float = MAX_SECONDS) -> None:
        self.seconds, self.used = seconds, 0.0
        self._begun = 0.0

    def __enter__(self) -> Clock:
        self._begun = time.thread_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.used += time.thread_time() - self._begun

    def look(self) -> None:
        """Stop if the reading takes too long; to be called inside `with clock`.

        Raises
        ------
        Unreadable: it does.
        """
        if self.used + time.thread_time() - self._begun > self.seconds:
            raise Unreadable(f"reading it takes more than {self.seconds:g} s: is there generated code in it?")


@dataclass
class Notebook:
    """What a notebook's code binds at its top level, statement by statement, and its quiz answers."""

    clock: Clock = field(default_factory=Clock)
    newer: bool = False  # its kernel has a later Python than the grader
    bindings: dict[str, list[Statement]] = field(default_factory=lambda: defaultdict(list))
    changes: dict[str, list[tuple[str, Statement]]] = field(default_factory=lambda: defaultdict(list))
    checked: dict[str, tuple[int, int]] = field(default_factory=dict)  # where a name was checked last
    stars: list[Statement] = field(default_factory=list)  # from x import *
    answers: dict[str, str] = field(default_factory=dict)
    guesses: dict[str, Any] = field(default_factory=dict)  # plain values that are given a name
    cells: list[tuple[int, str]] = field(default_factory=list)  # number and source of those that are Python
    broken: list[str] = field(
        default_factory=list
    )  # a line for every cell that is no Python, or too much of it
    elsewhere: list[tuple[str, str]] = field(
        default_factory=list
    )  # what is not run: where it is and what to do, text

    def definitions(self, name: str) -> list[Statement]:
        """The statements that define a function of this name, in order."""
        return [
            statement
            for statement in self.bindings.get(name, [])
            if isinstance(statement.node, ast.FunctionDef)
        ]

    def add(self, statement: Statement) -> None:
        """Note what a statement binds and answers."""
        node = statement.node
        self._note_answer(node)
        self._note_guess(node)
        match node:
            case ast.Assign(value=value) | ast.Expr(value=value) if is_call_of(value, "check"):
                match value:
                    case ast.Call(args=[ast.Name(id=name)]):
                        self.checked[name] = statement.place
                return  # the locked cell below an exercise
        for name, how in dict.fromkeys(changes_in(node)):
            self.changes[name].append((how, statement))
        if isinstance(node, Loop):
            return
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            self.stars.append(statement)
        for name in dict.fromkeys(bound(node)):
            self.bindings[name].append(statement)

    def _note_guess(self, node: ast.stmt) -> None:
        """Note what may be a guess: `name = 300`, or a list of texts. The last one given holds."""
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                items = value.elts[: MAX_GUESS + 1] if isinstance(value, ast.List | ast.Tuple) else [value]
                if len(items) <= MAX_GUESS and all(map(_is_plain, items)):
                    self.guesses[name] = ast.literal_eval(value)

    def _note_answer(self, node: ast.stmt) -> None:
        """Note a quiz answer: `name = "b"`, also below an `if`, or `quiz("name", "b")`. The last one given holds."""
        match node:
            case ast.If(body=body):
                for inner in body:
                    self._note_answer(inner)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(letter))):
                self.answers[name] = letter
            case ast.Expr(
                value=ast.Call(args=[ast.Constant(value=str(name)), ast.Constant(value=str(letter))]) as call
            ):
                if is_call_of(call, "quiz"):
                    self.answers[name] = letter


def _is_plain(node: ast.expr) -> bool:
    """Whether an expression is a number or a short text."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        node = node.operand
        return isinstance(node, ast.Constant) and type(node.value) in (int, float)
    value = node.value if isinstance(node, ast.Constant) else None
    return type(value) in (int, float) or (isinstance(value, str) and len(value) <= 100)


def extract(
    cells: list[str],
    texts: Iterable[tuple[str, str]] = (),
    clock: Clock | None = None,
    python: tuple[int, int] | None = None,
) -> Notebook:
    """What the code cells of a notebook bind; `texts` are its other cells, each a kind (`markdown`, `raw`) and its text.

    python: the version of its kernel. A later one than this may have run what cannot be read here.

    A cell with a syntax error, or that is too long, is left out, and a line in `broken` says so.

    Raises
    ------
    Unreadable: it takes too long.
    """
    notebook = Notebook(clock or Clock(), newer=python is not None and python > sys.version_info[:2])
    notebook.elsewhere += (
        (f"a {kind} cell, which is not run: change the cell's type to Code, and run it", text)
        for kind, text in texts
    )
    with notebook.clock:
        _read(cells, notebook)
    if len(notebook.broken) > MAX_LINES:
        notebook.broken[MAX_LINES:] = [f"and {len(notebook.broken) - MAX_LINES} more cells are left out"]
    return notebook


def _read(cells: list[str], notebook: Notebook) -> None:
    length = count = 0
    for number, source in enumerate(cells, start=1):
        notebook.clock.look()
        if len(source) > MAX_CELL:
            notebook.broken.append(f"code cell {number} is left out: it is longer than {MAX_CELL} characters")
            continue
        length += len(source)
        if length > MAX_CODE:
            return _leave_rest_out(notebook, number, f"the code is longer than {MAX_CODE} characters")
        python, statements = _statements(notebook, number, source)
        count += len(statements)
        if count > MAX_STATEMENTS:
            return _leave_rest_out(notebook, number, f"there are more than {MAX_STATEMENTS} statements")
        if python.strip():
            notebook.cells.append((number, python))
        for statement in statements:
            notebook.add(statement)


def _leave_rest_out(notebook: Notebook, number: int, why: str) -> None:
    notebook.broken.append(f"code cell {number} and all after it are left out: {why}")


_kept = functools.lru_cache(1024)(statements_of)  # what was handed out is the same in every notebook


def _statements(notebook: Notebook, number: int, source: str) -> tuple[str, list[Statement]]:
    """A cell as Python, and its statements. Of a cell that is no Python both are empty, and the notebook says so."""
    if magic := language(source):
        where = f"a cell that begins with %%{magic}, so the notebook keeps nothing of it: delete that line"
        notebook.elsewhere.append((where, source))
        return "", []
    try:
        return (_kept if len(source) < SHORT else statements_of)(number, source)
    except BROKEN as error:
        line = f" (line {error.lineno})" if isinstance(error, SyntaxError) and error.lineno else ""
        why = f"code cell {number} is no Python{line}"
        if "<<<<<<<" in source and ">>>>>>>" in source:
            why = f"code cell {number} holds git's conflict markers (<<<<<<<): choose one of the two versions"
        mend = "run the cell and mend the error that it shows"
        if notebook.newer and isinstance(error, SyntaxError):
            why = why.replace(" no Python", f" no Python {HERE}, with which it is graded")
            mend += f", or write it as Python {HERE} reads it"
        notebook.broken.append(why)
        where = why.replace(" is no Python", ", which is no Python")
        notebook.elsewhere.append((f"{where}: {mend}", source))
        return "", []
