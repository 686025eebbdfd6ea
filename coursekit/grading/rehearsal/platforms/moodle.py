"""Moodle: *Download all submissions* and the grading worksheet of each assignment.

The zip: mod/assign/classes/downloader.php of moodle/moodle, with a folder for each student. The worksheet:
mod/assign/gradingtable.php (columns, Status, Last modified) with identity fields shown. A participant has another number in
each assignment.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import partial
from pathlib import Path

from coursekit.grading.intake.topics import file_name
from coursekit.grading.rehearsal.classroom import DEADLINE, Classroom, Work
from coursekit.grading.rehearsal.people import Student
from coursekit.grading.rehearsal.platforms import Download, marks_in, possible, table, zipped

HEADER = (
    "Identifier", "Full name", "Email address", "Status", "Grade", "Maximum grade", "Grade can be changed",
    "Last modified (submission)", "Last modified (grade)", "Feedback comments",
)  # fmt: skip
NOT_IN_FILE_NAMES = re.compile(
    r"[\x00-\x1f\x7f&<>\"`|':\\/]"
)  # clean_param with PARAM_FILE, in lib/moodlelib.php


def write(class_: Classroom, folder: Path) -> list[Download]:
    """A zip and a worksheet for each lesson."""
    names = {student.number: student.email for student in class_.students}
    found = []
    for topic in class_.topics:
        works, base = class_.of(topic), 4711 + 1000 * class_.topics.index(topic)
        members = (
            (f"{_prefix(work.student, base)}_assignsubmission_file/{work.file}", work.content)
            for work in works
        )
        zip_file = zipped(folder / f"DL101-{file_name(topic)}-{base}.zip", members)
        sheet = _worksheet(class_, topic, folder / f"Grades-DL101-{file_name(topic)}-{base}.csv", base)

        marks = partial(
            marks_in,
            key="Identifier",
            of=partial(_identifier, base),
            column=lambda _: "Grade",
            students=class_.students,
        )
        options = ("--roster", str(sheet), "--moodle", str(sheet))
        use = "upload it in the Moodle assignment: Upload grading worksheet"
        file = f"moodle-{file_name(topic)}.csv"
        feedback = f"feedback-moodle-{file_name(topic)}.zip"
        found.append(
            Download(
                zip_file,
                (topic,),
                options,
                names,
                knows_times=True,
                file=file,
                use=use,
                marks=marks,
                feedback=feedback,
            )
        )
    return found


def _identifier(base: int, student: Student) -> str:
    return f"Participant {base + student.number}"


def _prefix(student: Student, base: int) -> str:
    return NOT_IN_FILE_NAMES.sub("", f"{student.name.replace('_', ' ')}_{base + student.number}")


def _worksheet(class_: Classroom, topic: str, file: Path, base: int) -> Path:
    works = {work.student.number: work for work in class_.of(topic)}
    rows: list[list[object]] = [[*HEADER]]
    for one in class_.students:
        status, moment = _status(works.get(one.number))
        identity = [_identifier(base, one), one.name, one.email, status]
        rows.append([*identity, "", f"{possible(class_, topic):.2f}", "Yes", moment, "-", ""])
    return table(file, rows)


def _status(work: Work | None) -> tuple[str, str]:
    """The columns Status and Last modified (submission)."""
    if work is None:
        return "No submission", "-"
    late = (work.submitted - DEADLINE).total_seconds()
    days, hours, minutes = int(late // 86400), int(late % 86400 // 3600), int(late % 3600 // 60)
    units = [(days, "day"), (hours, "hour"), (minutes, "min")]
    words = [f"{number} {unit}{'s' * (number != 1)}" for number, unit in units if number][:2]
    status = "Submitted for grading" + (f" - {' '.join(words)} late" if late > 0 else "")
    return status, _user_date(work.submitted)


def _user_date(moment: datetime) -> str:
    """As userdate() writes it in English: Tuesday, 1 December 2026, 9:48 PM."""
    return f"{moment:%A}, {moment.day} {moment:%B %Y}, {(moment.hour - 1) % 12 + 1}:{moment:%M %p}"
