"""What is written of the marks: grades.csv always, and what learning platforms and nbgrader read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from coursekit.grading.csvfile import read_table
from coursekit.grading.intake.topics import lesson_called
from coursekit.grading.log import Key
from coursekit.grading.options import Options, files_named
from coursekit.grading.outputs import canvas, gradebook, moodle, nbgrader, nbgrader_folders
from coursekit.grading.outputs.shared import BadOutput, Say, to_stderr
from coursekit.grading.outputs.table import NO_LINES, with_missing, write_grades
from coursekit.grading.policy import Course
from coursekit.grading.result import Mark

__all__ = ["BadOutput", "check", "write"]
NO_PATHS: Mapping[Key, Path] = {}


def check(options: Options) -> None:
    """Look at the files that are to be filled in, before hours of grading.

    Raises
    ------
    BadOutput, BadTable, UnknownLesson: one cannot be used; the message says why. All ValueErrors.
    """
    columns = _columns(options)
    if options.canvas:
        canvas.check(read_table(options.canvas), columns)
    for form, export in _gradebooks(options):
        gradebook.check(form, read_table(export), columns)
    for _, file in files_named(options.moodle):
        moodle.check(read_table(file))
    if options.nbgrader:
        nbgrader.check(options.nbgrader)


def write(
    options: Options,
    course: Course,
    marks: Iterable[Mark],
    unread: Mapping[str, Sequence[str]] = NO_LINES,
    say: Say = to_stderr,
    paths: Mapping[Key, Path] = NO_PATHS,
) -> list[Path]:
    """Write what the options ask for; returns the files. An output that cannot be written does not stop the others.

    `marks` come by student and lesson, and are gone through several times. `say` takes a line for everything that the
    instructor should know. With a roster there is a mark of 0 points for each lesson that a student did not hand in;
    `unread` holds, by student, a message for each file that could not be read, and that mark repeats it. `paths` says
    where the notebooks are.

    Raises
    ------
    BadOutput: a file could not be written; the others are.
    """
    marks = with_missing(marks, course.roster, unread, course.policy.adjustments)
    files, failed = list[Path](), list[str]()
    for name, job in _jobs(options, course, marks, say, paths):
        try:
            files += job() or ()
        except (ValueError, OSError) as error:
            failed.append(f"{name} was not written: {error}")
    if failed:
        raise BadOutput("\n".join(failed))
    return files


def _jobs(
    options: Options, course: Course, marks: Iterable[Mark], say: Say, paths: Mapping[Key, Path]
) -> Iterator[tuple[str, Callable[[], Sequence[Path] | None]]]:
    """The name of each output, and the function that writes it."""
    out, roster, columns = options.out, course.roster, _columns(options)
    yield "grades.csv", partial(write_grades, out / "grades.csv", marks, roster)
    if options.canvas:
        file = out / "canvas.csv"
        yield file.name, partial(canvas.write, file, options.canvas, marks, roster, columns, say)
    for form, export in _gradebooks(options):
        ending = ".xls" if export.suffix.lower() == ".xls" else ".csv"
        file = out / f"{form.platform.lower().split()[-1]}{ending}"
        yield file.name, partial(gradebook.write, form, file, export, marks, roster, columns, say)
    for lesson, file in files_named(options.moodle):
        yield f"the worksheet {file}", partial(moodle.write, out, lesson, file, marks, roster, say)
    if options.moodle_import:
        yield "moodle.csv", partial(moodle.write_import, out / "moodle.csv", marks, roster)
    if options.nbgrader:
        file = options.nbgrader
        yield "nbgrader's gradebook", partial(nbgrader.write, file, marks, course, say)
        yield "what formgrader shows", partial(nbgrader_folders.write_folders, file.parent, marks, paths, say)


def _columns(options: Options) -> dict[str, str]:
    """Topic → the column of a platform's gradebook that is the lesson's."""
    return {lesson_called(lesson): name.strip() for lesson, name in options.columns.items()}


def _gradebooks(options: Options) -> list[tuple[gradebook.Form, Path]]:
    """The gradebooks that are to be filled in, besides Canvas'."""
    given = {
        gradebook.BLACKBOARD: options.blackboard,
        gradebook.BRIGHTSPACE: options.brightspace,
        gradebook.SHEET: options.sheet,
    }
    return [(form, export) for form, export in given.items() if export]
