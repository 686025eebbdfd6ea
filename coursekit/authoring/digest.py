"""What a built notebook depends on, as one hash: its cells, and the code of nnutils that they import."""

from __future__ import annotations

import ast
import functools
import hashlib
import io
import tokenize
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
COURSE = ("nnutils", "coursekit")


def of_cells(notebook: Any) -> str:
    """A hash of the kinds and sources of a notebook's cells: what a student edits."""
    return _hash(f"{cell.cell_type}\n{cell.source}" for cell in notebook.cells)


def of_solution(notebook: Any, lesson: Path, root: Path = ROOT) -> str:
    """A hash of all that a solution's outputs depend on: its cells and every module of nnutils that they reach.

    `lesson` is the lesson's source, `root` the folder that holds nnutils. Comments and docstrings do not count. The result
    is the same on every supported Python and system.
    """
    topic = f"nnutils.lessons.{lesson.stem.partition('_')[2]}"
    reached = _reach(
        imports(lesson) | {"nnutils", f"{topic}.exercises", f"{topic}.questions", f"{topic}.predictions"},
        root,
        packages=True,
    )
    return _hash([of_cells(notebook), *reached])


def of_code(source: str) -> str:
    """A hash of code in which comments and docstrings do not count."""
    return _hash([_code(source)])


def of_numerics(lesson: Path, root: Path = ROOT) -> str:
    """A hash of the code of nnutils from which a lesson's values come: its imports without checks and figures."""
    shown = ("nnutils", "plots", "explorer")
    return of_modules({name for name in imports(lesson) if name.rpartition(".")[2] not in shown}, root=root)


def of_modules(names: set[str], *more: str, root: Path = ROOT) -> str:
    """A hash of modules of the course, of all that they import, and of more texts. Their packages' own modules do not count."""
    return _hash([*more, *_reach(names, root, packages=False)])


def _reach(names: set[str], root: Path, packages: bool) -> list[str]:
    """Name and code of all modules that these import, directly or not; with `packages`, of the packages that they lie in."""
    found: dict[str, Path] = {}
    todo = set(names)
    while todo:
        name = todo.pop()
        stem = root.joinpath(*name.split("."))
        path = next(
            (file for file in (stem.with_suffix(".py"), stem / "__init__.py") if file.is_file()), None
        )
        if name and path and name not in found:
            found[name] = path
            todo |= imports(path) | {name.rpartition(".")[0]} if packages else imports(path) - {"nnutils"}
    return [f"{name}\n{code(path)}" for name, path in sorted(found.items())]


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


@functools.cache
def imports(path: Path) -> set[str]:
    """All that a file may import from the course: the modules named, and the names imported from them, which may be modules."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.partition(".")[0] in COURSE}


@functools.cache
def code(path: Path) -> str:
    """A file's lines without comments, docstrings and blank lines."""
    return _code(path.read_text(encoding="utf-8"))


def _code(text: str) -> str:
    lines = text.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    for node in ast.walk(ast.parse(text)):
        if (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and ast.get_docstring(node) is not None
        ):
            first, last = node.body[0].lineno, node.body[0].end_lineno or node.body[0].lineno
            lines[first - 1 : last] = [""] * (last - first + 1)
    return "\n".join(line.rstrip() for line in lines if line.strip())
