"""Find in a notebook's code what an answer consists of, by name and through the syntax tree. Nothing is run."""

from __future__ import annotations

import ast
import functools
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from coursekit.grading.reading.cells import BROKEN, language
from coursekit.grading.reading.notebook import Unreadable
from coursekit.grading.reading.statements import Statement, bound, is_call_of, statements_of

SHORT = 10_000  # characters of a cell that is worth remembering
MAX_CELL = 50_000  # characters of a cell: twice the longest whole lesson
MAX_CODE = 200_000  # characters of a notebook's code, so that looking through it ends within seconds
MAX_STATEMENTS = 5_000  # at the top of its cells
MAX_LINES = 20  # said about cells that are left out
MAX_SECONDS = 30.0  # of this processor, for reading one notebook


class Clock:
    """How long one notebook has been read, by the processor's time of this thread."""

    def __init__(self, seconds: float = MAX_SECONDS) -> None:
        self.seconds, self.used = seconds, 0.0
        self.begun: float | None = None

    def __enter__(self) -> Clock:
        self.begun = time.thread_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.used, self.begun = self._now(), None

    def look(self) -> None:
        """Stop the reading where it takes too long.

        Raises
        ------
        Unreadable: it does.
        """
        if self._now() > self.seconds:
            raise Unreadable(f"reading it takes more than {self.seconds:g} s: is there generated code in it?")

    def _now(self) -> float:
        return self.used + (time.thread_time() - self.begun if self.begun is not None else 0.0)


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
    elsewhere: list[tuple[str, str]] = field(default_factory=list)  # what is not run: where it stands, text
    clock: Clock = field(default_factory=Clock)

    def definitions(self, name: str) -> list[Statement]:
        """The statements that define a function of this name, in order."""
        return [one for one in self.bindings.get(name, []) if isinstance(one.node, ast.FunctionDef)]


def extract(cells: list[str], texts: Iterable[tuple[str, str]] = (), clock: Clock | None = None) -> Notebook:
    """What the code cells of a notebook bind; `texts` are its other cells, each a kind (`markdown`, `raw`) and its text.

    A cell with a syntax error, or that is too long, is left out and noted.

    Raises
    ------
    Unreadable: it takes too long.
    """
    notebook = Notebook(clock=clock or Clock())
    notebook.elsewhere += ((f"a {kind} cell, which is not run", text) for kind, text in texts)
    with notebook.clock:
        _read(cells, notebook)
    if len(notebook.broken) > MAX_LINES:
        notebook.broken[MAX_LINES:] = [f"and {len(notebook.broken) - MAX_LINES} more cells are left out"]
    return notebook


def _read(cells: list[str], notebook: Notebook) -> None:
    count = 0
    for number, source in _bounded(cells, notebook.broken):
        notebook.clock.look()
        if other := language(source):
            notebook.elsewhere.append(
                (f"a cell that begins with %%{other}, so the notebook keeps nothing of it", source)
            )
            continue
        try:
            python, some = _kept(number, source) if len(source) < SHORT else statements_of(number, source)
        except BROKEN as error:
            _leave_out(notebook, number, source, error)
            continue
        count += len(some)
        if count > MAX_STATEMENTS:
            notebook.broken.append(_rest(number, f"there are more than {MAX_STATEMENTS} statements"))
            break
        if python.strip():
            notebook.cells.append((number, python))
        for statement in some:
            _note(notebook, statement)


def _leave_out(notebook: Notebook, number: int, source: str, error: BaseException) -> None:
    line = getattr(error, "lineno", None)
    why = f"code cell {number} is no Python" + (f" (line {line})" if line else "")
    if "<<<<<<<" in source and ">>>>>>>" in source:
        why = f"code cell {number} holds git's conflict markers (<<<<<<<): choose one of the two versions"
    notebook.broken.append(why)
    notebook.elsewhere.append((why, source))


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


_kept = functools.lru_cache(1024)(statements_of)  # what was handed out is the same in every notebook


def _note(notebook: Notebook, statement: Statement) -> None:
    node = statement.node
    _note_answer(notebook, node)
    if isinstance(node, ast.Assign) and is_call_of(node.value, "check"):
        return  # the locked cell below an exercise
    if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
        notebook.stars.append(statement)
    for name in dict.fromkeys(bound(node)):
        notebook.bindings[name].append(statement)


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
            if is_call_of(call, "quiz"):
                notebook.answers[name] = letter
