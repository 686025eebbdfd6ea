"""Brightspace: *Download* of each assignment folder, with all submissions, and the export of *Grades*.

Its documentation does not say how files are called: "39786-640693 - Jane Smith - Oct 10, 2025 1022 AM/" is from the tests
of scripts by its users. The table: OrgDefinedId and Username begin with #, and each row ends with #. It
does not have the number that stands in a folder's name, so nothing tells two students of one name apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from coursekit.grading.intake.topics import file_name
from coursekit.grading.rehearsal.classroom import Classroom, Work
from coursekit.grading.rehearsal.platforms import (
    Download,
    marks_in,
    of_one_name,
    possible,
    table,
    zipped,
)

END = "End-of-Line Indicator"


def write(class_: Classroom, folder: Path) -> list[Download]:
    """A zip for each lesson, and the table of grades."""
    columns = [_column(class_, topic) for topic in class_.topics]
    rows: list[list[object]] = [
        ["OrgDefinedId", "Username", "Last Name", "First Name", "Email", *columns, END]
    ]
    for one in class_.students:
        identity = [f"#{one.registration}", f"#{one.login}", one.family, one.given, one.email]
        rows.append([*identity, *[""] * len(columns), "#"])
    gradebook = table(folder / "DL101_GradesExport_2026-12-12-09-00.csv", rows)
    names = {student.number: student.login for student in class_.students}
    marks = partial(
        marks_in,
        key="Username",
        of=lambda student: f"#{student.login}",
        column=partial(_column, class_),
        students=class_.students,
    )
    options = ("--roster", str(gradebook), "--brightspace", str(gradebook))
    file, use = "brightspace.csv", "import it in Brightspace: Grades, Enter Grades, Import"
    same = of_one_name(class_)
    found = []
    for topic in class_.topics:
        folders = [member for work in class_.of(topic) for member in _submissions(work, 640_693)]
        members = [("index.html", b"<html><body>DL101</body></html>"), *folders]
        zip_file = zipped(folder / f"{file_name(topic)} Download Dec 12, 2026 900 AM.zip", members)
        found.append(Download(zip_file, (topic,), options, names, same, True, file, use, marks))
    return found


def _column(class_: Classroom, topic: str) -> str:
    return f"{file_name(topic)} Points Grade <Numeric MaxPoints:{possible(class_, topic)}>"


def _submissions(work: Work, dropbox: int) -> Iterator[tuple[str, bytes]]:
    for each in filter(None, (work.first, work)):
        moment, one = each.submitted, each.student
        time = f"{moment:%b} {moment.day}, {moment.year} {(moment.hour - 1) % 12 + 1}{moment:%M %p}"
        yield f"{one.platform_id}-{dropbox} - {one.name} - {time}/{each.file}", each.content
