"""Whether a function takes the arguments of its exercise, by position and by name, with the same defaults."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from nnutils.checks.exercise import Exercise

STARRED = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


class Unknown:
    """Stands for a default that only running the notebook could tell."""


def signature_misfit(exercise: Exercise, function: Callable[..., Any]) -> str | None:
    """What to say where the function does not take the exercise's arguments: in their order, by their names, with their defaults.

    Names and defaults count because notebooks call by name and leave arguments out. More may follow, with defaults.
    """
    wanted = [*exercise.signature.parameters.values()]
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return None  # a built-in without a signature: calling it will tell
    mine = [*signature.parameters.values()]
    names = [one.name for one in wanted]
    asked = f"it should take the arguments ({', '.join(names)}), yours takes {signature}"
    if len(mine) < len(wanted) or any(_is_asked_for(one) for one in mine[len(wanted) :]):
        return asked
    if any(one.kind is not one.POSITIONAL_OR_KEYWORD for one in mine[: len(wanted)]):
        return asked
    if [one.name for one in mine[: len(wanted)]] != names:
        return f"{asked}: keep the names and their order, because a notebook may call it by name"
    for one, other in zip(wanted, mine, strict=False):
        if not _same_default(one.default, other.default):
            default = f"{one.name}={one.default!r}"
            return f"the argument `{one.name}` should have the default {one.default!r}: write `{default}`"
    return None


def _is_asked_for(one: inspect.Parameter) -> bool:
    return one.default is one.empty and one.kind not in STARRED


def _same_default(wanted: Any, mine: Any) -> bool:
    if wanted is inspect.Parameter.empty or isinstance(mine, Unknown):
        return True
    try:
        return mine is not inspect.Parameter.empty and bool(wanted == mine)
    except Exception:  # an array, or an object of the student's own
        return False
