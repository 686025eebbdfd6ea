"""Gradescope: *Export submissions* of each assignment, and the roster.

A folder for each submission, and submission_metadata.yml, which Ruby writes.
"""

from __future__ import annotations

from pathlib import Path

import yaml

from coursekit.grading.intake.topics import file_name
from coursekit.grading.rehearsal.classroom import Classroom
from coursekit.grading.rehearsal.platforms import Download, table, zipped

ROSTER = ("First Name", "Last Name", "SID", "Email", "Role", "Sections")


def write(class_: Classroom, folder: Path) -> list[Download]:
    """A zip for each lesson, and roster.csv."""
    people = (
        [one.given, one.family, one.registration, one.email, "Student", one.section]
        for one in class_.students
    )
    roster = table(folder / "roster.csv", [ROSTER, *people])
    names = {student.number: student.registration for student in class_.students}
    found = []
    for topic in class_.topics:
        top = f"assignment_{3001 + class_.topics.index(topic)}_export"
        members, metadata = list[tuple[str, bytes]](), dict[str, object]()
        for i, work in enumerate(class_.of(topic)):
            one, place = work.student, f"submission_{9_000_001 + 11 * i}"
            members.append((f"{top}/{place}/{work.file}", work.content))
            who = {":name": one.name, ":sid": one.registration, ":email": one.email}
            moment = work.submitted.replace(tzinfo=None)
            metadata[place] = {
                ":submitters": [who],
                ":created_at": moment,
                ":score": None,
                ":status": "processed",
            }
        text = yaml.safe_dump(metadata, explicit_start=True, allow_unicode=True, sort_keys=False)
        members.append((f"{top}/submission_metadata.yml", text.encode()))
        zip_file = zipped(folder / f"{file_name(topic)}_{top}.zip", members)
        found.append(Download(zip_file, (topic,), ("--roster", str(roster)), names, knows_times=True))
    return found
