"""What is written of the marks: grades.csv always, and what Canvas, Moodle, Gradescope and nbgrader read."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from coursekit.grading.intake.csvfile import read_table
from coursekit.grading.intake.roster import Roster
from coursekit.grading.intake.topics import lesson_called
from coursekit.grading.outputs import canvas, gradescope, moodle, nbgrader
from coursekit.grading.outputs.bad import BadOutput
from coursekit.grading.outputs.table import with_missing, write_grades
from coursekit.grading.policy import Policy
from coursekit.grading.policy import of_options as policy_of_options
from coursekit.grading.result import Mark

__all__ = ["BadOutput", "add_arguments", "check", "write"]

NOTHING_UNREAD: Mapping[str, Sequence[str]] = {}
Say = Callable[[str], None]
Job = tuple[str, Callable[[], Sequence[Path]]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options that ask for files beside grades.csv."""
    add = parser.add_argument_group("files for other programs").add_argument
    add("--canvas", type=Path, metavar="FILE", help="fill in this gradebook export of Canvas: DIR/canvas.csv")
    add(
        "--canvas-column",
        action="append",
        default=[],
        metavar="LESSON=NAME",
        help="the column of the export that is a lesson's (default: the one called as the lesson, else a new one)",
    )
    add(
        "--moodle",
        action="append",
        default=[],
        metavar="[LESSON=]FILE",
        help="fill in this grading worksheet of Moodle, one for each lesson: DIR/moodle-NN_topic.csv",
    )
    add("--moodle-import", action="store_true", help="a table for Moodle's grade import: DIR/moodle.csv")
    add(
        "--gradescope",
        type=Path,
        metavar="DIR",
        help="Gradescope's results.json for each notebook, as DIR/NN_topic/STUDENT/results.json",
    )
    add("--nbgrader", type=Path, metavar="FILE", help="a gradebook of nbgrader 0.9 (SQLite)")


def check(options: argparse.Namespace) -> None:
    """Look at the files that are to be filled in, before hours of grading.

    Raises
    ------
    BadOutput, BadTable, UnknownLesson: one cannot be used; the message says why. All ValueErrors.
    """
    columns = _columns(options)
    if options.canvas:
        canvas.check(read_table(options.canvas), columns)
    for _, file in _worksheets(options):
        moodle.check(read_table(file))
    if options.nbgrader:
        nbgrader.check(options.nbgrader)


def write(
    out: Path,
    marks: Iterable[Mark],
    roster: Roster | None,
    options: argparse.Namespace,
    say: Say | None = None,
    unread: Mapping[str, Sequence[str]] = NOTHING_UNREAD,
) -> list[Path]:
    """Write what the options ask for; returns the files. One that cannot be written does not stop the others.

    `marks` come by student and lesson, and are gone through several times.

    With a roster there is a mark of 0 points for each lesson that a student did not hand in; `unread` holds, by student, a
    line for each file that could not be taken, which that mark then tells. `say` takes a line for
    everything that the instructor should know; they go to stderr where it is not given.

    Raises
    ------
    BadOutput: a file could not be written; the others are.
    """
    marks, say = with_missing(marks, roster, unread), say or partial(print, file=sys.stderr)
    files, failed = list[Path](), list[str]()
    for name, job in _jobs(out, marks, roster, options, say):
        try:
            files += job()
        except (ValueError, OSError) as error:
            failed.append(f"{name} was not written: {error}")
    if failed:
        raise BadOutput("\n".join(failed))
    return files


def _jobs(
    out: Path, marks: Iterable[Mark], roster: Roster | None, options: argparse.Namespace, say: Say
) -> Iterator[Job]:
    yield "grades.csv", lambda: [write_grades(out / "grades.csv", marks, roster)]
    if options.canvas:
        columns = _columns(options)
        yield (
            "canvas.csv",
            lambda: [
                canvas.write(out / "canvas.csv", read_table(options.canvas), marks, roster, columns, say)
            ],
        )
    for lesson, file in _worksheets(options):
        yield f"the worksheet {file}", partial(moodle.write, out, lesson, file, marks, roster, say)
    if options.moodle_import:
        yield "moodle.csv", lambda: [moodle.write_import(out / "moodle.csv", marks, roster)]
    if options.gradescope:
        yield "Gradescope's results", lambda: gradescope.write(options.gradescope, marks)
    if options.nbgrader:
        policy = policy_of_options(options, roster) if hasattr(options, "deadline") else Policy()
        yield "nbgrader's gradebook", lambda: [nbgrader.write(options.nbgrader, marks, roster, policy)]


def _columns(options: argparse.Namespace) -> dict[str, str]:
    if options.canvas_column and not options.canvas:
        raise BadOutput("--canvas-column names a column of the file that --canvas names: give that, too")
    pairs = [text.partition("=") for text in options.canvas_column]
    for lesson, equals, name in pairs:
        if not equals or not name.strip():
            raise BadOutput(f"--canvas-column {lesson}: write LESSON=NAME, such as 4='Homework 2 (1234)'")
    return {lesson_called(lesson): name.strip() for lesson, _, name in pairs}


def _worksheets(options: argparse.Namespace) -> list[tuple[str | None, Path]]:
    found: list[tuple[str | None, Path]] = []
    for text in options.moodle:
        lesson, equals, file = text.partition("=")
        named = equals and not Path(text).exists()
        found.append((lesson_called(lesson), Path(file)) if named else (None, Path(text)))
    return found
