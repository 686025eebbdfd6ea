"""What came out of grading beside what is true of the class."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from coursekit.grading.intake.topics import file_name, item_names
from coursekit.grading.log import Log
from coursekit.grading.outputs.table import NOTHING
from coursekit.grading.pages.similarity import Pair, pairs
from coursekit.grading.rehearsal.answers import Answer
from coursekit.grading.rehearsal.classroom import Classroom, Work
from coursekit.grading.rehearsal.people import Student
from coursekit.grading.rehearsal.platforms import Download, rows_of
from coursekit.grading.result import Item, number

Cells = Mapping[str, str]  # a row of grades.csv


@dataclass(frozen=True)
class Line:
    """A student and a lesson: what was handed in, the mark that was expected, and the one that was given."""

    student: Student
    topic: str
    words: str
    expected: str
    given: str
    late: str = ""  # what the grader says of lateness, where it is late


@dataclass
class Comparison:
    """How the results of one command agree with the truth."""

    lines: list[Line] = field(default_factory=list)
    verdicts: int = (
        0  # of exercises and questions, of files that cannot be read, of students who handed in nothing
    )
    timed: int = 0  # notebooks of which grades.csv says when they were handed in
    marks: int = 0  # in what goes back to the platform
    differences: list[str] = field(default_factory=list)
    copies: list[tuple[Student, Student]] = field(default_factory=list)  # who copied, from whom
    expected: dict[tuple[int, str], Decimal] = field(default_factory=dict)  # number and topic → the mark
    found: list[Pair] = field(default_factory=list)  # pairs that the report lists

    def found_of(self, names: Mapping[int, str]) -> list[tuple[Student, Student]]:
        """The copies that are among the pairs."""
        listed = {frozenset((pair.a, pair.b)) for pair in self.found}
        return [pair for pair in self.copies if frozenset(names[one.number] for one in pair) in listed]


def compare(class_: Classroom, download: Download, out: Path) -> Comparison:
    """Compare all that the command for `download` wrote into `out` with what is true."""
    rows = {(row["student"], row["lesson"]): row for row in rows_of(out / "grades.csv")}
    with Log(out / "log.jsonl", write=False) as log:
        results = [*log.results()]
    items = {
        (result.student, result.lesson): {item.name: item for item in result.items} for result in results
    }
    made = Comparison(found=pairs(results))
    clear = [student for student in class_.students if student.number not in download.unclear]
    works = {(work.student.number, work.topic): work for work in class_.works}
    for topic in download.topics:
        for student in clear:
            work, place = works.get((student.number, topic)), (download.names[student.number], topic)
            _look_at(made, work, student, topic, rows.get(place), items.get(place, {}), download)
            if work and work.copy_of in clear and (student, work.copy_of) not in made.copies:
                made.copies.append((student, work.copy_of))
        made.differences += _platform(made, class_, download, out, topic)
    made.differences += _feedback(download, out)
    known = {download.names[student.number] for student in class_.students}
    unsure = tuple(student.name for student in class_.students if student.number in download.unclear)
    strangers = [
        (who, topic) for who, topic in rows if who not in known and not who.startswith(unsure or ("\n",))
    ]
    made.differences += [
        f"{who}, {topic}: there is nobody of this name in the class" for who, topic in strangers
    ]
    return made


def _look_at(
    made: Comparison,
    work: Work | None,
    student: Student,
    topic: str,
    row: Cells | None,
    items: Mapping[str, Item],
    download: Download,
) -> None:
    moment = row["submitted"] if row else ""
    expected = work.mark(bool(moment), download.marked) if work else Decimal(0)
    words = ", ".join(work.remarks) if work else "nothing handed in"
    given, late = (row["points"], row["late"] if work and work.late else "") if row else ("none", "")
    made.expected[student.number, topic] = expected
    made.lines.append(Line(student, topic, words, number(float(expected)) or "0", given, late))
    who = f"{student.name} ({student.login}), {file_name(topic)}"
    if row is None:
        made.verdicts += 1
        made.differences.append(f"{who}: no row in grades.csv")
        return
    if work is None or not work.readable:
        made.verdicts += 1
        right = row["problem"] == NOTHING if work is None else row["problem"] not in ("", NOTHING)
        if not right:
            made.differences.append(
                f"{who}: {words}, but grades.csv says {row['problem'] or 'that it was read'!r}"
            )
    else:
        made.verdicts += len(work.answers)
        for answer, name in zip(work.answers, item_names(topic), strict=True):
            made.differences += _answer(answer, row[f"{topic}.{name}"], items.get(name), who)
    if (
        work
        and (moment or (download.knows_times and work.readable))
        and not _same_time(moment, work.submitted)
    ):
        told = moment or "an unknown time"
        made.differences.append(
            f"{who}: handed in at {told}, as grades.csv says, and in truth at {work.submitted}"
        )
    made.timed += bool(work and moment)
    if Decimal(row["points"] or 0) != expected:
        rule = f" after the late rule ({work.late})" if work and work.share_off else ""
        made.differences.append(f"{who}: {given} points{rule}, expected {expected}")


def _same_time(told: str, true: datetime) -> bool:
    """Whether a time is told rightly; some platforms leave out the seconds."""
    return bool(told) and abs(datetime.fromisoformat(told) - true) < timedelta(minutes=1)


def _answer(answer: Answer, cell: str, item: Item | None, who: str) -> Iterator[str]:
    expected = (number(answer.points), answer.status, answer.mistake)
    said = (cell, item.status, item.mistake) if item else (cell, "missing in log.jsonl", None)
    if said != expected:
        yield f"{who}: {answer.name} got {_words(*said)}, expected {_words(*expected)}"


def _words(points: str, status: str, mistake: str | None) -> str:
    return f"{points or 'no'} points ({status}{f': {mistake}' if mistake else ''})"


def _platform(
    made: Comparison, class_: Classroom, download: Download, out: Path, topic: str
) -> Iterator[str]:
    """A sentence for each mark in the platform's own file that is not the expected one.

    Whom nothing tells apart from somebody else must not get a mark.
    """
    if download.marks is None:
        return
    marks = download.marks(out / download.file, topic)
    for student in class_.students:
        made.marks += 1
        given, expected = marks.get(student.number, ""), made.expected.get((student.number, topic))
        as_wanted = not given if expected is None else bool(given) and Decimal(given) == expected
        if not as_wanted:
            wanted = "none" if expected is None else expected
            yield f"{download.file}: {student.name} ({student.login}) has {given or 'no mark'}, expected {wanted}"


def _feedback(download: Download, out: Path) -> Iterator[str]:
    """A sentence for each place of the download to which no feedback goes back, and for feedback that goes nowhere."""
    if download.feedback:
        there, back = _tops(download.submissions), _tops(out / download.feedback)
        for name in sorted(there ^ back):
            yield f"{download.feedback}: {name} is {'missing' if name in there else 'no name of the download'}"


def _tops(file: Path) -> set[str]:
    """What lies at the top of a zip; nothing where there is none."""
    if not file.is_file():
        return set()
    with zipfile.ZipFile(file) as opened:
        return {name.partition("/")[0] for name in opened.namelist()}
