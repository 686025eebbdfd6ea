"""What can be said of a student's function without running it."""

from __future__ import annotations

import builtins
import dis
import types
from collections.abc import Callable, Iterator
from typing import Any

READY_MADE = ("nnutils", "keras", "tensorflow", "sklearn", "torch", "scipy")


def is_stub(function: Callable[..., Any]) -> bool:
    """Whether the body does nothing: a docstring, `pass`, `...`, `return None` or `raise NotImplementedError`."""
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    work = [
        step for step in dis.get_instructions(code) if step.opname not in {"RESUME", "NOP", "COPY_FREE_VARS"}
    ]
    returns_none = [step.opname for step in work] in (
        ["LOAD_CONST", "RETURN_VALUE"],
        ["RETURN_CONST"],
    ) and work[0].argval is None
    names = {step.argval for step in work if step.opname == "LOAD_GLOBAL"}
    raises = (
        any(step.opname == "RAISE_VARARGS" for step in work)
        and names == {"NotImplementedError"}
        and len(work) <= 5
    )
    return returns_none or raises


def leaned_on(function: Callable[..., Any]) -> list[str]:
    """The notebook's variables that the function (or a helper of its notebook) reads instead of its arguments.

    Modules, functions, classes and CONSTANTS in capitals are fine; arrays and numbers by another name are not.
    """
    found = []
    for own, name in _global_names(function):
        value = own.__globals__.get(name, builtins)
        if value is builtins or callable(value) or isinstance(value, types.ModuleType) or name.isupper():
            continue
        found.append(name)
    return sorted(set(found))


def ready_made(function: Callable[..., Any], name: str, allows: tuple[str, ...] = ()) -> str | None:
    """The library's own answer that the function calls, or None.

    `name` is the exercise's: its reference counts too, under whatever name. `allows` lists packages (`keras`) or full names.
    """
    for own, word in _global_names(function):
        value = own.__globals__.get(word)
        if _is_reference(value, name):
            return f"the course's own {name}"
        if getattr(value, "__globals__", None) is own.__globals__:
            continue  # a helper of its own: its names are looked at, too
        path = _home(value)
        if path and _refused(path, allows):
            return path
    for path in _imports(function):
        if _refused(path, allows):
            return path
    return None


def _refused(path: str, allows: tuple[str, ...]) -> bool:
    inside = path.partition(".")[0] in READY_MADE
    return inside and not any(path == good or path.startswith(f"{good}.") for good in allows)


def _is_reference(value: Any, name: str) -> bool:
    return type(value).__name__ == "Exercise" and getattr(value, "name", None) == name


def _home(value: Any) -> str | None:
    """The full name of a module, class or function; None for data and for the exercises before this one."""
    if isinstance(value, types.ModuleType):
        return value.__name__
    if type(value).__name__ == "Exercise" or not callable(value):
        return None
    return f"{getattr(value, '__module__', '') or ''}.{getattr(value, '__name__', '')}"


def _imports(function: Callable[..., Any]) -> Iterator[str]:
    for own in _with_helpers(function):
        for code in _codes(own.__code__):
            yield from (
                str(step.argval) for step in dis.get_instructions(code) if step.opname == "IMPORT_NAME"
            )


def _global_names(function: Callable[..., Any]) -> Iterator[tuple[types.FunctionType, str]]:
    for own in _with_helpers(function):
        for code in _codes(own.__code__):
            yield from (
                (own, str(step.argval))
                for step in dis.get_instructions(code)
                if step.opname in {"LOAD_GLOBAL", "LOAD_NAME"}
            )


def _with_helpers(function: Callable[..., Any]) -> list[types.FunctionType]:
    """The function and those of its own notebook that it calls, each once."""
    todo, seen = [function], []
    while todo:
        own = todo.pop()
        if (
            not isinstance(own, types.FunctionType)
            or own in seen
            or own.__globals__ is not getattr(function, "__globals__", None)
        ):
            continue
        seen.append(own)
        names = {name for code in _codes(own.__code__) for name in code.co_names}
        todo += [own.__globals__[name] for name in sorted(names) if name in own.__globals__]
    return seen


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _codes(constant)
