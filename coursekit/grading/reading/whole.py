"""A whole notebook as the program of an answer: every cell from top to bottom, for answers that need each other's cells.

It runs in the same sandboxed child as an answer does, once for all exercises of the notebook. What would show an answer is not
there: `check`, `hint`, `solution`, `quiz` and their kin do nothing, and neither do the figures and the course's own exercises.
The numerics of nnutils and other libraries are there, because the notebook's demonstrations import them.
"""

from __future__ import annotations

import ast

from coursekit.grading.reading.answers import Answer
from coursekit.grading.reading.extract import Notebook
from coursekit.grading.reading.lent import COURSE, Step
from coursekit.sandbox.places import is_hidden
from coursekit.sandbox.program import Program
from nnutils.checks.facts import READY_MADE

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


def whole(answer: Answer, notebook: Notebook) -> Program:
    """The whole notebook as the program of an answer."""
    cells = [(f"code cell {number}", _tamed(source)) for number, source in notebook.cells]
    name = answer.exercise.name
    program: tuple[Step, ...] = (
        (COURSE, 1, SETUP),
        (COURSE, 1, RUN.format(cells=cells)),
        (COURSE, 1, name),  # a NameError where no cell came to define it
    )
    return Program(program, name, READY_MADE, answer.exercise.part)


def _tamed(source: str) -> str:
    """The source of a cell, on the same lines, in which imports of what a child must not see bind nothing."""
    lines = source.split("\n")
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import | ast.ImportFrom) and (names := _hidden(node)):
            last = node.end_lineno or node.lineno
            lines[node.lineno - 1 : last] = [
                f"{' = '.join(names)} = __nothing__",
                *[""] * (last - node.lineno),
            ]
    return "\n".join(lines)


def _hidden(node: ast.Import | ast.ImportFrom) -> list[str]:
    """The names that an import of the course's answers or figures binds."""
    modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
    if isinstance(node, ast.ImportFrom):  # a name that is imported may be a module
        modules += [f"{node.module}.{alias.name}" for alias in node.names]
    if not any(is_hidden(module) for module in modules):
        return []
    return [one.asname or one.name.partition(".")[0] for one in node.names if one.name != "*"]
