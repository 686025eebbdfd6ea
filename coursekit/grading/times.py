"""`--times` and the options that go with it: the tables that say when notebooks were handed in."""

from __future__ import annotations

from datetime import tzinfo
from pathlib import Path

from coursekit.grading.intake.timesheets import Timesheets, is_timesheet, read_timesheet
from coursekit.grading.options import Options, files_named
from coursekit.grading.rules import BadRule, zone_called


def zone_of(options: Options) -> tzinfo | None:
    """The zone of times that a platform writes without one; None is this machine's.

    Raises
    ------
    BadRule: there is no zone of this name.
    """
    return zone_called(options.timezone) if options.timezone else None


def sheets_of(options: Options) -> Timesheets:
    """The platforms' tables of times. Moodle's worksheets, which are to be filled in, are read if there are rules for lateness.

    Raises
    ------
    BadRule, BadTable, UnknownLesson: a table cannot be used; the message says why. All ValueErrors.
    """
    named = files_named(options.times)
    if options.deadlines or options.late:
        named += [pair for pair in files_named(options.moodle) if pair not in named]
    zone, form = zone_of(options), options.date_format
    found = [(topic, file) for topic, file in named if is_timesheet(file)]
    return Timesheets([read_timesheet(file, topic, zone, form) for topic, file in found])


def own_tables(options: Options) -> list[Path]:
    """The tables of `--times` that the instructor keeps: student, lesson, submitted.

    Raises
    ------
    BadTable, UnknownLesson: a table cannot be read, or a lesson stands before one that has a column of lessons.
    """
    found = []
    for topic, file in files_named(options.times):
        if not is_timesheet(file):
            if topic:
                raise BadRule(f"{file} has a column that says the lesson: name the file alone")
            found.append(file)
    return found
