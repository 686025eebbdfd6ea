"""What a student's function calls and reads, found without running it. Imports nothing of the course."""

from __future__ import annotations

import builtins
import dis
import functools
import importlib
import inspect
import re
import sys
import types
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

LIBRARIES = ("keras", "tensorflow", "sklearn", "torch", "scipy")
READY_MADE = ("nnutils", *LIBRARIES)
IDLE = {"RESUME", "NOP", "COPY_FREE_VARS"}
SHOWING = {"IPython", "ipywidgets", "matplotlib", "tqdm"}  # packages, which are not there at grading
STOPPED = {"concurrent", "multiprocessing", "requests", "socket", "subprocess", "threading", "urllib"}
IMPORTERS = (importlib.import_module, builtins.__import__)
IMPORTS = frozenset({"IMPORT_NAME"})
GLOBALS = frozenset({"LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS"})
WRAPPERS = {  # what a function may be wrapped in → the attribute that holds it
    functools.partial: "func",
    functools._lru_cache_wrapper: "__wrapped__",
    staticmethod: "__func__",
    classmethod: "__func__",
    property: "fget",
}
KINDS = tuple(WRAPPERS)


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


def notebook_globals_read(function: Callable[..., Any]) -> list[str]:
    """The notebook's variables that the function (or a helper of its notebook) reads instead of its arguments.

    Modules, functions, classes and CONSTANTS in capitals are fine; arrays and numbers by another name are not, nor are
    the single capital letters that matrices go by.
    """
    found = set()
    for own, name in _global_names([function]):
        value = own.__globals__.get(name, builtins)
        constant = name.isupper() and sum(map(str.isalpha, name)) > 1
        if not (constant or value is builtins or callable(value) or isinstance(value, types.ModuleType)):
            found.add(name)
    return sorted(found - {"__name__"})  # which every class inside the function reads


def ready_made(
    function: Callable[..., Any],
    name: str,
    allows: tuple[str, ...] = (),
    earlier: Collection[str] | None = None,
    parts: Sequence[Callable[..., Any]] = (),
) -> str | None:
    """The library's own answer that the function calls, or None. A type hint or a default that is no function calls nothing.

    `name` is the exercise's: its reference counts too, under whatever name. `allows` lists packages (`keras`) or full names.
    `earlier` names the exercises whose reference it may call (default: all but its own); `parts` is code that belongs to it.
    """

    def refused(path: str | None) -> bool:
        allowed = any(path == good or str(path).startswith(f"{good}.") for good in allows)
        return path is not None and path.partition(".")[0] in READY_MADE and not allowed

    for value, is_helper in _values_used([function, *parts]):
        if type(value).__name__ == "Exercise":
            if value.name == name or (earlier is not None and value.name not in earlier):
                return f"the course's own {value.name}"
        elif not is_helper and refused(path := _full_name(value)):
            return path
    return next(filter(refused, _imports([function, *parts])), None)


def beside(
    function: Callable[..., Any], parts: Sequence[Callable[..., Any]] = ()
) -> tuple[list[str], list[str]]:
    """What the function does beside computing: the names by which it shows something, and those that grading refuses."""
    shows, stops = set[str](), set[str]()
    for own, word in _global_names([function, *parts]):
        value = _unwrapped(own.__globals__.get(word))
        if getattr(value, "__globals__", None) is own.__globals__:
            continue
        root = (_full_name(value) or "").partition(".")[0]
        if word in ("display", "get_ipython") or root in SHOWING:
            shows.add("a magic or a shell line" if word == "get_ipython" else word)
        elif word in ("open", "input") or root in STOPPED:
            stops.add(word)
    roots = {path.partition(".")[0] for path in _imports([function, *parts])}
    return sorted(shows | roots & SHOWING), sorted(stops | roots & STOPPED)


def _values_used(functions: list[Callable[..., Any]]) -> Iterator[tuple[Any, bool]]:
    """What the functions and their helpers name, hold as a default or derive from; and whether it is a helper itself."""
    for own in _own_things(functions):
        if isinstance(own, type):
            yield from ((base, False) for base in own.__bases__)
            continue
        named = (own.__globals__.get(word) for word in names_used(own, GLOBALS))
        for value in map(_unwrapped, (*named, *_callables_held(own))):
            yield value, _is_beside(value, own)
    yield from ((function, False) for function in functions if not isinstance(function, types.FunctionType))


def _callables_held(function: types.FunctionType) -> Iterator[Any]:
    """What can be called among a function's defaults and the variables of the function that made it."""
    yield from filter(callable, function.__defaults__ or ())
    yield from filter(callable, (function.__kwdefaults__ or {}).values())
    for cell in function.__closure__ or ():
        try:
            yield from filter(callable, [cell.cell_contents])
        except ValueError:  # not set yet
            continue


def _full_name(value: Any) -> str | None:
    """The full name of a module, class or function; None for data."""
    if isinstance(value, types.ModuleType):
        return value.__name__
    if not callable(value):
        return None
    kind = type(value)
    if kind.__module__.partition(".")[0] in LIBRARIES:  # an object of a library that can be called
        return f"{kind.__module__}.{kind.__name__}"
    home = getattr(value, "__module__", None) or _module_with(value)
    return f"{home}.{getattr(value, '__name__', '')}"


def _module_with(value: Any) -> str:
    """The module of a function written in C, which may not know its own. NumPy comes first: others import its functions."""
    name, roots = getattr(value, "__name__", ""), ("numpy", *READY_MADE)
    known = [(home, module) for home, module in list(sys.modules.items()) if home.partition(".")[0] in roots]
    known.sort(key=lambda item: (not item[0].startswith("numpy"), item[0]))
    return next((home for home, module in known if vars(module).get(name) is value), "")


def _unwrapped(value: Any) -> Any:
    """The function inside a `functools.partial`, `functools.cache`, a method's decorator or a property; else the value."""
    while isinstance(value, KINDS):
        value = getattr(
            value, next(inside for kind, inside in WRAPPERS.items() if isinstance(value, kind)), None
        )
    return value


def _undecorated(function: Any) -> Any:
    """The function as it was written: inside its decorators, which may be code of a library, such as `np.errstate`."""
    try:
        return inspect.unwrap(_unwrapped(function))
    except ValueError:  # it names itself as what it wraps
        return function


def _imports(functions: Iterable[Callable[..., Any]]) -> Iterator[str]:
    """The modules that the functions import, by a statement or by a call with the name as text."""
    for own in _with_helpers(functions):
        yield from names_used(own, IMPORTS)
        codes = [*code_objects(own.__code__)]
        names = {name for code in codes for name in code.co_names}
        called = [own.__globals__.get(name) for name in names]
        if names & {"import_module", "__import__"} or any(f is g for f in called for g in IMPORTERS):
            yield from (text for code in codes for text in code.co_consts if isinstance(text, str))


def _global_names(functions: Iterable[Callable[..., Any]]) -> Iterator[tuple[types.FunctionType, str]]:
    return ((own, name) for own in _with_helpers(functions) for name in names_used(own, GLOBALS))


def _with_helpers(functions: Iterable[Callable[..., Any]]) -> list[types.FunctionType]:
    """The functions and those of their own notebook that they use, each once."""
    return [own for own in _own_things(functions) if isinstance(own, types.FunctionType)]


def _is_beside(value: Any, own: types.FunctionType) -> bool:
    """Whether a function stands in the module of `own`, or beside it in the folder of a lesson's exercises."""
    theirs, mine = getattr(value, "__globals__", None), own.__globals__
    if theirs is None or theirs is mine:
        return theirs is mine
    folder = _folder(mine)
    return folder is not None and _folder(theirs) == folder


def _folder(module: dict[str, Any]) -> str | None:
    """The package of a lesson's exercises to which a module belongs: the course's own one, whatever a notebook calls itself."""
    name = str(module.get("__name__"))
    known = vars(sys.modules[name]) is module if name in sys.modules else False
    found = re.match(r"nnutils\.lessons\.\w+\.exercises\b", name) if known else None
    return found and found.group()


def _own_things(functions: Iterable[Callable[..., Any]]) -> list[Any]:
    """The functions, and the functions and classes of their own notebook that they use: each, and each name, once."""
    todo: list[Any] = list(functions)
    written = map(_undecorated, todo)
    home = next((thing.__globals__ for thing in written if isinstance(thing, types.FunctionType)), None)
    seen: dict[int, Any] = {}
    followed: set[str] = set()
    while todo and home is not None:
        own = _unwrapped(todo.pop())
        if isinstance(own, types.FunctionType) and own.__globals__ is not home:
            own = _undecorated(own)
        mine = isinstance(own, types.FunctionType) and own.__globals__ is home
        own_class = isinstance(own, type) and own.__module__ == home.get("__name__")
        if id(own) in seen or not (mine or own_class):
            continue
        seen[id(own)] = own
        if isinstance(own, type):
            todo += [vars(own)[name] for name in sorted(vars(own))]
            continue
        names = sorted({*names_used(own, GLOBALS)} - followed)
        followed.update(names)
        todo += [*(home[name] for name in names if name in home), *_callables_held(own)]
    return list(seen.values())


def names_used(function: types.FunctionType, kinds: frozenset[str]) -> Iterator[str]:
    """The names in the function's instructions of these kinds, as `{"LOAD_GLOBAL"}`, those of inner functions included."""
    for code in code_objects(function.__code__):
        yield from names_in(code, kinds)


@functools.lru_cache(1 << 14)
def names_in(code: types.CodeType, kinds: frozenset[str]) -> tuple[str, ...]:
    """The names in the instructions of these kinds of one code object alone, each once."""
    steps = dis.get_instructions(code)
    return tuple(dict.fromkeys(str(step.argval) for step in steps if step.opname in kinds))


def code_objects(code: types.CodeType) -> Iterator[types.CodeType]:
    """The code and the code of all functions and classes inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from code_objects(constant)
