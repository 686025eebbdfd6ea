"""The end of a run: everything that is written from its results, and what the command says of it."""

from __future__ import annotations

import collections
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.grading import outputs
from coursekit.grading.earlier import read_terms
from coursekit.grading.engine.plan import AGAIN, CARRIED, NEW, Step
from coursekit.grading.intake.names import printable
from coursekit.grading.options import Options
from coursekit.grading.outputs import BadOutput
from coursekit.grading.outputs.feedback_zips import write_zips
from coursekit.grading.outputs.shared import to_stderr
from coursekit.grading.pages.write import Pages
from coursekit.grading.policy import Course, Marks
from coursekit.grading.result import Result
from coursekit.grading.written import keep_changed, note_written
from nnutils.words import counted


@dataclass
class Report:
    """What a run did, for the person who started it."""

    options: Options
    steps: Sequence[Step]
    left_out: Sequence[str]
    students: Sequence[str]
    unread: Mapping[str, Sequence[str]] = field(
        default_factory=dict
    )  # student → files that could not be read
    notes: Sequence[str] = ()  # what the instructor should know of submissions that were graded
    not_written: Sequence[str] = ()
    sandbox_missing: Sequence[str] = ()
    problems: list[dict[str, str]] = field(default_factory=list)  # file, problem
    files: list[Path] = field(default_factory=list)
    submissions: int = 0
    elapsed: float = 0.0

    @property
    def exit_code(self) -> int:
        walls = self.sandbox_missing and self.options.sandbox != "off"
        return 1 if self.problems or self.not_written or walls else 0

    def sentence(self) -> str:
        """A sentence for a person; of a dry run a line for each notebook that would be graded."""
        kinds = collections.Counter(step.kind for step in self.steps)
        if self.options.dry_run:
            todo = [step for step in self.steps if step.kind != CARRIED]
            lines = [f"{step.kind}: {step.file}" + (f" ({step.why})" if step.why else "") for step in todo]
            counts = f"{kinds[NEW]} to be graded, {kinds[AGAIN]} again, {kinds[CARRIED]} carried over"
            lines = [printable(line) for line in (*self.left_out, *self.notes, *lines)]
            return "\n".join([*lines, f"{counts}; nothing was written"])
        graded = self.submissions - len(self.problems)
        kept = f" ({kinds[CARRIED]} of them before)" if kinds[CARRIED] else ""
        where = self.files[0] if self.files else self.options.out
        students = counted(len(self.students), "student")
        return f"{graded} of {counted(self.submissions, 'notebook')} of {students} graded{kept}: {where}"


def finish(report: Report, course: Course, results: Callable[[], Iterable[Result]]) -> None:
    """Write everything below DIR.

    Each call of `results` yields the results again, by student and lesson.
    """
    for result in results():
        report.submissions += 1
        if result.problem:
            report.problems.append({"file": result.file, "problem": result.problem})
    out = report.options.out
    marks, failed = course.policy.marks(results), list[str]()
    if warning := course.policy.without_effect(results()):
        report.notes = [*report.notes, warning]
        to_stderr(warning)
    for line in keep_changed(out):
        to_stderr(line)
    try:
        paths = {step.key: Path(step.path) for step in report.steps}
        report.files += outputs.write(report.options, course, marks, report.unread, paths=paths)
    except BadOutput as error:
        failed += str(error).splitlines()
    pages = _write_pages(report, course, marks, results(), warning)
    failed += pages.failed
    try:
        report.files += write_zips(out, marks)
    except OSError as error:
        failed.append(f"the zips of feedback were not written: {error.strerror or error}")
    try:
        for line in note_written(out, [*report.files, *pages.written]):
            to_stderr(line)
    except OSError as error:
        failed.append(f"the list of what was written was not written: {error.strerror}")
    reports = [file for file in pages.written if file.parent == out]
    folders = dict.fromkeys(file.parent for file in pages.written if file.parent != out)
    report.files += [*reports, *folders, out / "log.jsonl"]
    report.not_written = failed
    for line in failed:
        to_stderr(line)


def _write_pages(
    report: Report, course: Course, marks: Marks, results: Iterable[Result], warning: str
) -> Pages:
    """Write the pages of the students and of the class; `warning` stands first in the class report."""
    options = report.options
    files = {step.key[3]: step.path for step in report.steps if step.path}
    pages = Pages(options.out, course, marks, files)
    pages.write_students(report.unread)
    before = sum(step.kind == CARRIED for step in report.steps)
    terms = read_terms(options.compare_with, options.out)
    pages.write_class(
        results,
        report.left_out,
        report.elapsed,
        before,
        terms,
        options.compare_with,
        warning,
    )
    return pages
