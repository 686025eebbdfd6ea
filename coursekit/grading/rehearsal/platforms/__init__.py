"""What each platform makes of a class: the download, the tables that come with it, and how a mark gets back.

These forms were written from the platforms' own sources and from scripts of their users, and not from the grader's readers.
"""

from __future__ import annotations

import csv
import importlib
import io
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import cast

from coursekit.grading.rehearsal.classroom import RULE, Classroom
from coursekit.grading.rehearsal.people import Student

NAMES = (
    "canvas",
    "moodle",
    "gradescope",
    "blackboard",
    "brightspace",
    "google",
    "github",
    "folder",
    "nbgrader",
)
ZIP_DATE = (2026, 12, 12, 9, 0, 0)  # of the files in a zip: when it was downloaded
Marks = dict[int, str]  # student's number → the mark as the platform would read it


@dataclass(frozen=True)
class Download:
    """What is graded by one command, what the command needs to know, and how the results call the students."""

    submissions: Path
    topics: tuple[str, ...]
    options: tuple[str, ...]
    names: Mapping[int, str]  # student's number → name in the results
    unclear: frozenset[int] = frozenset()  # students of one name, whom nothing in the download tells apart
    knows_times: bool = False  # whether the download itself tells when a notebook was handed in
    file: str = ""  # what goes back to the platform, below the folder of the results
    use: str = ""  # what to do with it
    marks: Callable[[Path, str], Marks] | None = None  # reads it: the file, the topic
    late: str = RULE  # what lateness costs, as course.toml says it
    marked: Decimal = Decimal(0)  # the share that is taken where it is only known that something is late
    feedback: str = (
        ""  # the zip of feedback that goes back to it: its names begin as those of the download do
    )


Write = Callable[[Classroom, Path], list[Download]]


def writer(platform: str) -> Write:
    """The function that writes a class as the platform lets it be downloaded, into a folder."""
    module = importlib.import_module(f"{__name__}.{platform}")
    return cast(Write, module.write)


def zipped(file: Path, members: Iterable[tuple[str, bytes]]) -> Path:
    """Write a zip of name → content."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members:
            made.writestr(zipfile.ZipInfo(name, ZIP_DATE), content, zipfile.ZIP_DEFLATED)
    return file


def table(
    file: Path, rows: Iterable[Sequence[object]], encoding: str = "utf-8", delimiter: str = ","
) -> Path:
    """Write rows as a platform writes CSV."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.getvalue().encode(encoding))
    return file


def rows_of(file: Path) -> list[dict[str, str]]:
    """The rows of a table that goes back to a platform, by the names of its columns."""
    content = file.read_bytes()
    text = content.decode("utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    delimiter = "\t" if "\t" in text.partition("\n")[0] else ","
    return [*csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)]


def marks_in(
    file: Path,
    topic: str,
    *,
    key: str,
    of: Callable[[Student], object],
    column: Callable[[str], str],
    students: Iterable[Student],
) -> Marks:
    """The marks in a lesson's column of a table, in which the column `key` holds what `of` says of a student."""
    rows = {row[key]: row[column(topic)] for row in rows_of(file)}
    return {student.number: rows[str(of(student))] for student in students if str(of(student)) in rows}


def of_one_name(class_: Classroom) -> frozenset[int]:
    """The students of the class who have the same name as another one."""
    names = Counter(student.name for student in class_.students)
    return frozenset(student.number for student in class_.students if names[student.name] > 1)


def word_characters(text: str) -> str:
    """Letters, marks, digits and connectors, which Ruby's [[:word:]] means."""
    return "".join(
        char
        for char in text
        if unicodedata.category(char)[0] in "LM" or unicodedata.category(char) in ("Nd", "Pc")
    )


def possible(class_: Classroom, topic: str) -> Decimal:
    """The points that a lesson can earn."""
    answers = next(work.answers for work in class_.of(topic) if work.readable)
    return sum((Decimal(answer.max) for answer in answers if answer.points is not None), Decimal(0))
