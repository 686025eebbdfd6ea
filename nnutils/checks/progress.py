"""progress: how far a student is, as a map of the lessons or as the list of one lesson, and what is next."""

from __future__ import annotations

import os
from typing import Any

from nnutils.checks import record
from nnutils.checks.catalogue import exercises_of, find_lesson, lessons, predictions_of, questions_of
from nnutils.checks.exercise import Exercise, Question
from nnutils.checks.view import SIGNS, Link, show_table, told
from nnutils.words import counted

Items = list[Exercise | Question]


@told
def progress(lesson: str | int | None = None) -> None:
    """Show how far you are in all lessons and what is next, or all that one lesson asks.

    lesson: a number or a name, as 4, "04", "dropout" or "04_dropout".
    """
    done = record.load()
    if lesson is None:
        rows = [_lesson_row(topic, done) for topic in lessons()]
        show_table(["", "lesson", "exercises", "questions", "predictions", "points"], rows, _next(done))
    else:
        topic = find_lesson(lesson)
        rows = [
            *(_exercise_row(item, done) for item in exercises_of(topic)),
            *(_other_row(item.name, "question", str(item.points), done) for item in questions_of(topic)),
            *(_other_row(item.name, "prediction", "", done) for item in predictions_of(topic)),
        ]
        show_table(["", _title(topic), "kind", "points", "tries", "hints"], rows)


def _lesson_row(topic: str, done: record.Record) -> list[str | Link]:
    exercises, questions, predictions = exercises_of(topic), questions_of(topic), predictions_of(topic)
    items: Items = [*exercises, *questions]
    finished = all(_is_done(item.name, done) for item in items)
    begun = any(item.name in done for item in [*items, *predictions])
    points = sum(item.points for item in items if _is_done(item.name, done))
    return [
        SIGNS["passed"] if finished else "◐" if begun else SIGNS["not attempted"],
        _link(topic),
        *(_share(part, done) for part in (exercises, questions, predictions)),
        f"{points} of {sum(item.points for item in items)}",
    ]


def _exercise_row(exercise: Exercise, done: record.Record) -> list[str | Link]:
    entry = done.get(exercise.name, {})
    tries, hints = (entry.get(key) or "" for key in ("tries", "hints"))
    sign = SIGNS.get(entry.get("status", ""), SIGNS["not attempted"])
    return [sign, exercise.name, exercise.kind, str(exercise.points), str(tries), str(hints)]


def _other_row(name: str, kind: str, points: str, done: record.Record) -> list[str | Link]:
    entry = done.get(name, {})
    status = "guess" if entry.get("status") == "guessed" else entry.get("status", "")
    return [
        SIGNS.get(status, SIGNS["not attempted"]),
        name,
        kind,
        points,
        str(entry.get("tries") or ""),
        "",
    ]


def _next(done: record.Record) -> str:
    """A sentence on where to go on: in the first lesson that was begun and not finished, else in the first that was not begun."""
    left: dict[str, Items] = {}
    begun = []
    for topic in lessons():
        items: Items = [*exercises_of(topic), *questions_of(topic)]
        left[topic] = [item for item in items if not _is_done(item.name, done)]
        begun += [topic] if left[topic] and any(item.name in done for item in items) else []
    open_lessons = [topic for topic, items in left.items() if items]
    if not open_lessons:
        return "You have finished the course."
    topic = [*begun, *open_lessons][0]
    item = left[topic][0]
    about = (
        f"{item.kind}, about {counted(item.minutes, 'minute')}"
        if isinstance(item, Exercise)
        else "a question"
    )
    return f"Next: {item.name} ({about}) in {_title(topic)}."


def _is_done(name: str, done: record.Record) -> bool:
    return done.get(name, {}).get("status") in (*record.DONE, "guessed")


def _share(items: list[Any], done: record.Record) -> str:
    return f"{sum(_is_done(item.name, done) for item in items)} of {len(items)}" if items else ""


def _title(topic: str) -> str:
    return f"{lessons()[topic].NUMBER:02d} {topic.replace('_', ' ')}"


def _link(topic: str) -> str | Link:
    """The lesson's title, with a link where its notebook lies beside the one that asks."""
    file = f"{lessons()[topic].NUMBER:02d}_{topic}.ipynb"
    return Link(_title(topic), file) if os.path.exists(file) else _title(topic)
