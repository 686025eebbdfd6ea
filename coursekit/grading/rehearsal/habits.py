"""How students write: own names for variables, one more step before `return`, a helper. It never changes a result."""

from __future__ import annotations

import ast
import builtins
import random
from collections.abc import Iterable

PREFIXES = ("tmp", "val", "my", "res", "x", "step", "zwischen", "calc", "q", "결과", "paso", "aux", "v", "r")
LAST = ("result", "out", "answer", "ans", "final", "ret", "erg", "sonuc", "y_out", "res_all")
COMMENTS = (
    "# got this one after a long night",
    "# see my notes of week 3",
    "# checked by hand with two numbers",
    "# first version was too slow",
    "# hope the shapes are fine now",
    "# same idea as in the figure above",
)


def in_own_hand(source: str, rng: random.Random) -> str:
    """An answer as one student writes it: own names for variables, perhaps a step before `return`, perhaps a comment."""
    tree = ast.parse(source)
    function = tree.body[-1]
    if not isinstance(function, ast.FunctionDef):
        return source
    if rng.random() < 0.5:
        _with_last_step(function, rng.choice(LAST))
    _rename(function, rng.choice(PREFIXES), tree)
    text = ast.unparse(ast.fix_missing_locations(tree))
    return f"{rng.choice(COMMENTS)}\n{text}" if rng.random() < 0.2 else text


def copied(source: str, rng: random.Random) -> str:
    """An answer as somebody copies it who does not want to be seen: other names for all variables, and no comment."""
    tree = ast.parse(source)
    function = tree.body[-1]
    if not isinstance(function, ast.FunctionDef):
        return source
    _rename(function, f"{rng.choice(PREFIXES)}_", tree)
    return ast.unparse(ast.fix_missing_locations(tree))


def with_helper(source: str, name: str) -> str:
    """An answer whose results go through a helper function called `name`."""
    tree = ast.parse(source)
    function = tree.body[-1]
    if not isinstance(function, ast.FunctionDef):
        return source
    for node in _own_nodes(function):
        if isinstance(node, ast.Return) and node.value is not None:
            node.value = ast.Call(ast.Name(name, ast.Load()), [node.value], [])
    helper = f"def {name}(value):\n    return value"
    return f"{helper}\n\n\n{ast.unparse(ast.fix_missing_locations(tree))}"


def _with_last_step(function: ast.FunctionDef, name: str) -> None:
    """`return value` at the end becomes `name = value` and `return name`."""
    last = function.body[-1]
    used = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)} | _arguments(function)
    if isinstance(last, ast.Return) and last.value is not None and name not in used:
        assign = ast.Assign([ast.Name(name, ast.Store())], last.value)
        function.body[-1:] = [assign, ast.Return(ast.Name(name, ast.Load()))]


def _rename(function: ast.FunctionDef, prefix: str, tree: ast.Module) -> None:
    """Give the function's own variables other names, where that is safe."""
    nodes = [*ast.walk(function)]
    names = [node for node in nodes if isinstance(node, ast.Name)]
    kept = {*_arguments(function), *dir(builtins)}
    for other in tree.body[:-1]:  # helpers and constants above it
        kept |= {node.id for node in ast.walk(other) if isinstance(node, ast.Name)}
        kept |= {node.name for node in ast.walk(other) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    for node in nodes:
        if isinstance(node, ast.Match | ast.ClassDef):  # they bind names in other ways, too
            return
        if isinstance(node, ast.Global | ast.Nonlocal):
            kept |= {*node.names}
        elif isinstance(node, ast.FunctionDef):
            kept.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            kept |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ExceptHandler) and node.name:
            kept.add(node.name)
    own = dict.fromkeys(node.id for node in names if isinstance(node.ctx, ast.Store) and node.id not in kept)
    known = {node.id for node in names} | kept
    fresh = (name for i in range(10_000) if (name := f"{prefix}{i + 1}") not in known)
    new = dict(zip(own, fresh, strict=False))
    for node in names:
        node.id = new.get(node.id, node.id)


def _arguments(function: ast.FunctionDef) -> set[str]:
    return {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}


def _own_nodes(function: ast.FunctionDef) -> Iterable[ast.AST]:
    """The nodes of a function without those of functions inside it."""
    todo: list[ast.AST] = [*function.body]
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            todo += ast.iter_child_nodes(node)
