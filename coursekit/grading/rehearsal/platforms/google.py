"""Google Classroom: the assignment's folder in Drive, downloaded, and the table of grades.

Not confirmed by its documentation, but by what teachers show: a copy that Classroom makes is called "Name - title", Drive
adds the time to the name of the zip, and the grades come as Last Name, First Name, Email Address.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path

from coursekit.grading.intake.topics import file_name
from coursekit.grading.rehearsal.classroom import Classroom
from coursekit.grading.rehearsal.platforms import Download, marks_in, of_one_name, table, zipped


def write(class_: Classroom, folder: Path) -> list[Download]:
    """A zip for each lesson, and the table of grades."""
    header = ["Last Name", "First Name", "Email Address", *map(file_name, class_.topics)]
    blank = [""] * len(class_.topics)
    rows = [header, *([one.family, one.given, one.email, *blank] for one in class_.students)]
    roster = table(folder / "DL101 grades.csv", rows)
    names = {one.number: one.email for one in class_.students}
    marks = partial(
        marks_in,
        key="Email Address",
        of=lambda student: student.email,
        column=file_name,
        students=class_.students,
    )
    options, same = ("--roster", str(roster), "--sheet", str(roster)), of_one_name(class_)
    use = "type or copy its marks into Google Classroom, which reads no file"
    found = []
    for topic in class_.topics:
        top, seen, members = file_name(topic), Counter[str](), list[tuple[str, bytes]]()
        for work in class_.of(topic):
            name = f"{work.student.name} - {work.file}"
            seen[name] += 1
            stem, dot, ending = name.rpartition(".")
            name = (
                name if seen[name] == 1 else f"{stem}({seen[name] - 1}){dot}{ending}"
            )  # as Drive's zip does
            members.append((f"{top}/{name}", work.content))
        zip_file = zipped(folder / f"{top}-20261212T090000Z-001.zip", members)
        found.append(Download(zip_file, (topic,), options, names, same, False, "sheet.csv", use, marks))
    return found
