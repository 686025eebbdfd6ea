"""All pages of a run: feedback and code of each student, the class report, and pairs side by side."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.grading.earlier import Term, files_of
from coursekit.grading.intake.names import page_name, printable
from coursekit.grading.intake.roster import person_of
from coursekit.grading.pages.baselines import Baselines
from coursekit.grading.pages.chosen import Chosen
from coursekit.grading.pages.class_report import MOST, ClassReport, read_class
from coursekit.grading.pages.code import write_code
from coursekit.grading.pages.feedback import write_feedback
from coursekit.grading.pages.handed_in import HandedIn
from coursekit.grading.pages.people import People
from coursekit.grading.pages.side_by_side import compared, write_pair
from coursekit.grading.policy import Course, Marks
from coursekit.grading.result import Mark, Result
from coursekit.sandbox.own_folder import OwnFolder

REPORT, ANONYMOUS, FEEDBACK, CODE, ALIKE = "report.html", "report-anonymous.html", "feedback", "code", "alike"
MOST_LINES = 5  # about pages that could not be written


@dataclass
class Pages:
    """Writes the pages into the folder `out`, and notes what was written and what could not be."""

    out: Path
    course: Course
    marks: Marks
    files: Mapping[str, str]  # SHA-256 → path of the notebooks that are at hand
    written: list[Path] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    chosen: Chosen = field(default_factory=Chosen)

    def __post_init__(self) -> None:
        self.people, self.handed_in = People(self.course.roster), HandedIn(self.files)

    def write_students(self, unread: Mapping[str, Sequence[str]]) -> None:
        """Write the pages of each student, also of those none of whose files could be read."""
        left = dict(unread)
        for student, own in itertools.groupby(self.marks, key=lambda mark: mark.student):
            every = [*own]
            self._feedback(student, every, left.pop(student, ()))
            self._code(student, every)
        for student, lines in left.items():
            self._feedback(student, [], lines)
        if len(self.failed) > MOST_LINES:
            self.failed[MOST_LINES:] = [f"{len(self.failed) - MOST_LINES} more pages were not written"]

    def _feedback(self, student: str, own: Sequence[Mark], lines: Sequence[str]) -> None:
        name = person_of(student, self.course.roster).name or None
        file = self.out / FEEDBACK / f"{page_name(student)}.html"
        what = f"the page of {printable(student)}"
        if self._try(what, file, write_feedback, file.parent, student, own, name, lines):
            self.people.feedback.add(student)

    def _code(self, student: str, own: Sequence[Mark]) -> None:
        shown = [(mark, cells) for mark in own if (cells := self.handed_in.cells(mark.result)) is not None]
        for _, cells in shown:
            self.chosen.add(cells)
        file = self.out / CODE / f"{page_name(student)}.html"
        what = f"the code of {printable(student)}"
        if shown and self._try(what, file, write_code, file, self.people.of(student), shown):
            self.people.code.add(student)

    def write_class(
        self,
        results: Iterable[Result],
        left_out: Sequence[str] = (),
        elapsed: float = 0.0,
        before: int = 0,
        terms: Sequence[Term] = (),
        compare_with: Sequence[str] = (),
        warning: str = "",
    ) -> None:
        """Write the class report, after the students' pages to which it leads."""
        decisions = self.course.policy.adjustments.decisions
        report = read_class(self.marks, results, decisions, {term.name: term.results() for term in terms})
        report.left_out, report.elapsed, report.before = left_out, elapsed, before
        report.people, report.chosen, report.baselines = self.people, self.chosen, Baselines(self.out)
        report.terms, report.warning = {term.name: term.names for term in terms}, warning
        with OwnFolder("nnutils-earlier-") as unpacked:
            old, lines = (
                files_of(compare_with, unpacked) if any(pair.term for pair in report.alike) else ({}, [])
            )
            self.failed += lines
            self._alike(report, HandedIn(old))
        self._try(REPORT, self.out / REPORT, report.write, self.out / REPORT)
        self._try(ANONYMOUS, self.out / ANONYMOUS, report.write, self.out / ANONYMOUS, True)

    def _alike(self, report: ClassReport, old: HandedIn) -> None:
        """Write a page for each pair whose code is at hand."""
        for place, pair in enumerate(report.alike[:MOST]):
            found = compared(pair, self.handed_in, old if pair.term else self.handed_in)
            if found is None or not (found or pair.same_file):
                continue
            file = self.out / ALIKE / f"{place + 1:02d}.html"
            second = report.earlier(pair) if pair.term else self.people.of(pair.b).called
            names, what = (self.people.of(pair.a).called, second), f"{ALIKE}/{file.name}"
            if self._try(what, file, write_pair, file, pair, names, found):
                report.beside[place] = what

    def _try(self, what: str, file: Path, write: Callable[..., object], *arguments: object) -> bool:
        """Write a page; a line says so where it cannot be written."""
        try:
            write(*arguments)
        except OSError as error:
            self.failed.append(f"{what} was not written: {error.strerror}")
            return False
        self.written.append(file)
        return True
