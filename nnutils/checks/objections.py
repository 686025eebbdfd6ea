"""What can be said against an answer before it runs. The notebook and the grader say the same.

It is no plain function, takes other arguments than the exercise, or calls a ready answer.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from nnutils.checks.catalogue import earlier, find_exercise, lessons
from nnutils.checks.errors import UnknownName
from nnutils.checks.exercise import Exercise
from nnutils.checks.facts import beside, ready_made
from nnutils.checks.shown import a

FORMS = {  # what an answer may be instead of a plain function, and what to write
    "lambda": "it is a lambda: write it as a function, {head} with a `return`",
    "alias": "it is another name for {what}: write the function itself, {head}",
    "class": "it is a class: write a function, {head} that returns the result",
    "async": "it is an async function, which returns a coroutine and no result: write {head} without `async`",
    "generator": "it has a `yield`, which makes it a generator: collect the results in a list and return that",
    "other": "it is {what} and no function: write {head}",
}


class UnknownDefault:
    """Stands for an argument's default that is known only when the notebook runs."""


def in_words(exercise: Exercise, form: str, what: str = "") -> str:
    """What to say of an answer that has one of FORMS. what: what it is another name for, or what it is."""
    head = f"`def {exercise.name}({', '.join(exercise.signature.parameters)}):`"
    return FORMS[form].format(head=head, what=what)


def exercise_of(thing: Any, namespace: dict[str, Any]) -> Exercise:
    """The exercise that a thing answers: by the thing's own name, else by a name that the notebook gives it.

    Raises
    ------
    UnknownName: no exercise has that name. TypeError: it is no function with a name; says what it is and what to write.
    """
    own = getattr(thing, "__name__", None)
    for name in (own, *(name for name, value in namespace.items() if value is thing and name != own)):
        try:
            return find_exercise(name or "")
        except UnknownName:
            continue
    kind = type(thing).__name__
    if not callable(thing):
        raise TypeError(f"check takes the function of an exercise, not {kind}: check(my_function)")
    if inspect.isclass(thing):
        nameless = f"{own} is a class, and check takes a function"
    elif own == "<lambda>":
        nameless = "this is a lambda, which has no name of its own"
    elif own is None:
        nameless = f"this is an object of the class {kind}, and check takes a function"
    else:
        return find_exercise(own)  # which raises UnknownName
    raise TypeError(f"{nameless}: write it as a function, `def name(...):`, and check that")


def not_a_function(exercise: Exercise, thing: Any) -> str | None:
    """What to say where the thing under the exercise's name is no function that was written for it."""
    name = getattr(thing, "__name__", None)
    if inspect.isclass(thing):
        return in_words(exercise, "class")
    if name == "<lambda>":
        return in_words(exercise, "lambda")
    if not callable(thing) or name is None:
        return in_words(exercise, "other", a(type(thing).__name__))
    if name != exercise.name and not getattr(thing, "__closure__", None):  # a decorator's function has one
        return in_words(exercise, "alias", name)
    return None


def objection(
    exercise: Exercise, function: Callable[..., Any], parts: Sequence[Callable[..., Any]] = ()
) -> str | None:
    """What speaks against running a function at all, or None. parts: other code that belongs to it."""
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        return in_words(exercise, "async")
    if inspect.isgeneratorfunction(function):
        return in_words(exercise, "generator")
    return _other_arguments(exercise, function) or _ready_answer(exercise, function, parts)


def warning(function: Callable[..., Any], parts: Sequence[Callable[..., Any]] = ()) -> str:
    """One sentence on what a right answer does besides computing its result; empty where it does nothing else."""
    shows, stops = beside(function, parts)
    if stops:
        return f"It uses {', '.join(stops)}: there are no files, threads and input where it is graded, so it fails there."
    if shows:
        return f"It uses {', '.join(shows)}: grading shows nothing and passes over it; a function should only return its result."
    return ""


def _other_arguments(exercise: Exercise, function: Callable[..., Any]) -> str | None:
    """What to say where a function does not take the exercise's arguments in their order, by name and with their defaults.

    Names and defaults count because notebooks call by name and leave arguments out. More may follow, with defaults.
    """
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return None  # a built-in without a signature: calling it will tell
    wanted, taken = [*exercise.signature.parameters.values()], [*signature.parameters.values()]
    mine, more = taken[: len(wanted)], taken[len(wanted) :]
    names = [parameter.name for parameter in wanted]
    asked = f"it should take the arguments ({', '.join(names)}), yours takes {signature}"
    starred = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    needed = any(p.default is p.empty and p.kind not in starred for p in more)
    if len(mine) < len(wanted) or needed or any(p.kind is not p.POSITIONAL_OR_KEYWORD for p in mine):
        return asked
    if [parameter.name for parameter in mine] != names:
        return f"{asked}: keep the names and their order, because a notebook may call it by name"
    for parameter, own in zip(wanted, mine, strict=True):
        if not _same_default(parameter.default, own.default):
            name, default = parameter.name, repr(parameter.default)
            return f"the argument `{name}` should have the default {default}: write `{name}={default}`"
    return None


def _same_default(wanted: Any, mine: Any) -> bool:
    if wanted is inspect.Parameter.empty or isinstance(mine, UnknownDefault):
        return True
    try:
        return mine is not inspect.Parameter.empty and bool(wanted == mine)
    except Exception:  # an array, or an object of the student's own
        return False


def _ready_answer(
    exercise: Exercise, function: Callable[..., Any], parts: Sequence[Callable[..., Any]]
) -> str | None:
    """What to say where an answer calls a library's ready answer, or an exercise of the course that it may not call."""
    known = exercise.lesson in lessons()  # a lesson that the course does not have forbids no other exercise
    path = ready_made(function, exercise.name, exercise.allows, earlier(exercise) if known else None, parts)
    if path is None:
        return None
    if path.startswith("the course's own") and not path.endswith(f" {exercise.name}"):
        return f"it calls {path}: an answer may call only exercises that stand before it in its lesson"
    return f"it calls {path}: write out the formula with NumPy instead"
