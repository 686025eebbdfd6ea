"""The program of one answer: the function, what it needs of its notebook, and what can be said of it without running it."""

from __future__ import annotations

import ast
import builtins
import inspect
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from coursekit.grading.reading import shown
from coursekit.grading.reading.extract import Notebook
from coursekit.grading.reading.forms import found_instead
from coursekit.grading.reading.lent import COURSE, Step, lent_program
from coursekit.grading.reading.standins import UNDECIDED, Imported, function_of, parts_of, stand_in
from coursekit.grading.reading.statements import Statement
from coursekit.sandbox.program import Program
from nnutils.checks.catalogue import earlier, find_exercise
from nnutils.checks.errors import UnknownName
from nnutils.checks.exercise import Exercise
from nnutils.checks.facts import LIBRARIES, is_stub, notebook_globals_read
from nnutils.checks.objections import objection, warning

MAX_STEPS = 2_000
SHOWN = f"(lambda world: exec({inspect.getsource(shown)!r}, world) or world['install']())"
STAND_INS = (COURSE, 1, f"{SHOWN}({{'__name__': 'shown'}})")


@dataclass(frozen=True)
class Answer:
    """One student's answer to one exercise.

    `function` stands for the function as the checks' facts see it: compiled, never run, and among stand-ins for what its
    notebook binds. `program` is what the child executes, statement by statement.
    """

    exercise: Exercise
    function: Callable[..., Any] | None
    program: tuple[Step, ...] = ()
    parts: tuple[Callable[..., Any], ...] = ()  # its statements, as functions, for the facts
    lent: bool = False  # the program holds the course's own version of another exercise
    instead: str | None = None  # what stands for an answer and is no function, or one that may not be called

    def as_program(self) -> Program:
        """What the sandbox runs."""
        exercise = self.exercise
        return Program(self.program, exercise.name, exercise.allows, exercise.part, self.lent)

    def is_stub(self) -> bool:
        """Whether nothing was written into it."""
        return self.function is not None and is_stub(self.function)

    def objection(self) -> str | None:
        """What speaks against running it at all: a signature that does not fit, or somebody else's answer."""
        if self.function is None:
            return None
        if len(self.program) > MAX_STEPS:
            return f"it needs {len(self.program)} statements of its notebook, more than {MAX_STEPS}"
        return objection(self.exercise, self.function, self.parts)

    def warning(self) -> str:
        """One sentence on what it does beside computing its result; empty where it is nothing."""
        return warning(self.function, self.parts) if self.function else ""

    def notebook_globals_read(self, callables: Iterable[str]) -> list[str]:
        """The notebook's variables that it reads. The child's word is taken for which of the undecided ones are callable."""
        names = getattr(self.function, "__globals__", {})
        for name in callables:
            if names.get(name) is UNDECIDED:
                names[name] = Imported("__main__", name)
        return notebook_globals_read(self.function) if self.function else []


def answer_of(
    notebook: Notebook, exercise: Exercise, failed: Iterable[str] = (), needs: Iterable[str] = ()
) -> Answer:
    """The answer to an exercise: the last definition of its name that is not a stub.

    `needs` names what its cases look up beside it: earlier answers that make an argument.
    Where the answer calls an exercise named in `failed`, or one that its notebook imports, and that stands before this one in
    the lesson, it gets the course's own version of that one, as it does in the notebook.

    Raises
    ------
    Unreadable: looking through the notebook takes too long.
    """
    with notebook.clock:
        return _answer_of(notebook, exercise, frozenset(failed), set(needs))


def _answer_of(notebook: Notebook, exercise: Exercise, failed: frozenset[str], needs: set[str]) -> Answer:
    world = _World(notebook, exercise, failed)
    chosen = world.chosen(exercise.name)
    if chosen is None and (imported := _imported_exercise(notebook, exercise.name)):
        return Answer(exercise, imported)
    empty = chosen is None or is_stub(function_of(chosen, {}))
    if empty and (instead := found_instead(notebook, exercise)):
        return Answer(exercise, None, instead=instead)
    if chosen is None:
        return Answer(exercise, None)
    statements = sorted(world.reach(chosen, needs), key=lambda one: one.order)
    program = [*lent_program(world.lent), *_steps(statements, exercise)]
    if chosen.test is not None:
        program.append((COURSE, 1, exercise.name))  # a NameError where no condition held
    few = statements if len(statements) <= MAX_STEPS else []
    parts = tuple(part for one in few for part in parts_of(one, world.stand_ins))
    return Answer(exercise, world.stand_ins[exercise.name], tuple(program), parts, bool(world.lent))


def _steps(statements: list[Statement], exercise: Exercise) -> list[Step]:
    """What the child executes of the notebook, after the stand-ins that it needs."""
    steps = [(one.file, one.line, _absent(one, exercise) or one.source) for one in statements]
    names = {name for one in statements for name in one.reads}
    asks = {*shown.NAMES, *shown.PACKAGES} & (names | _imported_packages(statements))
    absent = any(shown.HOME in source for _, _, source in steps)
    return [STAND_INS, *steps] if asks or absent else steps


def _imported_packages(statements: Iterable[Statement]) -> set[str]:
    nodes = (node for one in statements for node in ast.walk(one.whole or one.node))
    found = set[str]()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


def _absent(statement: Statement, exercise: Exercise) -> str | None:
    """What is run for the import of a library that answers may not call, so that a type hint or a default may name it."""
    node, allowed = statement.node, {path.partition(".")[0] for path in exercise.allows}
    if not isinstance(node, ast.Import | ast.ImportFrom) or statement.whole:
        return None
    packages = _imported_packages([statement])
    if not packages & {*LIBRARIES} - allowed or len(packages) > 1 or node.names[0].name == "*":
        return None
    made = "__import__({!r}).Absent({!r})"
    names = []
    for alias in node.names:
        path = f"{node.module}.{alias.name}" if isinstance(node, ast.ImportFrom) else alias.name
        bound = alias.asname or alias.name.partition(".")[0]
        plain = isinstance(node, ast.Import) and not alias.asname
        names.append(f"{bound} = {made.format(shown.HOME, bound if plain else path)}")
    return "; ".join(names)


class _World:
    """The part of a notebook that an answer reaches, with a stand-in for every name."""

    def __init__(self, notebook: Notebook, exercise: Exercise, failed: frozenset[str]) -> None:
        self.notebook, self.name = notebook, exercise.name
        self.earlier = earlier(exercise)
        self.failed = failed & self.earlier
        self.stand_ins: dict[str, Any] = {"__name__": "__main__"}
        self.lent: dict[str, Exercise] = {}  # by the name that the notebook gives them

    def chosen(self, name: str) -> Statement | None:
        """The definition of `name` that counts: the last one that is not a stub, else the last one."""
        definitions = self.notebook.definitions(name)
        done = [one for one in definitions if not is_stub(function_of(one, {}))]
        best = done or definitions
        return best[-1] if best else None

    def reach(self, start: Statement, needs: set[str]) -> list[Statement]:
        """The statement and all that it and its cases need."""
        todo = self._with_its_like(start, self.name)
        found = dict.fromkeys(todo, True)
        self.stand_ins[self.name] = function_of(start, self.stand_ins)
        names, seen = sorted(needs), {self.name, "__name__"}
        while True:
            self.notebook.clock.look()
            for name in (one for one in names if one not in seen):
                more = [one for one in self._bind(name) if one not in found]
                found |= dict.fromkeys(more, True)
                todo += more
            seen.update(names)
            if not todo or len(found) > MAX_STEPS:
                break
            names = sorted(todo.pop().reads)
        unknown = seen - {*self.stand_ins, *dir(builtins)} if not todo else ()
        return [*found, *(self.notebook.stars if unknown else [])]

    def _bind(self, name: str) -> list[Statement]:
        """The statements that bind a name; puts its stand-in among the others."""
        imported = _imported_exercise(self.notebook, name)
        if name in self.failed or imported is not None:
            self.stand_ins[name] = imported or find_exercise(name)
            if self.stand_ins[name].name in self.earlier:
                self.lent[name] = self.stand_ins[name]
            return []
        statements = self.notebook.bindings.get(name, [])
        definition = self.chosen(name)
        if definition is not None and isinstance(statements[-1].node, ast.FunctionDef):
            statements = self._with_its_like(definition, name)
        if statements:
            self.stand_ins[name] = stand_in(statements[-1], name, self.stand_ins)
        return statements

    def _with_its_like(self, definition: Statement, name: str) -> list[Statement]:
        """A definition; where it stands under a condition, all of its name, of which the child runs those that hold."""
        return [definition] if definition.test is None else self.notebook.definitions(name)


def _imported_exercise(notebook: Notebook, name: str) -> Exercise | None:
    """The course's exercise of this name, where the notebook imports it and defines no function of that name afterwards."""
    bound = notebook.bindings.get(name)
    last = bound[-1] if bound else None
    if (
        last is None
        or not isinstance(last.node, ast.ImportFrom)
        or not re.match(r"nnutils\.lessons\.\w+\.exercises\b", last.node.module or "")
    ):
        return None
    alias = next(one for one in last.node.names if name in (one.asname, one.name))
    try:
        return find_exercise(alias.name)
    except UnknownName:
        return None
