"""The class report: one page for the teaching staff: what the class got right, what it misunderstood, what to look at."""

from __future__ import annotations

import statistics
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.grading.pages.class_figures import Histogram, figures_of, shares, to_teach_again
from coursekit.grading.pages.page import write_page
from coursekit.grading.pages.similarity import pairs
from coursekit.grading.result import Mark, Result

MOST = 200  # rows of a table; the log holds all
MOST_MISTAKES = 12  # of a lesson


@dataclass(frozen=True)
class Finding:
    """Something that a person should look at."""

    kind: str
    where: str  # a file or a student
    what: str


@dataclass
class Run:
    """What one pass over all results of a run shows: how much there was, and what a person should look at."""

    findings: list[Finding] = field(default_factory=list)
    ungraded: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # lesson, item, why → notebooks
    layers: dict[tuple[str, ...], list[str]] = field(default_factory=lambda: defaultdict(list))  # → files
    seconds: list[float] = field(default_factory=list)  # of each notebook, by the clock
    slowest: tuple[float, str] = (0.0, "")
    cpu: float = 0.0
    notebooks: int = 0
    students: set[str] = field(default_factory=set)

    @property
    def typical(self) -> float:
        """Half of the notebooks took less than so many seconds."""
        return statistics.median(self.seconds) if self.seconds else 0.0

    def watch(self, results: Iterable[Result]) -> Iterator[Result]:
        """Yield the results, and count them: one pass serves several readers, since there may be many."""
        for result in results:
            self._count(result)
            self._look_at(result)
            yield result
        self.findings += [*_odd_names(self.students), *self._less_sandboxed()]

    def _count(self, result: Result) -> None:
        self.notebooks += 1
        self.students.add(result.student)
        self.cpu += result.cpu
        if result.seconds:
            self.seconds.append(result.seconds)
        self.slowest = max(self.slowest, (result.seconds, result.file))
        if result.sandbox or any(item.cases for item in result.items):
            self.layers[result.sandbox].append(result.file)
        for item in result.items:
            if item.status == "not graded":
                self.ungraded[result.lesson, item.name, item.sentence] += 1

    def _look_at(self, result: Result) -> None:
        found = [("could not be graded", result.problem)] if result.problem else []
        found += [("answer was lost", f"{item.name}: {item.lost}") for item in result.items if item.lost]
        found += [("noted", note) for note in result.notes]
        self.findings += (Finding(kind, result.file, what) for kind, what in found)

    def _less_sandboxed(self) -> Iterator[Finding]:
        """Notebooks that were graded with fewer layers of the sandbox than others of the run."""
        every = {layer for layers in self.layers for layer in layers}
        for layers, files in self.layers.items():
            missing = sorted(every - {*layers})
            if missing or not layers:
                what = f"it was graded without {', '.join(missing) or 'a sandbox'}"
                yield from (Finding("less of a sandbox", file, what) for file in files)


def write_report(
    file: Path, marks: Iterable[Mark], results: Iterable[Result], left_out: Sequence[str], elapsed: float
) -> None:
    """Write the class report.

    `marks` are what counts, one for each student and lesson, gone through twice; `results` all notebooks of the run, read
    once; `left_out` what was handed in and is no notebook, a line each; `elapsed` in seconds.
    """
    lessons, run = figures_of(marks), Run()
    write_page(
        file, "class_report.html", "Class report",
        alike=pairs(run.watch(results)), run=run, lessons=lessons, again=to_teach_again(lessons),
        points=Histogram([*shares(marks).values()]), left_out=left_out, elapsed=elapsed, clock=_clock,
        MOST=MOST, MOST_MISTAKES=MOST_MISTAKES,
    )  # fmt: skip


def _odd_names(students: Iterable[str]) -> Iterator[Finding]:
    """Names with invisible characters, and names that look the same."""
    alike = defaultdict(list)
    for name in sorted(students):
        if not name.isprintable():
            yield Finding("odd name", name, "the name holds characters that cannot be seen")
        visible = "".join(char for char in unicodedata.normalize("NFKC", name) if char.isprintable())
        alike[" ".join(visible.split()).casefold()].append(name)
    for first, *others in alike.values():
        if others:
            yield Finding("odd name", first, f"looks like {', '.join(others)}: one student?")


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s" if seconds < 10 else f"{rest} s"
