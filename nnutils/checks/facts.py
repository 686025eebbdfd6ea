"""What can be said of a student's function without running it."""

from __future__ import annotations

import builtins
import dis
import functools
import importlib
import inspect
import types
from collections.abc import Callable, Iterator
from typing import Any

READY_MADE = ("nnutils", "keras", "tensorflow", "sklearn", "torch", "scipy")
IDLE = {"RESUME", "NOP", "COPY_FREE_VARS"}
GLOBALS = {"LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS"}


def is_stub(function: Callable[..., Any]) -> bool:
    """Whether the body does nothing: a docstring, `pass`, `...`, `return None` or `raise NotImplementedError`."""
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    steps = [step for step in dis.get_instructions(code) if step.opname not in IDLE]
    kinds = [step.opname for step in steps]
    if kinds in (["LOAD_CONST", "RETURN_VALUE"], ["RETURN_CONST"]):
        return steps[0].argval in (None, ...)
    names = {step.argval for step in steps if step.opname == "LOAD_GLOBAL"}
    return names == {"NotImplementedError"} and "RAISE_VARARGS" in kinds and len(steps) <= 5


def what_else(value: Any) -> str | None:
    """What to say of something that is no function with a name of its own, such as a lambda; None where it is one."""
    write = "write it as a function, `def name(...):`, and check that"
    if isinstance(value, str):
        return f"check takes the function itself, without quotes: check({value})"
    if isinstance(value, type):
        return f"{value.__name__} is a class, and check takes a function: {write}"
    if getattr(value, "__name__", None) == "<lambda>":
        return f"this is a lambda, which has no name of its own: {write}"
    if not callable(value):
        return f"check takes the function of an exercise, not {type(value).__name__}: check(my_function)"
    if not hasattr(value, "__name__"):
        return f"this is an object of the class {type(value).__name__}, and check takes a function: {write}"
    return None


def other_form(function: Callable[..., Any]) -> str | None:
    """What to say of a function that does not return its result when it is called; None where it may."""
    if inspect.iscoroutinefunction(function):
        return (
            "it is an async function, which returns a coroutine and no result: write `def`, without `async`"
        )
    if inspect.isasyncgenfunction(function):
        return "it is an async function with `yield`: write `def`, without `async`, and return the result"
    if inspect.isgeneratorfunction(function):
        return "it has a `yield`, which makes it a generator: collect the results in a list and return that"
    return None


def leaned_on(function: Callable[..., Any]) -> list[str]:
    """The notebook's variables that the function (or a helper of its notebook) reads instead of its arguments.

    Modules, functions, classes and CONSTANTS in capitals are fine; arrays and numbers by another name are not, nor are
    the single capital letters that matrices go by.
    """
    found = set()
    for own, name in _global_names(function):
        value = own.__globals__.get(name, builtins)
        fine = value is builtins or callable(value) or isinstance(value, types.ModuleType)
        if not fine and not _is_constant(name) and name != "__name__":  # which every class inside it reads
            found.add(name)
    return sorted(found)


def _is_constant(name: str) -> bool:
    return name.isupper() and sum(map(str.isalpha, name)) > 1


def ready_made(function: Callable[..., Any], name: str, allows: tuple[str, ...] = ()) -> str | None:
    """The library's own answer that the function calls, or None.

    `name` is the exercise's: its reference counts too, under whatever name. `allows` lists packages (`keras`) or full names.
    """
    for own, word in _global_names(function):
        value = _unwrapped(own.__globals__.get(word))
        if _is_reference(value, name):
            return f"the course's own {name}"
        if getattr(value, "__globals__", None) is own.__globals__:
            continue  # a helper of its own: its names are looked at, too
        path = _home(value)
        if path and _refused(path, allows):
            return path
    return next((path for path in _imports(function) if _refused(path, allows)), None)


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


def _unwrapped(value: Any) -> Any:
    """The function inside a `functools.partial`, a method's decorator or a property; anything else as it is."""
    while isinstance(value, functools.partial | staticmethod | classmethod | property):
        value = (
            getattr(value, "func", None) or getattr(value, "__func__", None) or getattr(value, "fget", None)
        )
    return value


def _imports(function: Callable[..., Any]) -> Iterator[str]:
    """The modules that the function imports, by a statement or by a call with the name as text."""
    for own in _with_helpers(function):
        yield from names_used(own, {"IMPORT_NAME"})
        if any(_imports_by_call(own, name) for code in code_objects(own.__code__) for name in code.co_names):
            texts = [text for code in code_objects(own.__code__) for text in code.co_consts]
            yield from (text for text in texts if isinstance(text, str))


def _imports_by_call(function: types.FunctionType, name: str) -> bool:
    """Whether the name is that of `importlib.import_module` or `__import__`, or the notebook's own name for one of them."""
    value = function.__globals__.get(name)
    known = name in {"import_module", "__import__"}
    return known or value is importlib.import_module or value is builtins.__import__


def _global_names(function: Callable[..., Any]) -> Iterator[tuple[types.FunctionType, str]]:
    return ((own, name) for own in _with_helpers(function) for name in names_used(own, GLOBALS))


def _with_helpers(function: Callable[..., Any]) -> list[types.FunctionType]:
    """The function and the functions and classes of its own notebook that it uses, each function once."""
    home = getattr(function, "__globals__", None)
    todo: list[Any] = [function]
    seen: list[types.FunctionType] = []
    while todo:
        own = _unwrapped(todo.pop())
        if isinstance(own, type) and home is not None and own.__module__ == home.get("__name__"):
            todo += [vars(own)[name] for name in sorted(vars(own))]
        if isinstance(own, types.FunctionType) and own.__globals__ is home and own not in seen:
            seen.append(own)
            todo += [home[name] for name in sorted({*names_used(own, GLOBALS)}) if name in home]
    return seen


def names_used(function: types.FunctionType, kinds: set[str]) -> Iterator[str]:
    """The names in the function's instructions of these kinds, as `{"LOAD_GLOBAL"}`, those of inner functions included."""
    for code in code_objects(function.__code__):
        yield from _names_in(code, frozenset(kinds))


@functools.lru_cache(2048)
def _names_in(code: types.CodeType, kinds: frozenset[str]) -> tuple[str, ...]:
    return tuple(str(step.argval) for step in dis.get_instructions(code) if step.opname in kinds)


def code_objects(code: types.CodeType) -> Iterator[types.CodeType]:
    """The code and the code of all functions and classes inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from code_objects(constant)
