"""What the modules of nnutils bind at their top, from their text: a notebook's import never makes the grader import one."""

from __future__ import annotations

import ast
import functools
from pathlib import Path

from coursekit.grading.reading.statements import bound

PACKAGE = Path(__file__).parents[3] / "nnutils"


@functools.cache
def _modules() -> dict[str, Path]:
    """Module → file, of all that a notebook may import from."""
    return {_name(file): file for file in PACKAGE.rglob("*.py")}


def _name(file: Path) -> str:
    parts = ("nnutils", *file.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@functools.cache
def kind_of(module: str, name: str) -> str:
    """What `from module import name` gives: "module", "data", "code" (a function or a class), or "unknown"."""
    match _bindings(module).get(name) if module in _modules() else None:
        case ast.ImportFrom(module=home, names=names):
            original = next(one.name for one in names if name in (one.asname, one.name))
            return kind_of(home or "", original) if home != module else "module"
        case ast.Assign() | ast.AnnAssign():
            return "data"
        case ast.FunctionDef() | ast.ClassDef():
            return "code"
        case ast.Import():
            return "module"
    return "module" if f"{module}.{name}" in _modules() else "unknown"


@functools.cache
def _bindings(module: str) -> dict[str, ast.stmt]:
    tree = ast.parse(_modules()[module].read_text(encoding="utf-8"))
    return {name: node for node in tree.body for name in bound(node)}
