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


def of_cells(notebook: Any) -> str:
    """A hash of the sources and kinds of a notebook's cells: what a student edits."""
    return _hash(f"{cell.cell_type}\n{cell.source}" for cell in notebook.cells)


def of_solution(notebook: Any, lesson: Path, package: Path) -> str:
    """A hash of all that a solution's outputs depend on: its cells and every module of nnutils that they reach.

    Comments and docstrings do not count. The result is the same on every supported Python and system.
    """
    topic = f"nnutils.lessons.{lesson.stem.partition('_')[2]}"
    own = {"nnutils", f"{topic}.exercises", f"{topic}.questions"}
    reached = _reach(imports(lesson) | own, package.parent)
    return _hash([of_cells(notebook), *(f"{name}\n{_code(path)}" for name, path in sorted(reached.items()))])


def of_modules(names: set[str], *more: str, root: Path) -> str:
    """A hash of modules of nnutils, of all that they import, and of more texts. Their packages' own modules do not count."""
    reached = _reach(names, root, packages=False)
    return _hash([*more, *(f"{name}\n{_code(path)}" for name, path in sorted(reached.items()))])


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _reach(names: set[str], root: Path, packages: bool = True) -> dict[str, Path]:
    found: dict[str, Path] = {}
    todo = set(names)
    while todo:
        name = todo.pop()
        path = _file(name, root)
        if path is not None and name not in found:
            found[name] = path
            todo |= imports(path)
            if packages:
                todo.add(name.rpartition(".")[0])
    return found


def _file(name: str, root: Path) -> Path | None:
    stem = root.joinpath(*name.split(".")) if name else root
    places = (stem.with_suffix(".py"), stem / "__init__.py")
    return next((path for path in places if path.is_file()), None)


@functools.cache
def imports(path: Path) -> set[str]:
    """All that a file may import from nnutils: the modules named, and the names imported from them, which may be modules."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.partition(".")[0] == "nnutils"}


@functools.cache
def _code(path: Path) -> str:
    """A file's lines without comments, docstrings and blank lines."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    for node in ast.walk(ast.parse(text)):
        if (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and ast.get_docstring(node, clean=False) is not None
        ):
            last = node.body[0].end_lineno or node.body[0].lineno
            lines[node.body[0].lineno - 1 : last] = [""] * (last - node.body[0].lineno + 1)
    return "\n".join(line.rstrip() for line in lines if line.strip())
