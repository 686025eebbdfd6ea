"""A folder for each student, as a course keeps it that has no platform, and a roster."""

from __future__ import annotations

from pathlib import Path

from coursekit.grading.rehearsal.classroom import Classroom
from coursekit.grading.rehearsal.platforms import Download, Marks, rows_of, table


def write(class_: Classroom, folder: Path) -> list[Download]:
    """submissions/<login>/<file>, and roster.csv."""
    submissions = folder / "submissions"
    for work in class_.works:
        place = submissions / work.student.login / work.file
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(work.content)
    people = ([one.login, one.name, one.email, one.section] for one in class_.students)
    roster = table(folder / "roster.csv", [["student", "name", "email", "section"], *people])
    options = ("--roster", str(roster))
    names = {student.number: student.login for student in class_.students}
    use = "copy the points from here to where your university keeps marks"

    def marks(file: Path, topic: str) -> Marks:
        rows = {row["student"]: row["points"] for row in rows_of(file) if row["lesson"] == topic}
        return {one.number: rows[one.login] for one in class_.students if one.login in rows}

    return [Download(submissions, class_.topics, options, names, file="grades.csv", use=use, marks=marks)]
