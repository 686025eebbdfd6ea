"""The program of one answer: the function, what it needs of its notebook, and what can be said of it without running it."""

from __future__ import annotations

import ast
import builtins
import types
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from nnutils.checks.catalogue import find_exercise
from nnutils.checks.errors import UnknownName
from nnutils.checks.exercise import Exercise
from nnutils.checks.facts import is_stub, leaned_on, other_form, ready_made
from nnutils.checks.help import answer_source
from nnutils.checks.signature import signature_misfit
from nnutils.grading.reading.extract import Notebook, Statement, codes
from nnutils.grading.reading.standins import UNDECIDED, Imported, function_of, stand_in

COURSE = "code of the course"
MAX_STEPS = 2_000
Step = tuple[str, int, str]  # file, first line, source


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

    def is_stub(self) -> bool:
        """Whether nothing was written into it."""
        return self.function is not None and is_stub(self.function)

    def objection(self) -> str | None:
        """What speaks against running it at all: a signature that does not fit, or somebody else's answer."""
        if self.function is None:
            return None
        if len(self.program) > MAX_STEPS:
            return f"it needs {len(self.program)} statements of its notebook, more than {MAX_STEPS}"
        misfit = other_form(self.function) or signature_misfit(self.exercise, self.function)
        if misfit:
            return misfit
        copied = (ready_made(part, self.exercise.name, self.exercise.allows) for part in self.parts)
        return next(
            (f"it calls {path}: write out the formula with NumPy instead" for path in copied if path), None
        )

    def leaned_on(self, callables: Iterable[str]) -> list[str]:
        """The notebook's variables that it reads. The child's word is taken for which of the undecided ones are callable."""
        names = getattr(self.function, "__globals__", {})
        for name in callables:
            if names.get(name) is UNDECIDED:
                names[name] = Imported("__main__", name)
        return leaned_on(self.function) if self.function else []


def answer_of(
    notebook: Notebook, exercise: Exercise, failed: Iterable[str] = (), needs: Iterable[str] = ()
) -> Answer:
    """The answer to an exercise: the last definition of its name that is not a stub.

    `needs` names what its cases look up beside it: earlier answers that make an argument.
    Where the answer calls an exercise named in `failed`, or one that its notebook imports, it gets the course's own version of
    that one, as it does in the notebook.
    """
    world = _World(notebook, exercise.name, frozenset(failed))
    chosen = world.chosen(exercise.name)
    if chosen is None:
        imported = _imported_exercise(notebook, exercise.name)
        return Answer(exercise, imported)
    statements = sorted(world.reach(chosen, set(needs)), key=lambda one: one.order)
    own = [(one.file, one.line, one.source) for one in statements]
    program = (*_lent_program(world.lent), *own)
    return Answer(
        exercise,
        world.stand_ins[exercise.name],
        program,
        _parts(statements, world.stand_ins),
        bool(world.lent),
    )


def _parts(statements: list[Statement], namespace: dict[str, Any]) -> tuple[Callable[..., Any], ...]:
    """The statements as functions. Imports are left out: what is imported counts where it is used."""
    if len(statements) > MAX_STEPS:
        return ()
    work = (one.code for one in statements if not isinstance(one.node, ast.Import | ast.ImportFrom))
    return tuple(types.FunctionType(code, namespace) for code in work if code is not None)


class _World:
    """The part of a notebook that an answer reaches, with a stand-in for every name."""

    def __init__(self, notebook: Notebook, name: str, failed: frozenset[str]) -> None:
        self.notebook, self.name, self.failed = notebook, name, failed
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
        found, todo = {start: True}, [start]
        self.stand_ins[self.name] = function_of(start, self.stand_ins)
        while todo and len(found) <= MAX_STEPS:
            for name in sorted((todo.pop().reads | needs) - self.stand_ins.keys()):
                more = [one for one in self._bind(name) if one not in found]
                found |= dict.fromkeys(more, True)
                todo += more
        if len(found) > MAX_STEPS:
            return [*found]
        unknown = {name for one in found for name in one.reads} - self.stand_ins.keys() - set(dir(builtins))
        return [*found, *(self.notebook.stars if unknown else [])]

    def _bind(self, name: str) -> list[Statement]:
        """The statements that bind a name; puts its stand-in among the others."""
        imported = _imported_exercise(self.notebook, name)
        if name in self.failed or imported is not None:
            self.lent[name] = self.stand_ins[name] = imported or find_exercise(name)
            return []
        statements = self.notebook.bindings.get(name, [])
        definition = self.chosen(name)
        if definition is not None and isinstance(statements[-1].node, ast.FunctionDef):
            statements = [definition]
        if statements:
            self.stand_ins[name] = stand_in(statements[-1], name, self.stand_ins)
        return statements


def _imported_exercise(notebook: Notebook, name: str) -> Exercise | None:
    """The course's exercise of this name, where the notebook imports it and defines no function of that name afterwards."""
    bound = notebook.bindings.get(name)
    last = bound[-1] if bound else None
    if (
        last is None
        or not isinstance(last.node, ast.ImportFrom)
        or not (last.node.module or "").startswith("nnutils.exercises")
    ):
        return None
    alias = next(one for one in last.node.names if name in (one.asname, one.name))
    try:
        return find_exercise(alias.name)
    except UnknownName:
        return None


def _lent_program(lent: dict[str, Exercise]) -> list[Step]:
    """The course's own versions, and the exercises that they call in their turn."""
    todo, steps, seen = list(lent.values()), [], set()
    while todo:
        exercise = todo.pop()
        if exercise.name in seen:
            continue
        seen.add(exercise.name)
        steps.append((COURSE, 1, answer_source(exercise)))
        used = {name for code in codes(exercise.reference.__code__) for name in code.co_names}
        values = (exercise.reference.__globals__.get(name) for name in sorted(used))
        todo += [value for value in values if isinstance(value, Exercise)]
    names = [(COURSE, 1, f"{name} = {one.name}") for name, one in lent.items() if name != one.name]
    return [(COURSE, 1, "import numpy as np"), *steps, *names] if steps else []
