"""The program that the child executes for an answer: statements of its notebook, after what the course adds."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Mapping, Sequence

from coursekit.grading.reading import shown
from coursekit.grading.reading.extract import Notebook
from coursekit.grading.reading.statements import Import, Statement
from coursekit.sandbox.places import is_hidden
from nnutils.checks.catalogue import reached
from nnutils.checks.exercise import Exercise
from nnutils.checks.facts import LIBRARIES
from nnutils.checks.faults import plain_source

Step = tuple[str, int, str]  # file, first line, source
COURSE = "code of the course"
SHOWN = f"(lambda world: exec({inspect.getsource(shown)!r}, world) or world['install']())({{'__name__': 'shown'}})"
TRUST = "the whole notebook ran in its process: a library's answer in disguise is not found out"
SETUP = """
import os, sys, linecache, nnutils
os.environ["MPLBACKEND"] = "Agg"
class Nothing:
    def __call__(self, *args, **kwargs): return self
    def __getattr__(self, name): return self if not name.startswith("__") else object.__getattribute__(self, name)
    def __iter__(self): return iter(())
nothing = Nothing()
for name in nnutils.__all__:
    setattr(nnutils, name, nothing)
nnutils.check = lambda function: function
"""
RUN = """
import sys, linecache
if not hasattr(sys, "whole_notebook"):
    sys.whole_notebook = {{"__name__": "__main__", "__nothing__": nothing}}
    for file, source in {cells!r}:
        linecache.cache[file] = (0, None, [line + "\\n" for line in source.split("\\n")], file)
        try:
            exec(compile(source, file, "exec", dont_inherit=True), sys.whole_notebook)
        except BaseException:
            pass  # it costs its cell
globals().update(sys.whole_notebook)
"""


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
    named = {name for statement in statements for name in (*statement.reads, *_packages(statement.outer))}
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


def _packages(node: ast.AST) -> set[str]:
    """The packages that a statement imports."""
    imports = [inner for inner in ast.walk(node) if isinstance(inner, Import)]
    return {module.partition(".")[0] for inner in imports for module in _imported(inner)}


def _imported(node: Import) -> list[str]:
    """The full names that an import names: of `from a import b` both a and a.b, which may be a module."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    module = node.module or ""
    return [module, *(f"{module}.{alias.name}" for alias in node.names)]


def _absent(statement: Statement, exercise: Exercise) -> str | None:
    """What runs in place of the import of a library that answers may not call: type hints and defaults may still name it."""
    node, allowed = statement.node, {path.partition(".")[0] for path in exercise.allows}
    if not isinstance(node, Import) or statement.whole:
        return None
    packages = _packages(node)
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


def whole_program(exercise: Exercise, notebook: Notebook) -> tuple[Step, ...]:
    """A program that runs the whole notebook, cell by cell, for answers that need each other's cells.

    It runs once for all exercises of the notebook. `check`, `hint`, `solution`, `quiz` and the like do nothing, because they
    would show an answer; nor do the figures and the course's own exercises. The numerics of nnutils and other libraries can be
    used, because the notebook's demonstrations import them.
    """
    cells = [(f"code cell {number}", _without_answers(source)) for number, source in notebook.cells]
    steps: Iterable[str] = (
        SETUP,
        RUN.format(cells=cells),
        exercise.name,
    )  # a NameError if no cell defines it
    return tuple((COURSE, 1, source) for source in steps)


def _without_answers(source: str) -> str:
    """The source of a cell, on the same lines, in which imports of the course's answers or figures bind nothing."""
    lines = source.split("\n")
    for node in ast.parse(source).body:
        if isinstance(node, Import) and any(map(is_hidden, _imported(node))):
            names = [
                alias.asname or alias.name.partition(".")[0] for alias in node.names if alias.name != "*"
            ]
            first, last = node.lineno - 1, node.end_lineno or node.lineno
            if names:
                lines[first:last] = [f"{' = '.join(names)} = __nothing__", *[""] * (last - first - 1)]
    return "\n".join(lines)
