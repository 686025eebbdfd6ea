"""`course.py rehearse`: a term in five minutes: a class is made, downloaded, graded, and compared with what is true of it."""

from __future__ import annotations

import argparse
import contextlib
import os
import shlex
import sys
import time
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from coursekit.grading import grade
from coursekit.grading.engine.task import SANDBOX
from coursekit.grading.intake.topics import UnknownLesson, file_name, lessons_called
from coursekit.grading.options import processes
from coursekit.grading.rehearsal.classroom import DEADLINE, Classroom, Work, classroom
from coursekit.grading.rehearsal.compare import Comparison, Line, compare
from coursekit.grading.rehearsal.platforms import NAMES, Download, table, writer
from coursekit.grading.result import number
from nnutils.files import write_whole
from nnutils.words import counted

DESCRIPTION = """\
See what grading is like before a student is involved. A class is made from the course's
own right and wrong answers: late, odd, broken and copied work, work that was handed in
twice, and names of all kinds. It is written in the form in which your platform hands out
submissions, graded, and every verdict is compared with what is true.
"""
RULES = """\
# The rules of this course. A run finds them because they lie beside the folder of its results.
timezone = "+00:00"
late = "{}"

[deadlines]
all = "{:%Y-%m-%d %H:%M}"
"""
LESSONS = ("4", "12")
LEAST, MOST = 4, 1000
USES = (  # the beginning of a name below the folder of the results, and what the file is for
    ("report.html", "what the class got right and wrong, and whose work is alike: open it first"),
    ("report-anonymous.html", "the same without names, to show to the class"),
    ("grades.csv", "all points, in a table"),
    ("feedback.zip", "the pages of feedback in one zip"),
    ("feedback-moodle", "the feedback as Moodle takes it: Upload multiple feedback files in a zip"),
    ("feedback-canvas", "the feedback as Canvas takes it: Upload Submissions"),
    ("feedback", "a page for each student"),
    ("alike", "a page for each pair whose work is alike, side by side"),
    ("code", "what each student wrote, for the teaching staff"),
    ("log.jsonl", "what all of this is made of: keep it for the next run"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `course.py rehearse`."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = DESCRIPTION
    add = parser.add_argument
    add("--platform", choices=NAMES, default="folder", help="where students hand in (default: folder)")
    add("--lessons", nargs="+", default=LESSONS, metavar="NN", help="which lessons (default: 04 12)")
    add(
        "--students",
        type=int,
        default=30,
        metavar="N",
        help=f"how many, from {LEAST} to {MOST} (default: 30)",
    )
    add("--out", type=Path, required=True, metavar="DIR", help="a new folder for everything")
    add("--sandbox", choices=SANDBOX, help="as for grade")
    add("--jobs", type=processes, metavar="N", help="as for grade")


def run(options: argparse.Namespace) -> int:
    """Rehearse; returns 0 where all is as expected, 1 where not, 2 for wrong usage, 3 where there is no sandbox."""
    start, out = time.monotonic(), options.out
    try:
        topics = lessons_called(options.lessons)
        if not LEAST <= options.students <= MOST:
            raise ValueError(f"--students {options.students}: a class has {LEAST} to {MOST} students here")
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise ValueError(f"{out} is not empty: choose a new folder, or delete it first")
    except (UnknownLesson, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    class_, downloads = make(options.students, topics, options.platform, out)
    given = [*(("--sandbox", options.sandbox) if options.sandbox else ())]
    given += ("--jobs", str(options.jobs)) if options.jobs else ()
    differences = 0
    for download in downloads:
        results = out / (f"graded-{file_name(download.topics[0])}" if len(downloads) > 1 else "graded")
        words = [str(download.submissions), "--out", str(results), *download.options, *given]
        print(f"\n$ python3 course.py grade {shlex.join(words)}", flush=True)
        code = _grade(words)
        if code > 1:
            return code
        found = compare(class_, download, results)
        differences += len(found.differences)
        _show(class_, download, results, found)
    print(f"\n{counted(int(time.monotonic() - start), 'second')} in all.")
    return 1 if differences else 0


def make(count: int, topics: Sequence[str], platform: str, out: Path) -> tuple[Classroom, list[Download]]:
    """A class below `out` as the platform lets it be downloaded, and truth.csv, which says what is true of it."""
    class_ = classroom(count, topics)
    downloads = writer(platform)(class_, out / "downloads")
    table(out / "truth.csv", [TRUTH, *map(_truth, class_.works)], "utf-8-sig")
    write_whole(out / "course.toml", RULES.format(downloads[0].late, DEADLINE))
    print(f"A class of {counted(count, 'student')} for the platform {platform}:")
    _list([(out / "downloads", "what the platform lets you download, and the tables that belong to it")])
    _list([(out / "truth.csv", "who handed in what, and the points that it must get")])
    _list([(out / "course.toml", "the rules of the course")])
    return class_, downloads


TRUTH = ("login", "name", "lesson", "file", "handed in", "special", "points", "after the late rule")


def _truth(work: Work) -> list[str]:
    points, mark = (number(float(points)) or "0" for points in (work.earned, work.mark(True)))
    moment, special = f"{work.submitted:%Y-%m-%d %H:%M}", ", ".join(work.remarks)
    return [
        work.student.login,
        work.student.name,
        file_name(work.topic),
        work.file,
        moment,
        special,
        points,
        mark,
    ]


def _grade(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="course.py grade")
    grade.add_arguments(parser)
    with _without_secret():
        return grade.run(parser.parse_args(words))


@contextlib.contextmanager
def _without_secret() -> Iterator[None]:
    """The truth is about the notebooks' own cases, and not about those that a class gets with a secret."""
    kept = os.environ.pop("NNUTILS_SEED_SECRET", None)
    try:
        yield
    finally:
        if kept is not None:
            os.environ["NNUTILS_SEED_SECRET"] = kept


def _show(class_: Classroom, download: Download, out: Path, found: Comparison) -> None:
    """What an instructor should look at."""
    print("\nWhat came out:")
    files = [
        (path, _use(path.name, download)) for path in sorted(out.iterdir()) if not path.name.startswith(".")
    ]
    _list([(path, use) for path, use in files if use])
    if download.file and "/" in download.file:
        _list([(out / download.file, download.use)])
    print("\nThe marks, as expected and as given:")
    for line in found.lines:
        _mark(line, len(download.topics) > 1)
    if download.unclear:
        print(
            "\nWhat the platform gives does not tell these apart. Their work is graded under other names: look at it yourself."
        )
        for student in class_.students:
            if student.number in download.unclear:
                print(f"  {student.name} ({student.login})")
    _late(class_, download, found)
    _copies(download, found)
    agreeing = found.verdicts + found.marks - len(found.differences)
    print(
        f"\n{max(agreeing, 0)} of {found.verdicts + found.marks} agree with the truth: {found.verdicts} verdicts",
        end="",
    )
    print(f", {found.marks} marks in {download.file}." if found.marks else ".")
    for difference in found.differences:
        print(f"✘ {difference}")


def _late(class_: Classroom, download: Download, found: Comparison) -> None:
    works = [work for topic in download.topics for work in class_.of(topic)]
    late = [work for work in works if work.late]
    print(
        f"\nLate: {len(late)}. When it was handed in is known of {found.timed} of {counted(len(works), 'notebook')}."
    )
    told = {(line.student, line.topic): line.late for line in found.lines}
    for work in late:
        says = told.get((work.student, work.topic), "") or "nothing is said of it, and nothing is taken off"
        print(f"  {work.student.name} ({work.student.login}), {file_name(work.topic)}, {work.late}: {says}")


def _copies(download: Download, found: Comparison) -> None:
    seen = found.found_of(download.names)
    print(
        f"\nCopies: {len(seen)} of {len(found.copies)} are among the {counted(len(found.found), 'pair')} in the report."
    )
    for who, source in found.copies:
        missed = "" if (who, source) in seen else ", not found"
        print(f"  {who.name} ({who.login}) from {source.name} ({source.login}){missed}")


def _use(name: str, download: Download) -> str:
    if name == download.file and download.use:
        return download.use
    return next((use for beginning, use in USES if name.startswith(beginning)), "")


def _list(rows: Sequence[tuple[Path, str]]) -> None:
    for path, use in rows:
        print(f"  {_padded(str(path), 48)}  {use}")


def _mark(line: Line, with_lesson: bool) -> None:
    lesson = f"{file_name(line.topic)[:2]} " if with_lesson else ""
    who = _padded(f"{line.student.name} ({line.student.login})", 34)
    sign = "✔" if line.expected == line.given else "✘"
    print(f"  {sign} {lesson}{who}  {line.expected:>6} {line.given:>6}  {line.words}".rstrip())


def _padded(text: str, width: int) -> str:
    """A text with blanks behind it. Letters of East Asia are two columns wide, and marks none."""
    size = sum(
        0 if unicodedata.category(char) == "Mn" else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )
    return text + " " * (width - size)
