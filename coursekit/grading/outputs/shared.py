"""What several outputs need: a mark in plain words, a student's row of a platform's table, points on another scale."""

from __future__ import annotations

import sys
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path

from coursekit.grading.csvfile import Table
from coursekit.grading.intake.roster import Person, Roster
from coursekit.grading.intake.topics import file_name
from coursekit.grading.policy import rounded
from coursekit.grading.result import Item, Mark, number
from nnutils.words import capital

Say = Callable[[str], None]


class BadOutput(ValueError):
    """A file cannot be written as asked; the message says why and what to do."""


def to_stderr(line: str) -> None:
    """Say a line to whoever started the command."""
    print(line, file=sys.stderr)


def remarks(mark: Mark) -> list[str]:
    """What was wrong with the file, and which rules were applied."""
    return [text for text in (mark.result.problem, mark.late, mark.extra, mark.adjusted) if text]


def lines(mark: Mark) -> list[str]:
    """What a student should know: the remarks, then a line for each item. Never an expected value."""
    return [*(f"{capital(_plain(text))}." for text in remarks(mark)), *map(line, mark.result.items)]


def line(item: Item) -> str:
    """One item: its name, status, points and what was found."""
    points = number(item.points) or "–"
    return f"{item.name}: {item.status}, {points} of {item.max}. {_plain(item.sentence)}".strip()


def row_of(
    mark: Mark, person: Person | None, people: Roster, table: Table, file: Path, say: Say
) -> int | None:
    """The line of the table that is this person's; where there is none, `say` takes a message about the mark."""
    if person:
        return people.where[person.student]
    say(
        f"{mark.student}: not in {table.file.name}; the mark of {file_name(mark.lesson)} is not in {file.name}"
    )
    return None


def scaled(points: float, here: int, there: Decimal | None) -> float:
    """Points out of `here`, as points out of `there`; as they are where one of the two is missing or 0."""
    return rounded(Decimal(str(points)) * there / here) if here and there else points


def decimal(text: str) -> Decimal | None:
    """The number that a text says, or None; the decimal sign may be a comma."""
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None


def _plain(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)
