"""What a class did, counted: how each exercise went, which mistakes were made, which options were chosen, how points spread."""

from __future__ import annotations

import math
import re
import statistics
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from coursekit.grading.pages import guesses
from coursekit.grading.pages.page import known
from coursekit.grading.result import Item, Mark
from nnutils.checks.catalogue import find_exercise, find_question, lessons
from nnutils.checks.exercise import Option
from nnutils.words import sentence

NOTHING: Mapping[str, Item] = {}
ATTEMPTED = ("passed", "partly right", "failed")
BINS = 10  # of the histogram of points
SCORE_BINS = 40
MAX_SENTENCE = 240  # characters
SHARE = re.compile(r"^\d+ of \d+ cases are right, the others are not\. ")
ALIKE = (  # sentences that differ in a detail of one student's code, and the sentence that they are counted as
    (r"It raises (\w+).*", r"It raises \1."),
    (r"It leans on the notebook's variable.*", "It leans on variables of the notebook."),
    (r"It ended its process.*", "It ended its process."),
    (r"""['"].*['"] is none of the options.*""", "What was written is none of the options."),
)


@dataclass
class ItemFigures:
    """How one exercise or question went."""

    lesson: str
    sample: Item  # any student's
    statuses: Counter[str] = field(default_factory=Counter)
    points: float = 0.0  # sum over the students
    named: Counter[str] = field(default_factory=Counter)  # mistake by name → students
    other: Counter[str] = field(default_factory=Counter)  # what else was found, as a sentence → students
    chosen: Counter[str] = field(default_factory=Counter)  # letter → students
    reached: list[float] = field(default_factory=list)  # the scores of a design

    @property
    def name(self) -> str:
        return self.sample.name

    @property
    def attempted(self) -> int:
        return sum(self.statuses[status] for status in ATTEMPTED)

    @property
    def graded(self) -> int:
        return self.statuses.total() - self.statuses["not graded"]

    @property
    def mean(self) -> float:
        return self.points / max(1, self.graded)

    @property
    def mistakes(self) -> list[MistakeFigures]:
        """What was found wrong in an exercise."""
        exercise = known(find_exercise, self.name)
        sentences = {mistake.name: mistake.sentence for mistake in exercise.mistakes} if exercise else {}
        named = [(sentences.get(name, name.replace("_", " ")), n) for name, n in self.named.items()]
        found = [MistakeFigures(self, text, n, True) for text, n in named]
        return found + [MistakeFigures(self, text, n, False) for text, n in self.other.items()]

    @property
    def options(self) -> list[tuple[str, Option]]:
        """The options of a question with their letters; none where the course no longer has it."""
        question = known(find_question, self.name)
        return [*question.lettered()] if question else []

    def wrong_answers(self, known_alone: bool = False) -> list[str]:
        """A line for each wrong option that was chosen, what most students chose first, and for each other answer."""
        wrong = {letter: option.text for letter, option in self.options if not option.right}
        chosen = sorted((-n, letter) for letter, n in self.chosen.items() if letter in wrong)
        lines = [f"{letter}) {wrong[letter]}: {-n}" for n, letter in chosen]
        return (
            lines
            if known_alone
            else lines + [f"{text.strip('.')}: {n}" for text, n in sorted(self.other.items())]
        )

    @property
    def limits(self) -> tuple[float, ...]:
        """The thresholds of a design, as the course has it now."""
        exercise = known(find_exercise, self.name)
        return exercise.thresholds if exercise else ()

    @property
    def median(self) -> float:
        """Of the scores of a design."""
        return statistics.median(self.reached)

    def counted(self, least: float, most: float) -> list[int]:
        """How many designs have a score in each of SCORE_BINS equal parts from `least` to `most`."""
        return np.histogram(self.reached, SCORE_BINS, (least, most))[0].tolist()

    def add(self, item: Item) -> None:
        """Count a student's item."""
        if item.reached is not None:
            self.reached.append(item.reached)
        self.statuses[item.status] += 1
        self.points += item.points or 0.0
        if item.chosen:
            self.chosen[item.chosen] += 1
        if item.mistake:
            self.named[item.mistake] += 1
        elif item.status in ("failed", "partly right") and not item.chosen and item.reached is None:
            self.other[_without_details(item)] += 1


@dataclass(frozen=True)
class MistakeFigures:
    """A mistake, and how many students made it."""

    item: ItemFigures
    sentence: str  # of the exercise's mistake, or what was found
    students: int
    known: bool  # the exercise names this mistake

    @property
    def percent(self) -> int:
        """Of those who attempted the exercise."""
        return round(100 * self.students / max(1, self.item.attempted))


@dataclass
class LessonFigures:
    """How one lesson went."""

    lesson: str
    points: array[float] = field(default_factory=lambda: array("d"))  # of each student
    max: int = 0
    of_item: dict[str, ItemFigures] = field(default_factory=dict)  # name → how it went
    of_guess: dict[str, guesses.GuessFigures] = field(default_factory=dict)  # prediction → its guesses
    unread: int = 0  # notebooks that could not be read: counted in the points and not among the items

    @property
    def mean(self) -> float:
        return sum(self.points) / len(self.points)

    @property
    def median(self) -> float:
        return statistics.median(self.points)

    @property
    def items(self) -> list[ItemFigures]:
        return [*self.of_item.values()]

    @property
    def mistakes(self) -> list[MistakeFigures]:
        """All that was found wrong with exercises, what most students made first."""
        return _by_students(
            mistake for item in self.items if item.sample.kind == "exercise" for mistake in item.mistakes
        )

    @property
    def designs(self) -> list[ItemFigures]:
        """The designs of which at least one could be tried."""
        return [item for item in self.items if item.reached]

    def add(self, mark: Mark, before: Mapping[str, Item] = NOTHING) -> None:
        """Count a student's mark. `before` has items as they were graded, before a person decided on their points."""
        self.points.append(mark.points)
        self.max = max(self.max, mark.max)
        self.unread += bool(mark.result.problem)
        guesses.count_in(self.of_guess, mark.result.guesses)
        for own in mark.result.items if mark.result.problem is None else ():
            item = before.get(own.name, own)
            if item.name not in self.of_item:
                self.of_item[item.name] = ItemFigures(self.lesson, item)
            self.of_item[item.name].add(item)


@dataclass(frozen=True)
class Histogram:
    """How many students reached which share of the points, from 0 to 1, in ten bins."""

    shares: Sequence[float]

    @property
    def counts(self) -> list[int]:
        bins = np.clip(np.floor(np.asarray(self.shares) * BINS + 1e-9), 0, BINS - 1)
        return np.bincount(bins.astype(int), minlength=BINS).tolist()

    @property
    def ticks(self) -> list[int]:
        """0 and up to five round numbers above it, the last one at least the highest count."""
        most = max(1, *self.counts)
        power = 10 ** math.floor(math.log10(max(1, most / 4)))
        step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= most / 4)
        return [step * i for i in range(math.ceil(most / step) + 1)]

    @property
    def median(self) -> float:
        return statistics.median(self.shares) if self.shares else 0.0

    @property
    def mean(self) -> float:
        return sum(self.shares) / max(1, len(self.shares))

    @property
    def words(self) -> str:
        """The bins in words."""
        return "; ".join(f"{10 * i} to {10 * i + 10} %: {n}" for i, n in enumerate(self.counts) if n)


def figures_of(
    marks: Iterable[Mark], before: Callable[[Mark], Mapping[str, Item]] = lambda _: NOTHING
) -> list[LessonFigures]:
    """The figures of each lesson, in the lessons' order; each mark is one student's in one lesson.

    `before` has a mark's items as they were graded, where a person has decided on their points.
    """
    found: dict[str, LessonFigures] = {}
    for mark in marks:
        found.setdefault(mark.lesson, LessonFigures(mark.lesson)).add(mark, before(mark))
    order = {topic: place for place, topic in enumerate(lessons())}
    return sorted(found.values(), key=lambda figures: order.get(figures.lesson, len(order)))


def to_teach_again(lessons_: Iterable[LessonFigures], most: int = 8) -> list[MistakeFigures]:
    """The known mistakes of all lessons that most students made, at least two."""
    every = (mistake for lesson in lessons_ for mistake in lesson.mistakes)
    return _by_students(mistake for mistake in every if mistake.known and mistake.students > 1)[:most]


@dataclass
class Total:
    """What a student reached in all lessons that they handed in."""

    points: float = 0.0
    max: int = 0
    lessons: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Of the points that were to be had."""
        return self.points / self.max if self.max else 0.0

    def add(self, mark: Mark) -> None:
        """Count a lesson."""
        self.points += mark.points
        self.max += mark.max
        self.lessons.append(mark.lesson)


def totals(marks: Iterable[Mark]) -> dict[str, Total]:
    """Student → what they reached in all their lessons."""
    found = defaultdict[str, Total](Total)
    for mark in marks:
        found[mark.student].add(mark)
    return {**found}


def _by_students(mistakes: Iterable[MistakeFigures]) -> list[MistakeFigures]:
    """What most students made first."""
    return sorted(
        mistakes,
        key=lambda made: (-made.students, -made.percent, not made.known, made.item.name, made.sentence),
    )


def _without_details(item: Item) -> str:
    """What was found wrong, without what belongs to one student's code."""
    text = sentence(SHARE.sub("", item.lost or item.sentence or "The result is not what is asked for."))
    for pattern, plain in ALIKE:
        text = re.sub(rf"^{pattern}", plain, text, flags=re.DOTALL)
    return text if len(text) <= MAX_SENTENCE else f"{text[:MAX_SENTENCE]} …"
