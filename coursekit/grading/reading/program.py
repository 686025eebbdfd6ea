"""The program that the child executes for an answer: statements of its notebook, after what the course adds."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping, Sequence

from coursekit.grading.reading import shown
from coursekit.grading.reading.statements import Import, Statement
from nnutils.checks.catalogue import reached
from nnutils.checks.exercise import Exercise
from nnutils.checks.facts import LIBRARIES
from nnutils.checks.faults import plain_source

Step = tuple[str, int, str]  # file, first line, source
COURSE = "code of the course"
SHOWN = f"(lambda world: exec({inspect.getsource(shown)!r}, world) or world['install']())({{'__name__': 'shown'}})"


def program_of(
    exercise: Exercise, statements: Sequence[Statement], lent: Mapping[str, Exercise], conditional: bool
) -> tuple[Step, ...]:
    """The program of an answer that is made of these statements.

    lent: the exercises of which it gets the course's own version, by the name that the notebook gives them. conditional: whether
    the answer's definition has a condition.
    """
    program = [(COURSE, 1, _lending(name, lent[name])) for name in sorted(lent)]
    steps = [
        (statement.file, statement.line, _absent(statement, exercise) or statement.source)
        for statement in statements
    ]
    named = {name for statement in statements for name in (*statement.reads, *statement.packages)}
    if named & {*shown.NAMES, *shown.PACKAGES} or any(shown.HOME in source for _, _, source in steps):
        program.append((COURSE, 1, SHOWN))
    # the name alone, at the end, raises a NameError if no condition was true
    return (*program, *steps, *([(COURSE, 1, exercise.name)] if conditional else []))


def _lending(name: str, exercise: Exercise) -> str:
    """One line that binds a name to the course's version of an exercise.

    What that version calls is bound in another namespace, which has no name, so that the answer cannot use it.
    """
    sources = "\n".join(plain_source(called.reference) for called in reached(exercise))
    return (
        f"{name} = (lambda world: exec({sources!r}, world) or world[{exercise.name!r}])"
        "({'np': __import__('numpy'), '__name__': 'course'})"
    )


def _absent(statement: Statement, exercise: Exercise) -> str | None:
    """What runs in place of the import of a library that answers may not call: type hints and defaults may still name it."""
    node, allowed = statement.node, {path.partition(".")[0] for path in exercise.allows}
    if not isinstance(node, Import) or statement.whole:
        return None
    packages = statement.packages
    if not packages & {*LIBRARIES} - allowed or len(packages) > 1 or node.names[0].name == "*":
        return None
    bindings = []
    for alias in node.names:
        name, path = alias.asname or alias.name.partition(".")[0], alias.name
        if isinstance(node, ast.ImportFrom):
            path = f"{node.module}.{alias.name}"
        elif not alias.asname:
            path = name
        bindings.append(f"{name} = __import__({shown.HOME!r}).Absent({path!r})")
    return "; ".join(bindings)
