"""Blackboard Learn: *Assignment File Download* of each assignment, with all attempts, and *Work Offline, Download*.

Files: BbCleanup.py and README of github.com/kwurst/bb-file-cleanup; the note on an attempt: README of
github.com/timdrysdale/gradex-cli. The table: tabs, in UTF-16, its columns as in github.com/nbeaver/offline-grades-upload.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from coursekit.grading.intake.topics import file_name
from coursekit.grading.rehearsal.classroom import Classroom, Work
from coursekit.grading.rehearsal.platforms import Download, marks_in, possible, table, zipped

COLUMNS = ("Last Name", "First Name", "Username", "Student ID", "Last Access", "Availability")
NOTE = """\
Name: {name} ({login})
Assignment: {assignment}
Date Submitted: {date}
Current Mark: Needs Marking

Submission Field:
There is no student submission text data for this assignment.

Comments:
There are no student comments for this assignment.

Files:
\tOriginal filename: {file}
\tFilename: {member}
"""


def write(class_: Classroom, folder: Path) -> list[Download]:
    """A zip for each lesson, and the table of the Grade Centre."""
    columns = [_column(class_, topic) for topic in class_.topics]
    rows: list[list[object]] = [[*COLUMNS, *columns]]
    for one in class_.students:
        identity = [one.family, one.given, one.login, one.registration, "2026-12-11 10:00:00", "Yes"]
        rows.append([*identity, *[""] * len(columns)])
    gradebook = table(folder / "gc_DL101_fullgc_2026-12-12-09-00-00.xls", rows, "utf-16", "\t")
    names = {student.number: student.registration for student in class_.students}
    marks = partial(
        marks_in,
        key="Username",
        of=lambda student: student.login,
        column=partial(_column, class_),
        students=class_.students,
    )
    options = ("--roster", str(gradebook), "--blackboard", str(gradebook))
    file, use = "blackboard.xls", "upload it in Blackboard: Grade Centre, Work Offline, Upload"
    found = []
    for topic in class_.topics:
        members = [member for work in class_.of(topic) for member in _attempts(work)]
        zip_file = zipped(folder / f"gradebook_DL101_{file_name(topic)}_2026-12-12-09-00-00.zip", members)
        known = Download(
            zip_file, (topic,), options, names, knows_times=True, file=file, use=use, marks=marks
        )
        found.append(known)
    return found


def _column(class_: Classroom, topic: str) -> str:
    return f"{file_name(topic)} [Total Pts: {possible(class_, topic)} Score] |{664_617 + class_.topics.index(topic)}"


def _attempts(work: Work) -> Iterator[tuple[str, bytes]]:
    """The files of a student's attempts, the first one of which may have been replaced."""
    for attempt in filter(None, (work.first, work)):
        moment, one = attempt.submitted, attempt.student
        assignment = file_name(attempt.topic)
        stem = f"{assignment}_{one.login}_attempt_{moment:%Y-%m-%d-%H-%M-%S}"
        member, date = f"{stem}_{attempt.file}", f"{moment:%A, %d %B %Y %H:%M:%S} o'clock GMT"
        words = {"name": one.name, "login": one.login, "assignment": assignment, "date": date}
        yield f"{stem}.txt", NOTE.format(**words, file=attempt.file, member=member).encode()
        yield member, attempt.content
