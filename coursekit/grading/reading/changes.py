"""What a statement changes without being a binding of its own: an item, an attribute, a list, or names that a loop gives."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coursekit.grading.reading.statements import Definition, Import, Loop, Statement, bound

ITEM, INNER, CALL, LOOP = "item", "inner", "call", "loop"  # T[0] = 1; T.a[0] = 1; T.append(1); for T in ...
Change = tuple[str, str]  # a name, and how its thing is changed
FILLED = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
MAKERS = {"list", "dict", "set", "deque", "defaultdict", "Counter", "OrderedDict"}


def changes_in(node: ast.stmt) -> Iterator[Change]:
    """The names whose things a statement at the top of a notebook changes."""
    match node:
        case ast.Assign(targets=targets):
            yield from (change for target in targets for change in _of_target(target))
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            yield from _of_target(target)
        case ast.Expr(value=ast.Call(func=ast.Attribute() as called)):
            yield from _rooted(called, CALL, CALL)
        case ast.FunctionDef(decorator_list=decorators):
            for decorator in decorators:  # as in @f.register
                yield from _of_target(decorator.func if isinstance(decorator, ast.Call) else decorator)
        case ast.For() | ast.AsyncFor() | ast.While():
            yield from ((name, LOOP) for name in bound(node))
            for inner in _statements_in(node):
                yield from ((name, LOOP) for name in bound(inner))
                yield from changes_in(inner)


def counts(how: str, last: Statement | None) -> bool:
    """Whether such a change belongs to a name, which the statement `last` binds last, or nothing else than loops."""
    node = last.node if last else None
    if node is None:
        return how == LOOP
    if isinstance(node, Import):
        return how == ITEM
    if isinstance(node, Definition):
        return how in (ITEM, INNER)
    return how != CALL or _is_filled(getattr(node, "value", None))


def _is_filled(value: ast.expr | None) -> bool:
    """Whether a name is bound to something that is filled by calls, as a list is: a call of a model's method trains it."""
    name = value.func if isinstance(value, ast.Call) else None
    called = name.attr if isinstance(name, ast.Attribute) else name.id if isinstance(name, ast.Name) else ""
    return isinstance(value, FILLED) or called in MAKERS


def _of_target(target: ast.expr) -> Iterator[Change]:
    match target:
        case ast.Attribute() | ast.Subscript():
            yield from _rooted(target, ITEM, INNER)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            yield from (change for part in parts for change in _of_target(part))


def _rooted(node: ast.expr, near: str, far: str) -> Iterator[Change]:
    """The name at the root of `a.b[c].d`; `near` if one step leads to it."""
    steps = 0
    while isinstance(node, ast.Attribute | ast.Subscript):
        node, steps = node.value, steps + 1
    if isinstance(node, ast.Name):
        yield node.id, near if steps == 1 else far


def _statements_in(loop: Loop) -> Iterator[ast.stmt]:
    """The statements in a loop's body and in what stands in it, but not those of functions and classes."""
    todo: list[ast.AST] = [*loop.body, *loop.orelse]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.stmt):
            yield node
        if not isinstance(node, Definition | Loop):
            todo += [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.expr)]
