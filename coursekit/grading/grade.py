"""`course.py grade`: submissions → grades.csv, a page of feedback for each student, log.jsonl, whatever happens on the way."""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from pathlib import Path

from tqdm import tqdm

from coursekit.grading import outputs
from coursekit.grading.course_file import NAME, course_file, read_course_file
from coursekit.grading.csvfile import BadTable, noted
from coursekit.grading.earlier import read_terms
from coursekit.grading.engine import engine_of, plan
from coursekit.grading.engine.local import NoSandbox
from coursekit.grading.finish import Report, finish
from coursekit.grading.intake.archives import FULL, NoRoom
from coursekit.grading.intake.collect import Collection, collect
from coursekit.grading.intake.names import printable
from coursekit.grading.intake.roster import read_roster
from coursekit.grading.intake.topics import UnknownLesson, lesson_called
from coursekit.grading.log import Log
from coursekit.grading.options import Options, add_arguments
from coursekit.grading.policy import Course, policy_of
from coursekit.grading.result import Result
from coursekit.grading.rules import BadRule, items_called
from coursekit.grading.times import sheets_of, zone_of
from coursekit.sandbox.own_folder import OwnFolder

__all__ = ["add_arguments", "grade", "run"]

INCOMPLETE, USAGE, NO_SANDBOX = 1, 2, 3  # exit codes


class Refused(Exception):
    """The command cannot be carried out as it was given."""


def run(parsed: argparse.Namespace) -> int:
    """Grade; returns the exit code: 0 all graded, 1 some not or no room, 2 nothing to do it with, 3 no sandbox."""
    try:
        report = grade(_options(parsed))
    except NoSandbox as error:
        return _refuse(error, NO_SANDBOX)
    except NoRoom as error:
        return _refuse(error, INCOMPLETE)
    except (Refused, OSError) as error:
        return _refuse(error, INCOMPLETE if getattr(error, "errno", None) in FULL else USAGE)
    print(report.sentence())
    return report.exit_code


def grade(options: Options) -> Report:
    """Grade as the options say, and write everything.

    Raises
    ------
    Refused, OSError: it cannot be done; the message says why. NoSandbox: the sandbox that is asked for cannot be had.
    NoRoom: the disk is full.
    """
    return _grade(options, _check(options))


def _options(parsed: argparse.Namespace) -> Options:
    """What the command line says, before what course.toml says; a line tells which file that is."""
    file = course_file(getattr(parsed, "config", None), parsed.out)
    other = parsed.submissions.absolute().with_name(NAME)
    try:
        if file is None:
            if other.is_file():
                _say(f"{other} is not used: it does not lie beside {parsed.out}; name it with --config")
            return Options.of(parsed)
        _say(f"rules of the course: {file}")
        return Options.of(parsed, {**read_course_file(file), "config": file})
    except ValueError as error:
        raise Refused(str(error)) from None


def _check(options: Options) -> Course:
    """Look at the options, and read the course's own files, before anything is graded."""
    out, source = options.out.resolve(), options.submissions.resolve()
    if source in (out, *out.parents):
        raise Refused("--out lies among the submissions, which are never written to: choose another folder")
    if out.exists() and not out.is_dir():
        raise Refused(f"--out {options.out} is a file: name a folder")
    try:
        _forced(options)
        roster = read_roster(options.roster) if options.roster else None
        outputs.check(options)
        read_terms(options.compare_with, options.out)
        return Course(roster, policy_of(options, roster), sheets_of(options), zone_of(options))
    except ValueError as error:
        raise Refused(str(error)) from None


def _forced(options: Options) -> list[str]:
    """What --regrade names, as `plan` takes it.

    Raises
    ------
    BadRule: there is nothing of such a name. It is a ValueError.
    """
    wrong, found = list[str](), list[str]()
    for name in options.regrade:
        with noted(wrong, f"--regrade {name}: "):
            found.append(_regraded(name))
    if wrong:
        raise BadRule("\n".join(wrong))
    return found


def _regraded(name: str) -> str:
    """`plan.ALL`, a lesson's topic, or the name of an exercise or question."""
    if name == plan.ALL:
        return name
    with contextlib.suppress(UnknownLesson):
        return lesson_called(name)
    return min(item for _, item in items_called(name))  # lessons may share it: they are all meant


def _grade(options: Options, course: Course) -> Report:
    start = time.monotonic()
    with OwnFolder("nnutils-submissions-") as unpacked:  # until all is graded
        found = _collect(options, course, unpacked)
        course = course.with_due(found.due)
        submissions = found.submissions
        with _log(options) as log:
            steps = plan.plan(submissions, log, options.settings, _forced(options))
            report = Report(options, steps, found.left_out, found.students, unread=found.unread)
            report.notes = [*found.notes, *course.unmatched(found.students)]
            del submissions
            found.submissions.clear()  # the steps say all that is needed of them, in less memory
            if not options.dry_run:
                log.note_rules(course.policy.told())
                _grade_steps(report, log)
                report.elapsed = time.monotonic() - start
                finish(report, course, lambda: plan.results(steps, log))
    return report


def _grade_steps(report: Report, log: Log) -> None:
    """Grade what is to be graded, and append each result to the log as it comes."""
    options, steps = report.options, report.steps
    total = sum(step.kind != plan.CARRIED for step in steps)
    with tqdm(total=total, file=sys.stderr, unit="notebook", dynamic_ncols=True) as bar:

        def say(line: str) -> None:
            bar.write(printable(line), file=sys.stderr)

        for line in (*report.left_out, *report.notes):
            say(line)
        if total:
            with engine_of(options.settings, min(options.jobs, total), options.scheduler) as engine:
                for result in engine.grade(plan.tasks(steps, log)):
                    log.append(result)
                    for line in _remarks(result):
                        say(f"{result.file}: {line}")
                    bar.update()
                report.sandbox_missing = engine.missing
        for line in report.sandbox_missing:
            say(f"missing in the sandbox of this machine: {line}")
    log.sync()


def _collect(options: Options, course: Course, unpacked: Path) -> Collection:
    source = options.submissions
    try:
        found = collect(source, unpacked, course.roster, options.file_times, course.zone, course.sheets)
    except BadTable as error:
        raise Refused(str(error)) from None
    if not found.submissions:
        expected = f"{source} holds no submission: expected is <student>/NN_topic.ipynb"
        raise Refused("\n".join([*found.left_out, expected]))
    return found


def _log(options: Options) -> Log:
    file = options.out / "log.jsonl"
    if not options.dry_run:
        options.out.mkdir(parents=True, exist_ok=True)
    log = Log(file, write=not options.dry_run)
    if log.skipped:
        print(f"{file}: {log.skipped} lines hold no result and are left alone", file=sys.stderr)
    return log


def _remarks(result: Result) -> list[str]:
    """What the instructor should know of a notebook, a line each."""
    lost = [f"{item.name}: {item.lost}" for item in result.items if item.lost]
    return [*filter(None, [result.problem]), *lost, *result.notes]


def _refuse(why: Exception, code: int) -> int:
    said = str(why)
    if isinstance(why, OSError) and why.strerror:  # without the number of the error
        said = ": ".join(filter(None, [str(why.filename or ""), why.strerror]))
    if getattr(why, "errno", None) in FULL:
        said += ". Make room, then give the same command: it goes on from there"
    for line in said.splitlines():
        _say(line)
    return code


def _say(line: str) -> None:
    print(printable(line), file=sys.stderr)
