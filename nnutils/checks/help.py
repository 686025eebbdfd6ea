"""hint and solution."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nnutils.checks import record
from nnutils.checks.catalogue import find_exercise
from nnutils.checks.faults import plain_source
from nnutils.checks.view import show, told


@told
def hint(exercise: str | Callable[..., Any]) -> None:
    """Show the next hint of an exercise, after those already open: from a nudge to nearly the answer."""
    found = find_exercise(exercise)
    if not found.hints:
        show("hint", f"{found.name}: there are no hints in the course that you were given")
        return
    opened = record.note_hint(found)
    lines = [f"{number}. {text}" for number, text in enumerate(found.hints[:opened], start=1)]
    left = len(found.hints) - opened
    last = "" if found.answer_key else f'; `solution("{found.name}")` is open now'
    more = f'{left} more: call `hint("{found.name}")` again' if left else f"that was the last{last}"
    show("hint", f"{found.name}: hint {opened} of {len(found.hints)}", [*lines, f"({more})"])


@told
def solution(exercise: str | Callable[..., Any]) -> None:
    """Print the course's own answer. It opens after a pass or after the last hint."""
    found = find_exercise(exercise)
    if found.answer_key is not None:
        more = [f'For a hint: `hint("{found.name}")`'] if found.hints else []
        show("hint", f"{found.name}: your instructor keeps the solution", more)
        return
    left = len(found.hints) - record.hints_open(found)
    if left <= 0 or record.entry(found.name).get("status") == "passed":
        print(plain_source(found.reference))
        return
    show(
        "hint",
        f"{found.name}: the solution opens after a pass or the last hint",
        [f'{left} hints are left: `hint("{found.name}")`'],
    )
