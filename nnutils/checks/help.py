"""hint, solution and progress."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nnutils.checks import record
from nnutils.checks.catalogue import exercises_of, find_exercise, lessons, predictions_of, questions_of
from nnutils.checks.errors import UnknownName
from nnutils.checks.exercise import Exercise, Question
from nnutils.checks.faults import plain_source
from nnutils.checks.view import SIGNS, show


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


def progress(topic: str | None = None) -> None:
    """Show how far you are: exercises, questions and points of every lesson, or of one, by its topic ("dropout")."""
    if topic is not None and topic not in lessons():
        raise UnknownName(f"there is no lesson {topic!r}: it is one of {', '.join(lessons())}")
    done = record.load()
    for name, module in lessons().items():
        if topic in (None, name):
            print(_progress_line(name, module.NUMBER, done))


def _progress_line(topic: str, number: int, done: record.Record) -> str:
    items: list[Exercise | Question] = [*exercises_of(topic), *questions_of(topic)]
    passed = [item for item in items if done.get(item.name, {}).get("status") in record.DONE]
    tried = any(item.name in done for item in items)
    sign = SIGNS["passed"] if len(passed) == len(items) else "◐" if tried else SIGNS["not attempted"]
    points = f"{sum(item.points for item in passed):>2} of {sum(item.points for item in items):>2} points"
    title = topic.replace("_", " ")
    asked = predictions_of(topic)
    guessed = sum(done.get(item.name, {}).get("status") == "guessed" for item in asked)
    guesses = f"   {guessed} of {len(asked)} predicted" if asked else ""
    return f"{sign} {number:02d} {title:<36} {len(passed):>2} of {len(items):>2} answered   {points}{guesses}"
