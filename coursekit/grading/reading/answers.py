"""One answer: the function, what it needs of its notebook, and what can be said of it without running it."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from coursekit.grading.reading.extract import Notebook
from coursekit.grading.reading.instead import found_instead
from coursekit.grading.reading.program import Step, program_of
from coursekit.grading.reading.stand_ins import UNDECIDED, Imported, function_of, parts_of, stand_in
from coursekit.grading.reading.statements import EXERCISES, Statement, alias_of
from coursekit.sandbox.program import Program
from nnutils.checks import objections
from nnutils.checks.catalogue import earlier, find_exercise
from nnutils.checks.errors import UnknownName
from nnutils.checks.exercise import Exercise
from nnutils.checks.facts import is_stub, notebook_globals_read

MAX_STEPS = 2_000


@dataclass(frozen=True)
class Answer:
    """One student's answer to one exercise.

    `function` is compiled and never run. Its globals are stand-ins for what the notebook binds, so that `checks.facts` can look
    at it. `program` is what the child executes, statement by statement.
    """

    exercise: Exercise
    function: Callable[..., Any] | None
    program: tuple[Step, ...] = ()
    parts: tuple[Callable[..., Any], ...] = ()  # its statements, as functions, for the facts
    lent: bool = False  # the program holds the course's own version of another exercise
    instead: str | None = None  # what the notebook has in place of a function, in words

    def as_program(self) -> Program:
        """What the sandbox runs."""
        exercise = self.exercise
        return Program(self.program, exercise.name, exercise.allows, exercise.part, self.lent)

    def is_stub(self) -> bool:
        """Whether nothing was written into it."""
        return self.function is not None and (
            is_stub(self.function) or self.exercise.unchanged(self.function)
        )

    def objection(self) -> str | None:
        """Why it may not be run: its signature does not fit, or it calls a ready answer; None if it may."""
        if self.function is None:
            return None
        if len(self.program) > MAX_STEPS:
            return f"it needs {len(self.program)} statements of its notebook, more than {MAX_STEPS}"
        return objections.objection(self.exercise, self.function, self.parts)

    def warning(self) -> str:
        """One sentence on what it does besides computing its result; empty if it does nothing else."""
        return objections.warning(self.function, self.parts) if self.function else ""

    def notebook_globals_read(self, callables: Iterable[str]) -> list[str]:
        """The notebook's variables that it reads. `callables`, by the child's word, can be called: they do not count."""
        names = getattr(self.function, "__globals__", {})
        for name in callables:
            if names.get(name) is UNDECIDED:
                names[name] = Imported("__main__", name)
        return notebook_globals_read(self.function) if self.function else []


def answer_of(
    notebook: Notebook, exercise: Exercise, failed: Iterable[str] = (), needs: Iterable[str] = ()
) -> Answer:
    """The answer to an exercise: the last definition of its name that is not a stub.

    needs: earlier answers that its cases call to make an argument, by name. failed: exercises whose answers are wrong, by name.
    If the answer calls one of these, or an exercise that its notebook imports, it gets the course's own version, as it does in
    the notebook; but only of exercises that stand before this one in the lesson.

    Raises
    ------
    Unreadable: looking through the notebook takes too long.
    """
    with notebook.clock:
        search = _Search(notebook, exercise, frozenset(failed))
        chosen = search.chosen(exercise.name)
        if chosen is None and (imported := _imported_exercise(notebook, exercise.name)):
            return Answer(exercise, imported)
        empty = chosen is None or search.is_empty(chosen)
        if empty and (instead := found_instead(notebook, exercise)):
            return Answer(exercise, None, instead=instead)
        if chosen is None:
            return Answer(exercise, None)
        statements = sorted(search.reach(chosen, needs), key=lambda statement: statement.place)
        program = program_of(exercise, statements, search.lent, chosen.test is not None)
        few = statements if len(statements) <= MAX_STEPS else []
        parts = tuple(part for statement in few for part in parts_of(statement, search.stand_ins))
        return Answer(exercise, search.stand_ins[exercise.name], program, parts, bool(search.lent))


class _Search:
    """Looks for the part of a notebook that an answer reaches, and makes a stand-in for every name."""

    def __init__(self, notebook: Notebook, exercise: Exercise, failed: frozenset[str]) -> None:
        self.notebook, self.name, self.exercise = notebook, exercise.name, exercise
        self.earlier = earlier(exercise)
        self.failed = failed & self.earlier
        self.stand_ins: dict[str, Any] = {"__name__": "__main__"}
        self.lent: dict[str, Exercise] = {}  # by the name that the notebook gives them

    def chosen(self, name: str) -> Statement | None:
        """The definition of `name` that counts: the last one that is not a stub, else the last one."""
        definitions = self.notebook.definitions(name)
        written = [definition for definition in definitions if not self.is_empty(definition)]
        return next(reversed(written or definitions), None)

    def is_empty(self, definition: Statement) -> bool:
        """Whether nothing was written: it is a stub, or the faulty code of the exercise as the student got it."""
        if definition.is_stub:
            return True
        own = definition.node.name == self.name if isinstance(definition.node, ast.FunctionDef) else False
        return own and self.exercise.unchanged(function_of(definition, {}))

    def reach(self, start: Statement, needs: Iterable[str]) -> list[Statement]:
        """The statement and all that it and its cases need."""
        todo = self._with_conditional(start, self.name)
        found = dict.fromkeys(todo)
        self.stand_ins[self.name] = function_of(start, self.stand_ins)
        names, seen = sorted({*needs}), {self.name, "__name__"}
        while True:
            self.notebook.clock.look()
            for name in names:
                if name not in seen:
                    more = [statement for statement in self._bind(name) if statement not in found]
                    found |= dict.fromkeys(more)
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
            exercise = self.stand_ins[name] = imported or find_exercise(name)
            if exercise.name in self.earlier:
                self.lent[name] = exercise
            return []
        statements = self.notebook.bindings.get(name, [])
        definition = self.chosen(name)
        if definition is not None and isinstance(statements[-1].node, ast.FunctionDef):
            statements = self._with_conditional(definition, name)
        if statements:
            self.stand_ins[name] = stand_in(statements[-1], name, self.stand_ins)
        return statements

    def _with_conditional(self, definition: Statement, name: str) -> list[Statement]:
        """The definition; if it has a condition, all definitions of its name: the child runs those whose condition is true."""
        return [definition] if definition.test is None else self.notebook.definitions(name)


def _imported_exercise(notebook: Notebook, name: str) -> Exercise | None:
    """The course's exercise of this name, where the notebook imports it and defines no function of that name afterwards."""
    bound = notebook.bindings.get(name)
    node = bound[-1].node if bound else None
    if not isinstance(node, ast.ImportFrom) or not EXERCISES.match(node.module or ""):
        return None
    try:
        return find_exercise(alias_of(node, name).name)
    except UnknownName:
        return None
