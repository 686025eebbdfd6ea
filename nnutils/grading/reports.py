"""What is written about graded submissions: the log, a line at a time, and the table of grades."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable
from pathlib import Path

from nnutils.checks.catalogue import lessons
from nnutils.grading.result import Result, number


def append_log(file: Path, result: Result) -> None:
    """Append a result to the log as one line of JSON, at once, so that an interrupted run loses nothing."""
    line = json.dumps(result.row())
    with file.open("a", encoding="utf-8", newline="\n") as log:
        log.write(f"{line}\n")


def best(results: Iterable[Result]) -> list[Result]:
    """One result for each student and lesson: the best one, and of equals the first; sorted by student and lesson."""
    kept: dict[tuple[str, str], Result] = {}
    for result in results:
        other = kept.get((result.student, result.lesson))
        if other is None or (other.problem is not None, -other.points) > (
            result.problem is not None,
            -result.points,
        ):
            kept[result.student, result.lesson] = result
    numbers = {topic: module.NUMBER for topic, module in lessons().items()}
    return sorted(kept.values(), key=lambda one: (one.student, numbers[one.lesson]))


def write_grades(file: Path, results: Iterable[Result]) -> None:
    """Write the table of grades: a row for each student and lesson, a column `lesson.exercise` for each item."""
    results = list(results)
    order = {topic: number for number, topic in enumerate(lessons())}
    pairs = {(order[one.lesson], f"{one.lesson}.{item.name}") for one in results for item in one.items}
    names = {f"{one.lesson}.{item.name}": i for one in results for i, item in enumerate(one.items)}
    columns = [column for _, column in sorted(pairs, key=lambda pair: (pair[0], names[pair[1]]))]
    fields = ["student", "lesson", "points", "max", "problem", *columns]
    beside = file.with_name(f".{file.name}")
    with beside.open("w", encoding="utf-8", errors="replace", newline="") as new:
        writer = csv.DictWriter(new, fields, restval="")
        writer.writeheader()
        writer.writerows(_row(one) for one in results)
    os.replace(beside, file)


def _row(one: Result) -> dict[str, str]:
    items = {f"{one.lesson}.{item.name}": number(item.points) for item in one.items}
    return {
        "student": one.student,
        "lesson": one.lesson,
        "points": number(one.points),
        "max": str(one.max),
        "problem": one.problem or "",
    } | items
