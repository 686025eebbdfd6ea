"""What a notebook does where Keras is not installed, as in a browser: what needs it says so, and the rest goes on.

Cells that need Keras are left out, and so are checks of answers that make Keras models, which would find mistakes that are none.
"""

from __future__ import annotations

import ast
import functools
import importlib.util
import sys
from collections.abc import Callable
from typing import Any, TypeVar, cast

from nnutils.checks.errors import CheckFailed
from nnutils.checks.exercise import Exercise
from nnutils.checks.nbgrader import validates
from nnutils.checks.objections import exercise_of
from nnutils.checks.view import show

Check = TypeVar("Check", bound=Callable[..., Any])
PACKAGES = {"keras", "tensorflow"}
SAID = (
    "○ This part needs Keras, which is not installed here: `python3 course.py lab` or "
    "`pip install 'nnutils[keras]'` installs it. The rest of the notebook goes on without it."
)
UNCHECKED = "{name}: this exercise needs Keras, so it can be checked only in a full install of the course"


class NeedsKeras:
    """Stands for an answer that makes Keras models. Cells that use it are left out, as those that import Keras."""

    def __init__(self, exercise: Exercise) -> None:
        self.__name__ = exercise.name

    def __call__(self, *_: Any, **__: Any) -> Any:
        raise ModuleNotFoundError(SAID, name="keras")


class WithoutKeras(ast.NodeTransformer):
    """Puts a sentence into the place of a cell that imports Keras, or that uses a name which such a cell would have made.

    What else the cell imports is imported: later cells that need no Keras use it.
    """

    def __init__(self, names: dict[str, Any]) -> None:
        self.names = names  # those of the notebook
        self.absent: set[str] = set()

    def visit(self, node: ast.AST) -> ast.AST:
        if not isinstance(node, ast.Module):
            return node
        names = [name for name in ast.walk(node) if isinstance(name, ast.Name)]
        used = {name.id for name in names if isinstance(name.ctx, ast.Load)}
        absent = self.absent - self.names.keys() - _made([part for part in node.body if _imports(part)])
        absent |= {name for name in used if isinstance(self.names.get(name), NeedsKeras)}
        if not any(map(_imports_keras, node.body)) and not used & absent:
            return node
        kept = [part for part in node.body if _imports(part) and not _imports_keras(part)]
        self.absent |= _made([part for part in node.body if part not in kept])
        said = ast.parse(f"print({SAID!r})").body
        return ast.fix_missing_locations(ast.Module([*kept, *said], []))


def goes_on_without_keras() -> None:
    """Let the cells of this notebook that need Keras say so, if it is not installed and a notebook runs this."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None or _is_installed():
        return
    if not any(isinstance(known, WithoutKeras) for known in shell.ast_transformers):
        shell.ast_transformers.append(WithoutKeras(shell.user_ns))


def of_this_install(check: Check) -> Check:
    """`check`; where Keras is not installed one that says of an exercise that needs it that it cannot be checked.

    It keeps no verdict, and returns a NeedsKeras, so that the notebook goes on.
    """
    if _is_installed():
        return check

    @functools.wraps(check)
    def checks_the_others(function: Callable[..., Any]) -> Any:
        try:
            exercise = exercise_of(function, vars(sys.modules["__main__"]))
        except (LookupError, TypeError):
            return check(function)  # which says what is wrong
        if not exercise.needs_keras:
            return check(function)
        said = UNCHECKED.format(name=exercise.name)
        show("not attempted", said)
        if validates():
            raise CheckFailed(said)
        return NeedsKeras(exercise)

    return cast(Check, checks_the_others)


def _is_installed() -> bool:
    return importlib.util.find_spec("keras") is not None


def _imports_keras(statement: ast.stmt) -> bool:
    """Whether a statement imports Keras when it runs; a function that would import it when it is called does not."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return False
    if isinstance(statement, ast.Import):
        return any(alias.name.partition(".")[0] in PACKAGES for alias in statement.names)
    if isinstance(statement, ast.ImportFrom):
        return (statement.module or "").partition(".")[0] in PACKAGES
    return any(_imports_keras(part) for part in ast.iter_child_nodes(statement) if isinstance(part, ast.stmt))


def _imports(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Import | ast.ImportFrom)


def _made(body: list[ast.stmt]) -> set[str]:
    """The names that statements make."""
    nodes = [node for statement in body for node in ast.walk(statement)]
    made = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    made |= {node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    imports = [
        alias for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names
    ]
    return made | {alias.asname or alias.name.partition(".")[0] for alias in imports}
