"""What a class did, counted: how each exercise went, which mistakes were made, which options were chosen."""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from coursekit.grading.result import Item, Mark
from nnutils.checks.catalogue import find_exercise, lessons
from nnutils.checks.errors import UnknownName

ATTEMPTED = ("passed", "partly right", "failed")
SHARE = re.compile(r"^\d+ of \d+ cases are right, the others are not\. ")
ALIKE = (  # sentences that differ in a detail of one student's code, and what they are counted as
    (re.compile(r"^It raises (\w+).*", re.DOTALL), r"It raises \1."),
    (
        re.compile(r"^It leans on the notebook's variable.*", re.DOTALL),
        "It leans on variables of the notebook.",
    ),
    (re.compile(r"^It ended its process.*", re.DOTALL), "It ended its process."),
    (re.compile(r"^'.*' is none of the options.*", re.DOTALL), "What was written is none of the options."),
)
MAX_SENTENCE = 240


@dataclass
class ItemFigures:
    """How one exercise or question went."""

    lesson: str
    name: str
    kind: str
    max: int
    sample: Item  # any student's
    statuses: Counter[str] = field(default_factory=Counter)
    points: float = 0.0  # sum over the students
    known: Counter[str] = field(default_factory=Counter)  # mistake by name → students
    other: Counter[str] = field(default_factory=Counter)  # what else was found, as a sentence → students
    chosen: Counter[str] = field(default_factory=Counter)  # letter → students

    @property
    def attempted(self) -> int:
        return sum(self.statuses[one] for one in ATTEMPTED)

    @property
    def graded(self) -> int:
        return self.statuses.total() - self.statuses["not graded"]

    @property
    def mean(self) -> float:
        return self.points / max(1, self.graded)


@dataclass(frozen=True)
class Made:
    """A mistake, and how many of those who attempted its exercise made it."""

    figures: ItemFigures
    sentence: str  # the tutor's, or what was found
    students: int
    known: bool  # one of the exercise's own mistakes

    @property
    def percent(self) -> int:
        return round(100 * self.students / max(1, self.figures.attempted))


@dataclass
class LessonFigures:
    """How one lesson went."""

    lesson: str
    points: array[float] = field(default_factory=lambda: array("d"))  # of each student
    max: int = 0
    of_item: dict[str, ItemFigures] = field(default_factory=dict)  # name → how it went
    unread: int = 0  # notebooks that could not be read: in the points and not among the items

    @property
    def items(self) -> list[ItemFigures]:
        return [*self.of_item.values()]

    @property
    def mistakes(self) -> list[Made]:
        """All that was found wrong with exercises, what most students made first."""
        return _sorted(made for one in self.items if one.kind == "exercise" for made in mistakes_of(one))


def figures_of(marks: Iterable[Mark]) -> list[LessonFigures]:
    """The figures of each lesson, in the lessons' order; each mark is one student's in one lesson."""
    found: dict[str, LessonFigures] = {}
    for mark in marks:
        _note(found.setdefault(mark.lesson, LessonFigures(mark.lesson)), mark)
    order = {topic: place for place, topic in enumerate(lessons())}
    return sorted(found.values(), key=lambda one: order.get(one.lesson, 99))


def mistakes_of(one: ItemFigures) -> list[Made]:
    """What was found wrong in one exercise."""
    sentences = _sentences(one.name)
    known = [Made(one, sentences.get(name, name.replace("_", " ")), n, True) for name, n in one.known.items()]
    return _sorted([*known, *(Made(one, text, n, False) for text, n in one.other.items())])


def to_teach_again(lessons_: Iterable[LessonFigures], most: int = 8) -> list[Made]:
    """The known mistakes of all lessons that most students made, at least two."""
    every = (made for one in lessons_ for made in one.mistakes)
    return _sorted(made for made in every if made.known and made.students > 1)[:most]


def shares(marks: Iterable[Mark]) -> dict[str, float]:
    """Student → the share of the points that they reached in all their lessons."""
    points, most = defaultdict[str, float](float), Counter[str]()
    for mark in marks:
        points[mark.student] += mark.points
        most[mark.student] += mark.max
    return {student: points[student] / most[student] for student in most if most[student]}


def _sorted(made: Iterable[Made]) -> list[Made]:
    return sorted(
        made, key=lambda one: (-one.students, -one.percent, not one.known, one.figures.name, one.sentence)
    )


def _note(figures: LessonFigures, mark: Mark) -> None:
    figures.points.append(mark.points)
    figures.max = max(figures.max, mark.max)
    figures.unread += bool(mark.result.problem)
    for item in mark.result.items if mark.result.problem is None else ():
        if item.name not in figures.of_item:
            figures.of_item[item.name] = ItemFigures(figures.lesson, item.name, item.kind, item.max, item)
        _add(figures.of_item[item.name], item)


def _add(figures: ItemFigures, item: Item) -> None:
    figures.statuses[item.status] += 1
    figures.points += item.points or 0.0
    if item.chosen:
        figures.chosen[item.chosen] += 1
    if item.mistake:
        figures.known[item.mistake] += 1
    elif item.status in ("failed", "partly right") and not item.chosen:
        figures.other[_kind(item)] += 1


def _kind(item: Item) -> str:
    """What was found wrong, without what is one student's own."""
    text = SHARE.sub("", item.lost or item.sentence or "The result is not what is asked for.")
    for pattern, plain in ALIKE:
        text = pattern.sub(plain, text[:1].upper() + text[1:])
    text = text if text.endswith((".", "?", "`")) else f"{text}."
    return text if len(text) <= MAX_SENTENCE else f"{text[:MAX_SENTENCE]} …"


def _sentences(exercise: str) -> dict[str, str]:
    try:
        return {one.name: one.sentence for one in find_exercise(exercise).mistakes}
    except UnknownName:
        return {}
