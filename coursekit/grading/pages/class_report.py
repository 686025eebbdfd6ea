"""The class report: one page for the teaching staff: what the class got right, what it misunderstood, what to look at."""

from __future__ import annotations

import statistics
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from coursekit.grading.adjust import EVERYBODY, TOTAL, Decision
from coursekit.grading.pages.baselines import Baselines
from coursekit.grading.pages.chosen import Chosen
from coursekit.grading.pages.class_figures import (
    Histogram,
    LessonFigures,
    Total,
    figures_of,
    to_teach_again,
    totals,
)
from coursekit.grading.pages.page import write_page
from coursekit.grading.pages.people import Named, People
from coursekit.grading.pages.similarity import NO_TERMS, Pair, pairs
from coursekit.grading.result import Item, Mark, Result

MOST = 200  # rows of a table; the log holds all
MOST_MISTAKES = 12  # of a lesson
MOST_STUDENTS = 1_000


@dataclass(frozen=True)
class Finding:
    """Something that a person should look at."""

    kind: str
    where: str  # a file or a student
    what: str
    student: str = ""  # where it is about one


@dataclass
class Run:
    """What one pass over all results of a run shows: how much there was, and what a person should look at."""

    findings: list[Finding] = field(default_factory=list)
    ungraded: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # lesson, item, why → notebooks
    layers: dict[tuple[str, ...], list[tuple[str, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )  # → file and student of each notebook
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
            self.layers[result.sandbox].append((result.file, result.student))
        for item in result.items:
            if item.status == "not graded":
                self.ungraded[result.lesson, item.name, item.sentence] += 1

    def _look_at(self, result: Result) -> None:
        found = [("could not be graded", result.problem)] if result.problem else []
        found += [("answer was lost", f"{item.name}: {item.lost}") for item in result.items if item.lost]
        found += [("noted", note) for note in result.notes]
        self.findings += (Finding(kind, result.file, what, result.student) for kind, what in found)

    def _less_sandboxed(self) -> Iterator[Finding]:
        """Notebooks that were graded with fewer layers of the sandbox than others of the run."""
        every = {layer for layers in self.layers for layer in layers}
        for layers, notebooks in self.layers.items():
            missing = sorted(every - {*layers})
            if missing or not layers:
                what = f"it was graded without {', '.join(missing) or 'a sandbox'}"
                yield from (Finding("less of a sandbox", file, what, student) for file, student in notebooks)


@dataclass
class ClassReport:
    """All that the class report says."""

    run: Run
    lessons: list[LessonFigures]
    totals: dict[str, Total]  # student → what they reached
    alike: list[Pair]
    left_out: Sequence[str] = ()  # what was handed in and is no notebook, a line each
    warning: str = ""  # stands first
    elapsed: float = 0.0  # seconds of this run
    before: int = 0  # notebooks that an earlier run had graded
    people: People = field(default_factory=People)
    decisions: Sequence[Decision] = ()  # what a person has decided about points
    beside: dict[int, str] = field(default_factory=dict)  # place of a pair → its page with the code of both
    terms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # earlier term → student → name
    chosen: Chosen = field(default_factory=Chosen)
    baselines: Baselines = field(default_factory=Baselines)

    def write(self, file: Path, anonymous: bool = False) -> None:
        """Write the report as a page. With `anonymous` it can be shown to the class: it names nobody and links to nothing.

        Raises
        ------
        OSError: it cannot be written.
        """
        points = Histogram([total.share for total in self.totals.values() if total.max])
        write_page(
            file, "class_report.html", "Class report",
            report=self, run=self.run, lessons=self.lessons, again=to_teach_again(self.lessons), anonymous=anonymous,
            points=points, clock=_clock, MOST=MOST, MOST_MISTAKES=MOST_MISTAKES,
            MOST_STUDENTS=MOST_STUDENTS,
            EVERYBODY=EVERYBODY, TOTAL=TOTAL,
        )  # fmt: skip

    @property
    def to_look_at(self) -> int:
        """How many files or names a person should look at. A file counts once, with its folder."""
        lines = sorted({line.partition(": ")[0] for line in self.left_out})
        followed = zip(lines, [*lines[1:], ""], strict=False)
        files = {line for line, after in followed if not after.startswith(f"{line}/")}
        return len(files | {finding.where for finding in self.run.findings})

    @property
    def students(self) -> list[tuple[Named, Total]]:
        """Everybody who handed in something that could be graded, by name."""
        every = [(self.people.of(student), total) for student, total in self.totals.items()]
        return sorted(every, key=lambda pair: (pair[0].called.casefold(), pair[0].student))

    @property
    def absent(self) -> list[Named]:
        """Who is on the roster and handed in nothing that could be graded, by name."""
        return sorted(
            map(self.people.of, self.people.absent(self.totals)), key=lambda named: named.called.casefold()
        )

    @property
    def adjusted(self) -> set[str]:
        """The students about whom a person has decided by name."""
        return {made.student for made in self.decisions}

    def earlier(self, pair: Pair) -> str:
        """What the second student of a pair is called, in the term that they are of."""
        name = self.terms.get(pair.term, {}).get(pair.b, "")
        return f"{name} ({pair.b})" if name and name != pair.b else pair.b


def read_class(
    marks: Iterable[Mark],
    results: Iterable[Result],
    decisions: Sequence[Decision] = (),
    terms: Mapping[str, Iterable[Result]] = NO_TERMS,
) -> ClassReport:
    """What marks and results say about a class.

    `marks` are what counts, one for each student and lesson, gone through twice; `results` all notebooks of the run, read
    once; `terms` the results of earlier terms, by the term's name. What the class got right is told as it was graded; the points
    of students and lessons are those after a person's decisions.
    """
    run, graded = Run(), _AsGraded(decisions)
    alike = pairs(graded.watch(run.watch(results)), terms)
    return ClassReport(run, figures_of(marks, graded.of), totals(marks), alike, decisions=decisions)


@dataclass
class _AsGraded:
    """The items that a person's decisions changed, as they were graded."""

    decisions: Sequence[Decision]
    items: dict[tuple[str, str, str], dict[str, Item]] = field(default_factory=dict)  # student, lesson, file

    def watch(self, results: Iterable[Result]) -> Iterator[Result]:
        """Yield the results, and keep the items about which something was decided."""
        decided = defaultdict[tuple[str, str], set[str]](set)
        for made in self.decisions:
            decided[made.student, made.lesson].add(made.item)
        for result in results:
            names = decided.get((result.student, result.lesson), set()) | decided.get(
                (EVERYBODY, result.lesson), set()
            )
            if own := {item.name: item for item in result.items if item.name in names}:
                self.items[result.student, result.lesson, result.file] = own
            yield result

    def of(self, mark: Mark) -> Mapping[str, Item]:
        """The items of a mark as they were graded, with the maximum that they have in this course."""
        own = self.items.get((mark.student, mark.lesson, mark.result.file), {})
        return {
            item.name: _scaled(own[item.name], item.max) for item in mark.result.items if item.name in own
        }


def _scaled(item: Item, most: int) -> Item:
    points = None if item.points is None else item.points * most / (item.max or 1)
    return replace(item, points=points, max=most)


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
