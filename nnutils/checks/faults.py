"""The faults of a repair exercise: what is planted in the code that students get, and every combination that can be left over."""

from __future__ import annotations

import ast
import inspect
import itertools
import linecache
import textwrap
import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

LEAST, MOST = 2, 4


@dataclass(frozen=True)
class Fault:
    """A fault: the text of the reference's body that is right, what stands there instead, and what the student reads.

    The sentence says what the code does wrong, never where.
    """

    name: str
    sentence: str
    right: str
    wrong: str


class BadFault(ValueError):
    """A fault cannot be planted; the message says why."""


def source_with(source: str, faults: Sequence[Fault]) -> str:
    """The source of a function with these faults planted in its body.

    Raises
    ------
    BadFault: a right text does not stand exactly once in the body, or two of them overlap.
    """
    start = _body_start(source)
    head, body = source[:start], source[start:]
    places = []
    for fault in faults:
        if body.count(fault.right) != 1:
            raise BadFault(
                f"{fault.name}: its right text stands {body.count(fault.right)} times in the body, not once"
            )
        place = body.index(fault.right)
        places.append((place, place + len(fault.right), fault))
    places.sort(key=lambda place: place[0])
    for (_, end, one), (begin, _, other) in itertools.pairwise(places):
        if begin < end:
            raise BadFault(
                f"{one.name} and {other.name} stand in the same place: a student could not mend only one of them"
            )
    for begin, end, fault in reversed(places):
        body = body[:begin] + fault.wrong + body[end:]
    return head + body


def combinations(faults: Sequence[Fault]) -> Iterator[tuple[Fault, ...]]:
    """Every combination that can be left over, the smallest first, so that a fault which another one hides is not told."""
    for size in range(1, len(faults) + 1):
        yield from itertools.combinations(faults, size)


def sentence_of(faults: Sequence[Fault]) -> str:
    """What is said where these faults are left."""
    if len(faults) == 1:
        return faults[0].sentence
    return " ".join([f"{len(faults)} faults are left.", *(fault.sentence for fault in faults)])


def function_of(source: str, name: str, world: dict[str, Any], called: str) -> Callable[..., Any]:
    """The function `name` that the source defines, under another name, with the globals of `world`."""
    file = f"<{name}: {called}>"
    module = compile(source, file, "exec", dont_inherit=True)
    code = next(item for item in module.co_consts if inspect.iscode(item) and item.co_name == name)
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    defaults = inspect.signature(_defined(source, name)).parameters.values()
    function = types.FunctionType(
        code, world, called, tuple(p.default for p in defaults if p.default is not p.empty)
    )
    function.__module__ = world["__name__"]
    return function


def plain_source(function: Callable[..., Any]) -> str:
    """A function's source from `def` on, without its decorators, at the margin."""
    lines = textwrap.dedent(inspect.getsource(function)).splitlines(keepends=True)
    start = next(number for number, line in enumerate(lines) if line.startswith("def "))
    return "".join(lines[start:])


def same_code(one: types.CodeType, other: types.CodeType) -> bool:
    """Whether two functions do the same, instruction by instruction, whatever their docstrings, comments and places are."""
    return _body(one) == _body(other)


def _body(code: types.CodeType, first: int = 1) -> tuple[Any, ...]:
    """What a function does: its instructions, names and constants, of which the first one of a function is its docstring."""
    constants = [
        _body(item, 0) if inspect.iscode(item) else (type(item), repr(item))
        for item in code.co_consts[first:]
    ]
    return code.co_code, code.co_names, code.co_varnames, code.co_freevars, constants


def _defined(source: str, name: str) -> Callable[..., Any]:
    """The function, only to look at its defaults, which are plain values."""
    world: dict[str, Any] = {}
    definition = ast.parse(source).body[0]
    assert isinstance(definition, ast.FunctionDef)
    definition.body, definition.returns = [ast.Pass()], None
    for argument in definition.args.args:
        argument.annotation = None
    exec(compile(ast.fix_missing_locations(ast.Module([definition], [])), "<defaults>", "exec"), world)
    return world[name]


def _body_start(source: str) -> int:
    """The place where the body begins, after the docstring."""
    definition = ast.parse(source).body[0]
    assert isinstance(definition, ast.FunctionDef)
    end = (
        definition.body[0].end_lineno
        if ast.get_docstring(definition) is not None
        else definition.body[0].lineno - 1
    )
    return sum(len(line) for line in source.splitlines(keepends=True)[:end])
