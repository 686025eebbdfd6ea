"""Moodle's grading worksheet of an assignment, filled in; and a table for Moodle's general grade import.

The worksheet (mod/assign/feedback/offline/importgradeslib.php): columns Identifier ("Participant 4711"), Full name, …,
Grade, Maximum grade, …, Last modified (grade), Feedback comments. Moodle finds the student by the Identifier and
refuses a row where Last modified (grade) is not what it has: so all other columns stay as they are.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from pathlib import Path

from coursekit.grading.csvfile import BadTable, Row, Table, read_table, write_table
from coursekit.grading.intake.roster import Person, Roster, person_of, roster_of
from coursekit.grading.intake.topics import file_name, lesson_place
from coursekit.grading.outputs.shared import BadOutput, Replaced, Say, decimal, lines, row_of, scaled
from coursekit.grading.result import Mark, number

IDS = (("Username", "login"), ("ID number", "sis"), ("Email address", "email"))


def check(table: Table) -> None:
    """Whether a worksheet can be filled in.

    Raises
    ------
    BadTable: a column that Moodle reads is missing.
    """
    try:
        for name in ("Identifier", "Grade", "Last modified (grade)"):
            table.needed(name)
    except BadTable as error:
        raise BadTable(f"{error}. Set Moodle to English, and download the grading worksheet again") from None


def write(
    out: Path, lesson: str | None, worksheet: Path, marks: Iterable[Mark], roster: Roster | None, say: Say
) -> list[Path]:
    """Write a worksheet with the grades of a lesson, as out/moodle-NN_topic.csv.

    Raises
    ------
    BadOutput: no lesson is named and the marks have several. BadTable: it is no worksheet.
    """
    table = read_table(worksheet)
    check(table)
    lesson = lesson or _only_lesson(marks, worksheet)
    file, people = out / f"moodle-{file_name(lesson)}.csv", roster_of(table, "moodle")
    graded = dict[int, tuple[float, int, str]]()  # line → points, their maximum, comment
    for mark in marks:
        if mark.lesson == lesson:
            line = row_of(mark, _person(people, mark, roster), people, table, file, say)
            if line is not None:
                graded[line] = mark.points, mark.max, "<br>".join(map(html.escape, lines(mark)))
    scales = (_scale(table, row, graded[line][1]) for line, row in table.rows if line in graded)
    if scale := next(filter(None, scales), ""):
        say(f"{worksheet.name}: {scale}; grades are scaled to Moodle's")
    replaced = Replaced()
    rows = [
        _filled(table, row, *graded[line], replaced) if line in graded else [*row] for line, row in table.rows
    ]
    replaced.tell(say, table, file_name(lesson))
    texts = [i for i in (table.column("Full name"), table.column("Feedback comments")) if i is not None]
    return [write_table(file, [table.header, *rows], texts, table.encoding, table.delimiter)]


def write_import(file: Path, marks: Iterable[Mark], roster: Roster | None) -> list[Path]:
    """Write a row for each student with a column for each lesson, to be mapped in Moodle's grade import."""
    points = {(mark.student, mark.lesson): number(mark.points) for mark in marks}
    lessons = sorted({lesson for _, lesson in points}, key=lesson_place)
    people = {student: person_of(student, roster) for student, _ in points}
    ids = {name: kind for name, kind in IDS if any(kind in person.ids for person in people.values())}
    rows = [["Student", "Full name", *ids, *map(file_name, lessons)]]
    for student, person in people.items():
        known = [person.ids.get(kind, "") for kind in ids.values()]
        own = [points.get((student, lesson), "") for lesson in lessons]
        rows.append([student, person.name, *known, *own])
    return [write_table(file, rows, range(2 + len(ids)))]


def _filled(table: Table, row: Row, points: float, most: int, comment: str, replaced: Replaced) -> list[str]:
    """The row with a grade, and with a comment where there is none."""
    cells, comments, place = [*row], table.column("Feedback comments"), table.needed("Grade")
    grade = number(scaled(points, most, decimal(table.cell(row, "Maximum grade"))))
    cells[place] = replaced.by(row[place], grade)
    if comments is not None:
        cells[comments] = row[comments] or comment
    return cells


def _scale(table: Table, row: Row, here: int) -> str:
    """How the maximum of a row differs from the one here; nothing where it does not."""
    there = decimal(table.cell(row, "Maximum grade"))
    differs = here and there and here != there
    return f"the maximum is {number(float(there))} in Moodle and {here} here" if there and differs else ""


def _only_lesson(marks: Iterable[Mark], worksheet: Path) -> str:
    lessons = {mark.lesson for mark in marks}
    if len(lessons) != 1:
        raise BadOutput(
            f"there are {len(lessons)} lessons: say whose worksheet it is, as --moodle 4={worksheet}"
        )
    return lessons.pop()


def _person(people: Roster, mark: Mark, roster: Roster | None) -> Person | None:
    """The student of a mark. A participant number of another assignment is somebody else's, so names come first."""
    known = roster.named(mark.student) if roster else None
    if known is None:
        return people.find_graded(mark.student, None)
    ids = [(kind, value) for kind, value in known.ids.items() if kind != "moodle"]
    found = people.find([*ids, ("name", known.name)])
    blind = "moodle" in known.ids and not known.name  # blind marking: there is nothing but the number
    return people.find([("moodle", known.ids["moodle"])]) if blind and not found else found
