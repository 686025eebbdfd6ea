"""What can be said of a student's function without running it."""

from __future__ import annotations

import builtins
import dis
import functools
import importlib
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
WRAPPERS = (functools.partial, functools._lru_cache_wrapper, staticmethod, classmethod, property)
IMPORTS = frozenset({"IMPORT_NAME"})
GLOBALS = frozenset({"LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS"})


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


def leaned_on(function: Callable[..., Any]) -> list[str]:
    """The notebook's variables that the function (or a helper of its notebook) reads instead of its arguments.

    Modules, functions, classes and CONSTANTS in capitals are fine; arrays and numbers by another name are not, nor are
    the single capital letters that matrices go by.
    """
    found = set()
    for own, name in _global_names([function]):
        value = own.__globals__.get(name, builtins)
        fine = value is builtins or callable(value) or isinstance(value, types.ModuleType)
        if not fine and not _is_constant(name) and name != "__name__":  # which every class inside it reads
            found.add(name)
    return sorted(found)


def _is_constant(name: str) -> bool:
    return name.isupper() and sum(map(str.isalpha, name)) > 1


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
    whole = [function, *parts]
    for value, mine in _values_used(whole):
        if type(value).__name__ == "Exercise":
            if value.name == name or (earlier is not None and value.name not in earlier):
                return f"the course's own {value.name}"
            continue
        path = None if mine else _home(value)
        if path and _refused(path, allows):
            return path
    return next((path for path in _imports(whole) if _refused(path, allows)), None)


def _refused(path: str, allows: tuple[str, ...]) -> bool:
    inside = path.partition(".")[0] in READY_MADE
    return inside and not any(path == good or path.startswith(f"{good}.") for good in allows)


def _values_used(functions: Iterable[Callable[..., Any]]) -> Iterator[tuple[Any, bool]]:
    """What the functions and their helpers name, hold as a default or derive from; and whether it is a helper itself."""
    functions = list(functions)
    for own in _own_things(functions):
        if isinstance(own, type):
            yield from ((base, False) for base in own.__bases__)
            continue
        for word in names_used(own, GLOBALS):
            value = _unwrapped(own.__globals__.get(word))
            yield value, _is_beside(value, own)
        held = map(_unwrapped, _held(own))
        yield from ((value, _is_beside(value, own)) for value in held)
    yield from ((one, False) for one in functions if not isinstance(one, types.FunctionType))


def beside(
    function: Callable[..., Any], parts: Sequence[Callable[..., Any]] = ()
) -> tuple[list[str], list[str]]:
    """What the function does beside computing: the names by which it shows something, and those that grading refuses."""
    shows, stops = set[str](), set[str]()
    for own, word in _global_names([function, *parts]):
        value = _unwrapped(own.__globals__.get(word))
        if getattr(value, "__globals__", None) is own.__globals__:
            continue
        root = (_home(value) or "").partition(".")[0]
        if word in ("display", "get_ipython") or root in SHOWING:
            shows.add("a magic or a shell line" if word == "get_ipython" else word)
        elif word in ("open", "input") or root in STOPPED:
            stops.add(word)
    for path in _imports([function, *parts]):
        root = path.partition(".")[0]
        (shows if root in SHOWING else stops if root in STOPPED else set()).add(root)
    return sorted(shows), sorted(stops)


def _held(function: types.FunctionType) -> Iterator[Any]:
    """What can be called among a function's defaults and the variables of the function that made it."""
    cells = map(_content, function.__closure__ or ())
    for value in (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values(), *cells):
        if callable(value):
            yield value


def _content(cell: types.CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not set yet
        return None


def _home(value: Any) -> str | None:
    """The full name of a module, class or function; None for data."""
    if isinstance(value, types.ModuleType):
        return value.__name__
    if not callable(value):
        return None
    kind = type(value)
    home = getattr(value, "__module__", None) or _module_with(value)
    if kind.__module__.partition(".")[0] in LIBRARIES:  # an object of a library that can be called
        return f"{kind.__module__}.{kind.__name__}"
    return f"{home}.{getattr(value, '__name__', '')}"


def _module_with(value: Any) -> str:
    """The module of a function that does not know its own, as those written in C; NumPy's are NumPy's wherever they stand."""
    name = getattr(value, "__name__", "")
    roots = ("numpy", *READY_MADE)
    known = [(one, module) for one, module in list(sys.modules.items()) if one.partition(".")[0] in roots]
    homes = (one for one, module in sorted(known, key=_numpy_first) if vars(module).get(name) is value)
    return next(homes, "")


def _numpy_first(known: tuple[str, Any]) -> tuple[bool, str]:
    return known[0].partition(".")[0] != "numpy", known[0]


def _unwrapped(value: Any) -> Any:
    """The function inside a `functools.partial`, `functools.cache`, a method's decorator or a property; else the value."""
    while isinstance(value, WRAPPERS):
        inside = (getattr(value, name, None) for name in ("func", "__wrapped__", "__func__", "fget"))
        value = next((one for one in inside if one is not None), None)
    return value


def _imports(functions: Iterable[Callable[..., Any]]) -> Iterator[str]:
    """The modules that the functions import, by a statement or by a call with the name as text."""
    for own in _with_helpers(functions):
        yield from names_used(own, IMPORTS)
        if any(_imports_by_call(own, name) for code in code_objects(own.__code__) for name in code.co_names):
            texts = [text for code in code_objects(own.__code__) for text in code.co_consts]
            yield from (text for text in texts if isinstance(text, str))


def _imports_by_call(function: types.FunctionType, name: str) -> bool:
    """Whether the name is that of `importlib.import_module` or `__import__`, or the notebook's own name for one of them."""
    value = function.__globals__.get(name)
    known = name in {"import_module", "__import__"}
    return known or value is importlib.import_module or value is builtins.__import__


def _global_names(functions: Iterable[Callable[..., Any]]) -> Iterator[tuple[types.FunctionType, str]]:
    return ((own, name) for own in _with_helpers(functions) for name in names_used(own, GLOBALS))


def _with_helpers(functions: Iterable[Callable[..., Any]]) -> list[types.FunctionType]:
    """The functions and those of their own notebook that they use, each once."""
    return [one for one in _own_things(functions) if isinstance(one, types.FunctionType)]


def _is_beside(value: Any, own: types.FunctionType) -> bool:
    """Whether a function stands in the module of `own`, or beside it in the folder of a lesson's exercises."""
    theirs, mine = getattr(value, "__globals__", None), own.__globals__
    return theirs is mine or (theirs is not None and _folder(theirs) == _folder(mine) != None)  # noqa: E711


def _folder(module: dict[str, Any]) -> str | None:
    """The package of a lesson's exercises to which a module belongs: the course's own one, whatever a notebook calls itself."""
    name = str(module.get("__name__"))
    known = vars(sys.modules[name]) is module if name in sys.modules else False
    found = re.match(r"nnutils\.lessons\.\w+\.exercises\b", name) if known else None
    return found and found.group()


def _own_things(functions: Iterable[Callable[..., Any]]) -> list[Any]:
    """The functions, and the functions and classes of their own notebook that they use: each, and each name, once."""
    todo: list[Any] = list(functions)
    home = next((one.__globals__ for one in todo if isinstance(one, types.FunctionType)), None)
    seen: dict[int, Any] = {}
    followed: set[str] = set()
    while todo and home is not None:
        own = _unwrapped(todo.pop())
        mine = isinstance(own, types.FunctionType) and own.__globals__ is home
        if id(own) in seen or not (mine or _is_own_class(own, home)):
            continue
        seen[id(own)] = own
        if isinstance(own, type):
            todo += [vars(own)[name] for name in sorted(vars(own))]
            continue
        names = sorted({*names_used(own, GLOBALS)} - followed)
        followed.update(names)
        todo += [*(home[name] for name in names if name in home), *_held(own)]
    return list(seen.values())


def _is_own_class(value: Any, home: dict[str, Any]) -> bool:
    return isinstance(value, type) and value.__module__ == home.get("__name__")


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
