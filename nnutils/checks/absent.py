"""What a notebook does where Keras is not installed, as in a browser: cells that need it are left out, and the rest goes on."""

from __future__ import annotations

import ast
import importlib.util
import sys
from typing import Any

PACKAGES = {"keras", "tensorflow"}
SAID = (
    "○ This part needs Keras, which is not installed here: `python3 course.py lab` or "
    "`pip install 'nnutils[keras]'` installs it. The rest of the notebook goes on without it."
)


class WithoutKeras(ast.NodeTransformer):
    """Puts a sentence into the place of a cell that imports Keras, or that uses a name which such a cell would have made."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.names = names  # those of the notebook
        self.absent: set[str] = set()

    def visit(self, node: ast.AST) -> ast.AST:
        if not isinstance(node, ast.Module):
            return node
        names = [name for name in ast.walk(node) if isinstance(name, ast.Name)]
        used = {name.id for name in names if isinstance(name.ctx, ast.Load)}
        if not any(map(_imports_keras, node.body)) and not used & (self.absent - self.names.keys()):
            return node
        self.absent |= _made(node.body)
        return ast.fix_missing_locations(ast.parse(f"print({SAID!r})"))


def goes_on_without_keras() -> None:
    """Let the cells of this notebook that need Keras say so, if it is not installed and a notebook runs this."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None or importlib.util.find_spec("keras") is not None:
        return
    if not any(isinstance(known, WithoutKeras) for known in shell.ast_transformers):
        shell.ast_transformers.append(WithoutKeras(shell.user_ns))


def _imports_keras(statement: ast.stmt) -> bool:
    """Whether a statement imports Keras when it runs; a function that would import it when it is called does not."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return False
    if isinstance(statement, ast.Import):
        return any(alias.name.partition(".")[0] in PACKAGES for alias in statement.names)
    if isinstance(statement, ast.ImportFrom):
        return (statement.module or "").partition(".")[0] in PACKAGES
    return any(_imports_keras(part) for part in ast.iter_child_nodes(statement) if isinstance(part, ast.stmt))


def _made(body: list[ast.stmt]) -> set[str]:
    """The names that statements make."""
    nodes = [node for statement in body for node in ast.walk(statement)]
    made = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    made |= {node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    imports = [
        alias for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names
    ]
    return made | {alias.asname or alias.name.partition(".")[0] for alias in imports}
