"""`nnutils grade`: submissions → grades.csv, a page of feedback for each student, log.jsonl, whatever happens on the way."""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from collections.abc import Iterator

from tqdm import tqdm

from coursekit.grading import options as command
from coursekit.grading import outputs, policy
from coursekit.grading.engine import engine_of, plan, shards
from coursekit.grading.engine.local import NoSandbox
from coursekit.grading.engine.task import Settings, Task
from coursekit.grading.finish import Course, Report, finish
from coursekit.grading.intake.archives import FULL, NoRoom
from coursekit.grading.intake.collect import Collection, collect
from coursekit.grading.intake.names import printable
from coursekit.grading.intake.roster import of_options
from coursekit.grading.log import Log
from coursekit.grading.result import Result
from coursekit.own_folder import OwnFolder
from nnutils.checks.catalogue import exercises_of, lessons, questions_of

GRADED, INCOMPLETE, USAGE, NO_SANDBOX = 0, 1, 2, 3


class Refused(Exception):
    """The command cannot be carried out as it was given."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `nnutils grade`."""
    command.add_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Grade; returns the exit code: 0 all graded, 1 some not or no room, 2 nothing to do it with, 3 no sandbox."""
    try:
        course = _check(options)
        report = _merge(options, course) if options.merge else _grade(options, course)
    except NoSandbox as error:
        return _refuse(error, NO_SANDBOX)
    except NoRoom as error:
        return _refuse(error, INCOMPLETE)
    except (Refused, OSError) as error:
        return _refuse(error, INCOMPLETE if getattr(error, "errno", None) in FULL else USAGE)
    print(report.as_json() if options.json else report.sentence())
    return report.exit_code


def _check(options: argparse.Namespace) -> Course:
    """What the course's own files say, read before anything is graded."""
    _check_words(options)
    try:
        roster = of_options(options)
        outputs.check(options)
        return Course(roster, policy.of_options(options, roster))
    except ValueError as error:
        raise Refused(str(error)) from None


def _check_words(options: argparse.Namespace) -> None:
    out = options.out.resolve()
    if len(options.submissions) > 1 and not options.merge:
        raise Refused(
            "only one folder or file of submissions can be graded at a time; several are for --merge"
        )
    for folder in () if options.merge else (one.resolve() for one in options.submissions):
        if out == folder or folder in out.parents:
            raise Refused(
                "--out lies among the submissions, which are never written to: choose another folder"
            )
    names = {plan.ALL, *lessons()}
    for topic in lessons():
        names |= {one.name for one in exercises_of(topic)} | {one.name for one in questions_of(topic)}
    unknown = [name for name in options.regrade if name not in names]
    if unknown:
        raise Refused(f"--regrade {unknown[0]}: there is no lesson or exercise of this name")


def _grade(options: argparse.Namespace, course: Course) -> Report:
    start, settings = time.monotonic(), command.settings_of(options)
    with _collected(options, course) as found:
        chosen = found.submissions
        if options.shard:
            chosen = plan.shard(chosen, options.shard.number, options.shard.count)
        with _log(options) as log:
            steps = plan.plan(chosen, log, settings, options.regrade)
            report = Report(options, steps, found.left_out, found.students)
            del chosen
            found.submissions.clear()  # the steps say all that is needed of them, in less memory
            report.notes = [*found.notes, *course.unmatched(found.students)]
            report.unread = found.unread
            if options.dry_run:
                return report
            _work(options, settings, steps, log, report)
            log.sync()
            report.elapsed = time.monotonic() - start
            finish(report, course, lambda: plan.results(steps, log))
    return report


def _work(
    options: argparse.Namespace, settings: Settings, steps: list[plan.Step], log: Log, report: Report
) -> None:
    """Grade what is to be graded, and append each result to the log as it comes."""
    if options.shard:
        (options.out / options.shard.summary).unlink(missing_ok=True)
    total = sum(step.kind != plan.CARRIED for step in steps)
    with tqdm(total=total, file=sys.stderr, unit="notebook", dynamic_ncols=True) as bar:
        for line in (*report.left_out, *report.notes):
            _say(bar, line)
        if total:
            for result in _results(
                options, settings, plan.tasks(steps, log), min(options.jobs, total), report
            ):
                log.append(result)
                for line in _remarks(result):
                    _say(bar, f"{result.file}: {line}")
                bar.update()
        for line in report.sandbox_missing:
            _say(bar, f"missing in the sandbox of this machine: {line}")
    if options.shard:
        options.shard.finish(options.out, steps, report.left_out, report.students, report.unread)


def _results(
    options: argparse.Namespace, settings: Settings, tasks: Iterator[Task], jobs: int, report: Report
) -> Iterator[Result]:
    with engine_of(settings, jobs, options.scheduler) as engine:
        yield from engine.grade(tasks)
        report.sandbox_missing = engine.missing


def _merge(options: argparse.Namespace, course: Course) -> Report:
    start = time.monotonic()
    options.out.mkdir(parents=True, exist_ok=True)
    with Log(options.out / "log.jsonl") as log:
        merged = shards.merge(options.submissions, log)
        for line in (*merged.left_out, *merged.missing, *course.unmatched(merged.students)):
            print(printable(line), file=sys.stderr)
        report = Report(options, [], merged.left_out, merged.students, merged.missing, merged.unread)
        report.elapsed = time.monotonic() - start
        finish(report, course, lambda: merged.results(log))
    return report


@contextlib.contextmanager
def _collected(options: argparse.Namespace, course: Course) -> Iterator[Collection]:
    """The submissions; what was unpacked from a zip is there for as long as they are needed."""
    source, numbers = options.submissions[0], {topic: module.NUMBER for topic, module in lessons().items()}
    with OwnFolder("nnutils-submissions-") as unpacked:
        found = collect(source, numbers, unpacked, course.roster, options.use_mtime)
        if not found.submissions:
            expected = f"{source} holds no submission: expected is <student>/NN_topic.ipynb"
            raise Refused("\n".join([*found.left_out, expected]))
        yield found


@contextlib.contextmanager
def _log(options: argparse.Namespace) -> Iterator[Log]:
    file = options.out / (options.shard.log if options.shard else "log.jsonl")
    if not options.dry_run:
        options.out.mkdir(parents=True, exist_ok=True)
    with Log(file, write=not options.dry_run) as log:
        if log.skipped:
            print(f"{file}: {log.skipped} lines hold no result and are left alone", file=sys.stderr)
        yield log


def _remarks(result: Result) -> list[str]:
    """What the instructor should know of a notebook: one line a thing."""
    lines = [result.problem] if result.problem else []
    lines += [f"{item.name}: {item.lost}" for item in result.items if item.lost]
    return [*lines, *result.notes]


def _say(bar: tqdm, line: str) -> None:
    bar.write(printable(line), file=sys.stderr)


def _refuse(why: Exception, code: int) -> int:
    print("\n".join(map(printable, str(why).splitlines())), file=sys.stderr)
    return code
