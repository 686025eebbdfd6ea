"""nbgrader: its folder `submitted`, as nbgrader collect and zip_collect fill it, with the time in timestamp.txt."""

from __future__ import annotations

from pathlib import Path

from coursekit.grading.intake.topics import file_name
from coursekit.grading.rehearsal.classroom import Classroom
from coursekit.grading.rehearsal.platforms import Download, table


def write(class_: Classroom, folder: Path) -> list[Download]:
    """submitted/<login>/<assignment>/ with the notebook and timestamp.txt, and roster.csv."""
    for work in class_.works:
        place = folder / "submitted" / work.student.login / file_name(work.topic)
        place.mkdir(parents=True, exist_ok=True)
        (place / work.file).write_bytes(work.content)
        stamp = f"{work.submitted:%Y-%m-%d %H:%M:%S.%f} UTC"
        (place / "timestamp.txt").write_text(stamp, encoding="utf-8")
    people = ([one.login, one.given, one.family, one.email] for one in class_.students)
    roster = table(folder / "roster.csv", [["student", "first_name", "last_name", "email"], *people])
    names = {student.number: student.login for student in class_.students}
    return [Download(folder / "submitted", class_.topics, ("--roster", str(roster)), names, knows_times=True)]
