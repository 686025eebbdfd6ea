"""Canvas: *Download Submissions* of each assignment, and the gradebook's export.

Names of files: lib/content_zipper.rb of instructure/canvas-lms. The gradebook: lib/gradebook_exporter.rb there. Only the last
attempt is in the zip; a file that was handed in again is called like the one before, with -1 before its ending.
"""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from pathlib import Path

from coursekit.grading.intake.topics import file_name
from coursekit.grading.rehearsal.classroom import RULE, Classroom, Work
from coursekit.grading.rehearsal.platforms import (
    Download,
    marks_in,
    possible,
    table,
    word_characters,
    zipped,
)

MARKED = Decimal("0.2")  # what LATE costs: the download does not say by how much
ASSIGNMENT = 5001  # the number of the first assignment
SCORES = ("Current Score", "Unposted Current Score", "Final Score", "Unposted Final Score")
COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


def write(class_: Classroom, folder: Path) -> list[Download]:
    """A zip for each lesson, and gradebook.csv."""
    gradebook = _gradebook(class_, folder / "gradebook.csv")
    names = {student.number: student.login for student in class_.students}
    marks = partial(
        marks_in,
        key="ID",
        of=lambda student: student.platform_id,
        column=partial(_column, class_),
        students=class_.students,
    )
    options = ("--roster", str(gradebook), "--canvas", str(gradebook))
    use = "import it in Canvas: Grades, Import"
    found = []
    for topic in class_.topics:
        members = [(_member(work, 880_000 + 3 * i), work.content) for i, work in enumerate(class_.of(topic))]
        zip_file = zipped(folder / f"{file_name(topic)}_submissions.zip", members)
        back, feedback = "canvas.csv", f"feedback-canvas-{file_name(topic)}.zip"
        found.append(
            Download(
                zip_file, (topic,), options, names, file=back, use=use, marks=marks,
                late=f"{RULE},marked={MARKED:.0%}", marked=MARKED, feedback=feedback,
            )
        )  # fmt: skip
    return found


def _member(work: Work, upload: int) -> str:
    name, late = work.student.sortable.lower(), "LATE" if work.late else None
    stem = "_".join(filter(None, (name, late, str(work.student.platform_id))))
    shown, dot, ending = work.file.rpartition(".")
    return f"{word_characters(stem)}_{upload}_{shown}{'-1' if work.first else ''}{dot}{ending}"


def _column(class_: Classroom, topic: str) -> str:
    return f"{file_name(topic)} ({ASSIGNMENT + class_.topics.index(topic)})"


def _gradebook(class_: Classroom, file: Path) -> Path:
    columns, most = (
        [_column(class_, topic) for topic in class_.topics],
        [possible(class_, topic) for topic in class_.topics],
    )
    rows: list[list[object]] = [[*COLUMNS, *columns, *SCORES]]
    rows.append(
        [
            "    Points Possible",
            "",
            "",
            "",
            "",
            *(f"{points:.2f}" for points in most),
            *["(read only)"] * len(SCORES),
        ]
    )
    for one in sorted(class_.students, key=lambda student: student.sortable.casefold()):
        identity = [one.sortable, one.platform_id, one.registration, one.login, one.section]
        rows.append([*identity, *[""] * (len(columns) + len(SCORES))])
    rows.append(["Student, Test", 79_999, "", "a3c1f6", "Monday", *[""] * (len(columns) + len(SCORES))])
    return table(file, rows)
