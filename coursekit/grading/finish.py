"""The end of a run: everything that is written from its results, and what the command says of it."""

from __future__ import annotations

import argparse
import collections
import itertools
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coursekit.grading import outputs
from coursekit.grading.engine.plan import AGAIN, CARRIED, NEW, Step
from coursekit.grading.intake.names import printable
from coursekit.grading.intake.roster import Roster
from coursekit.grading.marks import marks_of
from coursekit.grading.outputs import BadOutput
from coursekit.grading.pages.class_report import write_report
from coursekit.grading.pages.feedback import write_feedback
from coursekit.grading.policy import Policy
from coursekit.grading.result import Mark, Result

FORMAT = 1  # of the JSON document
MOST = 5  # lines about pages that could not be written


@dataclass(frozen=True)
class Course:
    """What holds for the course whose class is graded."""

    roster: Roster | None
    policy: Policy

    def unmatched(self, students: Sequence[str]) -> list[str]:
        """A line for each row of a table of times or extensions that is about nobody who handed in, where no roster told so."""
        if self.roster:
            return []
        known = {*students}
        return [
            f"{where}: nothing was handed in by {who!r}"
            for who, where in self.policy.told_of
            if who not in known
        ]


@dataclass
class Report:
    """What a run did, for the one who started it."""

    options: argparse.Namespace
    steps: Sequence[Step]
    left_out: Sequence[str]
    students: Sequence[str]
    missing: Sequence[str] = ()  # shards
    unread: Mapping[str, Sequence[str]] = field(
        default_factory=dict
    )  # by student: files that could not be taken
    notes: Sequence[str] = ()  # what the instructor should know of submissions that were taken
    not_written: str = ""
    sandbox_missing: Sequence[str] = ()
    problems: list[tuple[str, str]] = field(default_factory=list)  # file, what is wrong with it
    files: list[Path] = field(default_factory=list)
    submissions: int = 0
    elapsed: float = 0.0

    @property
    def exit_code(self) -> int:
        walls = self.sandbox_missing and self.options.sandbox != "off"
        return 1 if self.problems or self.missing or self.not_written or walls else 0

    def sentence(self) -> str:
        """One for a person; of a dry run a line for each notebook that would be graded."""
        kinds = collections.Counter(step.kind for step in self.steps)
        if self.options.dry_run:
            todo = [f"{one.kind}: {one.file}{_why(one)}" for one in self.steps if one.kind != CARRIED]
            counts = f"{kinds[NEW]} to be graded, {kinds[AGAIN]} again, {kinds[CARRIED]} carried over"
            lines = map(printable, [*self.left_out, *self.notes, *todo])
            return "\n".join([*lines, f"{counts}; nothing was written"])
        graded = self.submissions - len(self.problems)
        kept = f" ({kinds[CARRIED]} of them before)" if kinds[CARRIED] else ""
        where = self.files[0] if self.files else self.options.out
        return (
            f"{graded} of {self.submissions} notebooks of {len(self.students)} students graded{kept}: {where}"
        )

    def as_json(self) -> str:
        """The JSON document that `--json` prints."""
        document: dict[str, Any] = {
            "format": FORMAT,
            "dry_run": self.options.dry_run,
            "exit_code": self.exit_code,
            "seconds": round(self.elapsed, 3),
            "submissions": self.submissions or len(self.steps),
            "students": len(self.students),
            "steps": [_row(one) for one in self.steps],
            "left_out": [*self.left_out],
            "notes": [*self.notes],
            "sandbox_missing": [*self.sandbox_missing],
            "missing": [*self.missing],
            "not_written": self.not_written.splitlines(),
            "problems": [{"file": file, "problem": problem} for file, problem in self.problems],
            "files": [str(file) for file in self.files],
        }
        return json.dumps(document, indent=1)


def finish(report: Report, course: Course, results: Callable[[], Iterable[Result]]) -> None:
    """Write everything below DIR, of a shard nothing but its log.

    Each call of `results` yields the results anew, by student and lesson.
    """
    for result in results():
        report.submissions += 1
        if result.problem:
            report.problems.append((result.file, result.problem))
    out: Path = report.options.out
    if report.options.shard:
        report.files.append(out / report.options.shard.log)
        return
    marks, failed = marks_of(course.policy, results), list[str]()
    try:
        report.files += outputs.write(out, marks, course.roster, report.options, unread=report.unread)
    except BadOutput as error:
        failed.append(str(error))
    failed += _write_feedback(out / "feedback", marks, course.roster, report.unread)
    try:
        write_report(out / "report.html", marks, results(), report.left_out, report.elapsed)
    except OSError as error:
        failed.append(f"report.html was not written: {error}")
    report.files += [out / "report.html", out / "feedback", out / "log.jsonl"]
    report.not_written = "\n".join(failed)
    for line in failed:
        print(line, file=sys.stderr)


def _write_feedback(
    folder: Path, marks: Iterable[Mark], roster: Roster | None, unread: Mapping[str, Sequence[str]]
) -> list[str]:
    """Write a page for each student, those included of whose files none could be taken.

    Returns a line for each page that could not be written, of many for the first ones.
    """
    left, failed = dict(unread), list[str]()

    def write(student: str, own: Sequence[Mark], lines: Sequence[str]) -> None:
        person = roster.named(student) if roster else None
        try:
            write_feedback(folder, student, own, person.name if person and person.name else None, lines)
        except OSError as error:
            failed.append(f"the page of {printable(student)} was not written: {error.strerror}")

    for student, own in itertools.groupby(marks, key=lambda one: one.student):
        write(student, [*own], left.pop(student, ()))
    for student, lines in left.items():
        write(student, [], lines)
    more = [f"{len(failed) - MOST} more pages were not written"] if len(failed) > MOST else []
    return failed[:MOST] + more


def _why(step: Step) -> str:
    return f" ({step.why})" if step.why else ""


def _row(step: Step) -> dict[str, Any]:
    student, lesson, file, sha256 = step.key
    row = {"student": student, "lesson": lesson, "file": file, "sha256": sha256}
    return row | {"kind": step.kind, "again": [*step.again], "why": step.why}
