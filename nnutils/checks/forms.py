"""An answer that is no plain function: what it is, in words, and what to write. The notebook and the grader say the same."""

from __future__ import annotations

import inspect
from typing import Any

from nnutils.checks.catalogue import find_exercise
from nnutils.checks.errors import UnknownName
from nnutils.checks.exercise import Exercise


def anonymous(exercise: Exercise) -> str:
    """On a lambda."""
    return f"it is a lambda: write it as a function, {_asked(exercise)} with a `return`"


def alias(exercise: Exercise, other: str) -> str:
    """On another name for something."""
    return f"it is another name for {other}: write the function itself, {_asked(exercise)}"


def a_class(exercise: Exercise) -> str:
    """On a class."""
    return f"it is a class: write a function, {_asked(exercise)} that returns the result"


def asynchronous(exercise: Exercise) -> str:
    """On `async def`."""
    return f"it is an async function, which returns a coroutine and no result: write {_asked(exercise)} without `async`"


def returns_no_result(exercise: Exercise, function: Any) -> str | None:
    """On a function that does not return its result when it is called; None where it does."""
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        return asynchronous(exercise)
    if inspect.isgeneratorfunction(function):
        return "it has a `yield`, which makes it a generator: collect the results in a list and return that"
    return None


def no_function(exercise: Exercise, what: str) -> str:
    """On any other thing."""
    return f"it is {what} and no function: write {_asked(exercise)}"


def told(exercise: Exercise, thing: Any) -> str | None:
    """What to say where the thing that stands for an answer is no function written for it."""
    name = getattr(thing, "__name__", None)
    if inspect.isclass(thing):
        return a_class(exercise)
    if no_result := returns_no_result(exercise, thing):
        return no_result
    if name == "<lambda>":
        return anonymous(exercise)
    if not callable(thing) or name is None:
        return no_function(exercise, _kind(thing))
    if name != exercise.name and not getattr(thing, "__closure__", None):  # a decorator's function has one
        return alias(exercise, name)
    return None


def meant(thing: Any, namespace: dict[str, Any]) -> Exercise:
    """The exercise that a thing is the answer to: by its own name, else by the one that the notebook gives it.

    Raises
    ------
    UnknownName: no exercise is called so. TypeError: it is no function with a name; says what it is and what to write.
    """
    own = getattr(thing, "__name__", None)
    given = [name for name, value in namespace.items() if value is thing and name != own]
    for name in (own, *given):
        try:
            return find_exercise(name or "")
        except UnknownName:
            continue
    if not callable(thing):
        raise TypeError(
            f"check takes the function of an exercise, not {type(thing).__name__}: check(my_function)"
        )
    if own in (None, "<lambda>") or inspect.isclass(thing):
        raise TypeError(f"{_nameless(thing)}: write it as a function, `def name(...):`, and check that")
    return find_exercise(own)


def _nameless(thing: Any) -> str:
    if inspect.isclass(thing):
        return f"{thing.__name__} is a class, and check takes a function"
    if getattr(thing, "__name__", None) == "<lambda>":
        return "this is a lambda, which has no name of its own"
    return f"this is an object of the class {type(thing).__name__}, and check takes a function"


def _asked(exercise: Exercise) -> str:
    return f"`def {exercise.name}({', '.join(exercise.signature.parameters)}):`"


def _kind(thing: Any) -> str:
    name = type(thing).__name__
    return f"{'an' if name[:1].lower() in 'aeio' else 'a'} {name}"
