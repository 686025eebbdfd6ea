"""What several outputs need: a mark in plain words, a student's row of a platform's table, points on another scale."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from coursekit.grading.csvfile import Row, Table, plain_name
from coursekit.grading.intake.roster import Person, Roster
from coursekit.grading.intake.topics import UnknownLesson, file_name, lesson_called, lesson_place
from coursekit.grading.policy import rounded
from coursekit.grading.result import Item, Mark, number
from nnutils.words import capital

Say = Callable[[str], None]
UNLESS = ", unless you name a column below [columns] in course.toml"  # that a platform makes a new column


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


def earned(
    marks: Iterable[Mark], people: Roster, roster: Roster | None, table: Table, file: Path, say: Say
) -> tuple[dict[tuple[int, str], tuple[float, int]], dict[str, int]]:
    """(line of the table, lesson) → points and maximum; and the highest maximum of each lesson, in the lessons' order."""
    points, most = dict[tuple[int, str], tuple[float, int]](), dict[str, int]()
    for mark in marks:
        most[mark.lesson] = max(mark.max, most.get(mark.lesson, 0))
        line = row_of(mark, people.find_graded(mark.student, roster), people, table, file, say)
        if line is not None:
            points[line, mark.lesson] = mark.points, mark.max
    return points, {lesson: most[lesson] for lesson in sorted(most, key=lesson_place)}


@dataclass
class Replaced:
    """Marks of a platform that are replaced by others: a person may have given them."""

    pairs: list[str] = field(default_factory=list)

    def by(self, before: str, now: str) -> str:
        """The new mark; the old one is noted if it was another one."""
        old = decimal(before)
        if old is not None and old != decimal(now):
            self.pairs.append(f"{before} → {now}")
        return now

    def tell(self, say: Say, table: Table, column: str) -> None:
        """Say how many marks were replaced, and the first of them."""
        if self.pairs:
            some = ", ".join(self.pairs[:3]) + (", …" if self.pairs[3:] else "")
            count = f"{len(self.pairs)} mark{'s' * (len(self.pairs) > 1)}"
            say(
                f"{column}: {count} of {table.file.name} replaced ({some}). To keep a mark given by hand, use --adjust"
            )


class LessonColumn:
    """A lesson's column of a platform's table: one that is there (`index`), or a new one.

    most: the lesson's points; possible: the platform's, where it says them.
    """

    def __init__(self, table: Table, titles: Sequence[str], topic: str, name: str | None, most: int) -> None:
        self.topic, self.most, self.index = topic, most, column_of(table, titles, topic, name)
        self.possible: Decimal | None = None
        self.replaced = Replaced()

    def before(self, row: Row) -> str:
        """The cell as it was."""
        return row[self.index] if self.index is not None else ""

    def cell(self, row: Row, own: tuple[float, int] | None) -> str:
        """The column's cell in a row, for a student with these points of their own maximum.

        That is smaller where a person has left an item out for this student alone: then the others count for more.
        """
        before = self.before(row)
        if own is None:
            return before
        return self.replaced.by(before, number(scaled(*own, self.possible or Decimal(self.most))))


def column_of(table: Table, titles: Sequence[str], topic: str, name: str | None) -> int | None:
    """A lesson's column: the one with this name or title, else the one whose title is the lesson's name, number or topic.

    titles: the title of each column, empty where it holds no marks.

    Raises
    ------
    BadOutput: there are several, or none with this name.
    """
    if name is None:
        same = [i for i, title in enumerate(titles) if _is_lesson(title, topic)]
    else:
        same = [i for i, title in enumerate(titles) if name in (table.header[i], title)]
    if len(same) > 1:
        several = ", ".join(repr(table.header[i]) for i in same)
        raise BadOutput(
            f"{table.file}: {several} are all called as {topic}: say which below [columns] in course.toml"
        )
    if not same and name is not None:
        raise BadOutput(
            f"{table.file} has no column {name!r}, which course.toml names below [columns]: write it as in that file"
        )
    return same[0] if same else None


def _is_lesson(title: str, topic: str) -> bool:
    plain = re.sub(r"^lesson_(?=\d+_)", "", "_".join(plain_name(title.replace("_", " ")).split()))
    try:
        return bool(plain) and lesson_called(plain) == topic
    except UnknownLesson:
        return False


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
