"""Mutants of a reference: the function with one small change, as a slip of the pen makes it.

Changed are constants (one more, one less), comparisons, arithmetic, axes, keywords, the order of arguments and operands, signs
and truth operators; a parameter stands for another one; a function of one argument or a statement is left out. A mutant that
passes the check of an exercise, but differs from the reference, shows a case that the exercise lacks.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import inspect
import io
import signal
import sys
import textwrap
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnutils.checks.check import examine
from nnutils.checks.compare import agree
from nnutils.checks.exercise import Exercise
from nnutils.checks.run import copy_arguments

SECONDS = 3  # of CPU time, after which a mutant that hangs is interrupted, again and again
INPUTS = 10_000  # on which an equivalent mutant agrees with the reference
OTHERS = {
    ast.Lt: [ast.LtE, ast.Gt], ast.LtE: [ast.Lt, ast.GtE], ast.Gt: [ast.GtE, ast.Lt], ast.GtE: [ast.Gt, ast.LtE],
    ast.Eq: [ast.NotEq], ast.NotEq: [ast.Eq], ast.Is: [ast.IsNot], ast.IsNot: [ast.Is], ast.In: [ast.NotIn],
    ast.NotIn: [ast.In], ast.Add: [ast.Sub], ast.Sub: [ast.Add], ast.Mult: [ast.Div], ast.Div: [ast.Mult],
    ast.Pow: [ast.Mult], ast.FloorDiv: [ast.Div], ast.Mod: [ast.FloorDiv], ast.BitAnd: [ast.BitOr],
    ast.BitOr: [ast.BitAnd], ast.And: [ast.Or], ast.Or: [ast.And],
}  # fmt: skip
NOT_COMMUTATIVE = (ast.Sub, ast.Div, ast.Pow, ast.MatMult, ast.FloorDiv, ast.Mod)
Edit = tuple[str, Callable[[Any], None]]


@dataclass(frozen=True)
class Mutant:
    """One changed version of a reference: what was changed, its source, and the function."""

    change: str
    source: str
    function: Callable[..., Any]


class Hangs(BaseException):
    """A mutant ran for too long."""


def mutants_of(exercise: Exercise) -> Iterator[Mutant]:
    """All mutants of an exercise's reference, in a fixed order, each source once."""
    tree = _tree(exercise)
    seen = {ast.unparse(tree)}
    for change, changed in _changes(tree):
        source = ast.unparse(ast.fix_missing_locations(changed))
        if source not in seen:
            seen.add(source)
            yield _made(exercise, change, source)


def unchanged(exercise: Exercise) -> Mutant:
    """The reference itself, by the way that a mutant takes."""
    return _made(exercise, "nothing", ast.unparse(_tree(exercise)))


def _tree(exercise: Exercise) -> ast.Module:
    """The reference without its decorators."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(exercise.reference)))
    tree.body[0].decorator_list = []  # type: ignore[attr-defined]
    return tree


def _made(exercise: Exercise, change: str, source: str) -> Mutant:
    """The function of a source, among the names of the exercise's module."""
    names = {**vars(sys.modules[exercise.reference.__module__]), "_itself": lambda value: value}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the compiler, at `1 is 2`
        exec(compile(source, f"<mutant of {exercise.name}>", "exec"), names)
    return Mutant(change, source, names[exercise.name])


def passes(exercise: Exercise, mutant: Mutant) -> bool:
    """Whether the check lets the mutant pass, over the notebook's own cases."""
    try:
        with within(SECONDS):
            return examine(exercise, mutant.function).status == "passed"
    except (Hangs, MemoryError):
        return False


def equivalent(exercise: Exercise, mutant: Mutant, inputs: int = INPUTS) -> bool:
    """Whether the mutant does what the reference does on that many drawn inputs: results, or the same kind of error."""
    done, seed = 0, 1_000_000
    while done < inputs:
        for arguments in exercise.draw(seed):
            expected, other = (outcome(exercise, f, arguments) for f in (exercise.reference, mutant.function))
            if exercise.judged and not isinstance(other, type):
                if exercise.verdict_on(arguments, other) is not None:
                    return False
            elif isinstance(expected, type) or isinstance(other, type):
                if expected is not other:
                    return False
            elif not agree(expected, other, exercise.tolerance):
                return False
            done += 1
        seed += 1
    return True


def outcome(exercise: Exercise, function: Callable[..., Any], arguments: dict[str, Any]) -> Any:
    """What a function returns for a copy of the arguments, as far as it is compared; the class of its error where it raises."""
    given = copy_arguments(arguments, getattr(function, "__globals__", {}))
    try:
        with within(SECONDS), np.errstate(all="ignore"):
            result = function(*given.values())
        result = list(result) if isinstance(result, Iterator) else result
        return result if exercise.part is None else result[exercise.part]
    except (Exception, Hangs) as error:
        return type(error)


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Interrupt what takes longer, and again each time it goes on. Quiet."""

    def interrupt(*_: Any) -> None:
        raise Hangs

    before = signal.signal(signal.SIGVTALRM, interrupt)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, seconds / 5)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _changes(tree: ast.Module) -> Iterator[tuple[str, ast.Module]]:
    """Copies of the tree with one change each."""
    nodes = list(ast.walk(tree))
    skipped = {id(node) for node in _not_of_the_answer(tree)}
    parameters = [argument.arg for argument in tree.body[0].args.args]  # type: ignore[attr-defined]
    for number, node in enumerate(nodes):
        if id(node) in skipped:
            continue
        for change, edit in [*_edits(node), *_other_parameters(node, parameters)]:
            changed = copy.deepcopy(tree)
            edit(list(ast.walk(changed))[number])
            yield f"line {getattr(node, 'lineno', 0)}: {change}", changed


def _not_of_the_answer(tree: ast.Module) -> Iterator[ast.AST]:
    """The docstring and the signature."""
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    yield from ast.walk(function.args)
    if ast.get_docstring(function) is not None:
        yield from ast.walk(function.body[0])


def _edits(node: ast.AST) -> Iterator[Edit]:
    """What may be changed in a node: a name for the change, and the function that makes it in a copy of the node."""
    match node:
        case ast.Constant(value=bool()):
            yield "the other truth value", lambda n: setattr(n, "value", not n.value)
        case ast.Constant(value=int() | float()):
            yield "constant + 1", lambda n: setattr(n, "value", n.value + 1)
            yield "constant - 1", lambda n: setattr(n, "value", n.value - 1)
        case ast.Compare():
            for i, operator in enumerate(node.ops):
                for other in OTHERS[type(operator)]:
                    yield _named(operator, other), lambda n, i=i, other=other: n.ops.__setitem__(i, other())
        case ast.BinOp() | ast.AugAssign() | ast.BoolOp():
            for other in OTHERS.get(type(node.op), []):
                yield _named(node.op, other), lambda n, other=other: setattr(n, "op", other())
            if isinstance(node, ast.BinOp) and isinstance(node.op, NOT_COMMUTATIVE):
                yield "operands swapped", lambda n: n.__dict__.update(left=n.right, right=n.left)
        case ast.UnaryOp(op=ast.USub() | ast.Not()):
            yield "sign or not left out", lambda n: setattr(n, "op", ast.UAdd())
        case ast.Call():
            yield from _edits_of_call(node)
        case ast.FunctionDef() | ast.For() | ast.While() | ast.If() | ast.With():
            for i, statement in enumerate(node.body):
                if _may_go(statement, node):
                    yield (
                        f"line {statement.lineno} left out",
                        lambda n, i=i: n.body.__setitem__(i, ast.Pass()),
                    )


def _edits_of_call(node: ast.Call) -> Iterator[Edit]:
    if len(node.args) == 1 and not node.keywords:
        yield "call left out", lambda n: setattr(n, "func", ast.Name("_itself", ast.Load()))
    for i in range(len(node.args) - 1):
        yield (
            f"arguments {i + 1} and {i + 2} swapped",
            lambda n, i=i: n.args.__setitem__(slice(i, i + 2), n.args[i : i + 2][::-1]),
        )
    for i, keyword in enumerate(node.keywords):
        yield f"keyword {keyword.arg} left out", lambda n, i=i: n.keywords.pop(i)
        if keyword.arg == "axis":
            other = ast.Constant(1 if ast.unparse(keyword.value) == "0" else 0)
            yield "the other axis", lambda n, i=i, other=other: setattr(n.keywords[i], "value", other)


def _named(operator: ast.AST, other: type[ast.AST]) -> str:
    return f"{type(operator).__name__} → {other.__name__}"


def _may_go(statement: ast.stmt, parent: ast.AST) -> bool:
    """Whether a statement can be left out: not the docstring, an inner function, or what the function returns at its end."""
    if isinstance(statement, ast.Return):
        return not isinstance(parent, ast.FunctionDef)
    docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return not isinstance(statement, ast.FunctionDef) and not docstring


def _other_parameters(node: ast.AST, parameters: list[str]) -> Iterator[Edit]:
    """The other parameters that may stand where one is read."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in parameters:
        for other in parameters:
            if other != node.id:
                yield f"{node.id} → {other}", lambda n, other=other: setattr(n, "id", other)
