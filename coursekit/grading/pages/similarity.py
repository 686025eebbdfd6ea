"""Pairs of students whose answers are more alike than chance makes them, for a person to look at.

The evidence is counted in bits. A fragment of code that one in eight of the class has is worth log2(8) = 3 bits to a pair that
shares it. Fragments of one answer are not independent, so an exercise counts with the mean over all fragments of the
pair: it is worth at most what a form of answer is that only these two have. Exercises add up.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from coursekit.grading.pages.evidence import Evidence, Key, Shared, packed
from coursekit.grading.result import Result
from nnutils.words import counted, listed

MARGIN = 5.0  # bits above log2 of the class, and one for each lesson: so that hardly anybody has a partner by accident
MOST_SAME = 20  # of one file, so many students of this class are named beside as many of earlier terms
CANDIDATES = 8  # for each student, so many of the most alike ones are looked at closely

Who = tuple[str, str]  # the earlier term, empty for this class, and the student
Place = tuple[Who, str]  # who, lesson
NO_TERMS: Mapping[str, Iterable[Result]] = {}


@dataclass(frozen=True)
class Work:
    """A student's notebook of a lesson, as far as a page needs it to find the code."""

    lesson: str
    file: str
    sha256: str
    exercises: tuple[str, ...]  # that have an answer


@dataclass(frozen=True)
class Pair:
    """Two students, with the evidence that their work has a common origin. It is no proof, and does not say who had it first."""

    a: str
    b: str
    bits: float
    shared: tuple[Shared, ...]  # exercises, the strongest evidence first
    answers: int = 0  # exercises that both answered and not both just as the course does
    same_file: tuple[str, ...] = ()  # lessons in which both handed in the same bytes
    works: tuple[tuple[Work, Work], ...] = ()  # where to look: the notebooks of both, a pair for each lesson
    term: str = ""  # the earlier term that b is of; empty for this class

    @property
    def words(self) -> str:
        """The evidence in words."""
        alike, unusual, of, names, remarks = (
            sum(getattr(shared, name) for shared in self.shared)
            for name in ("alike", "unusual", "of", "names", "remarks")
        )
        told = (
            (len(self.same_file), f"the very same file in {counted(len(self.same_file), 'lesson')}"),
            (alike, f"the form of {alike} of {counted(self.answers, 'answer')}"),
            (unusual, f"{unusual} of {counted(of, 'unusual fragment')} of code"),
            (names, f"{counted(names, 'unusual name')} of their own"),
            (remarks, f"{counted(remarks, 'comment or text', 'comments or texts')} word for word"),
        )
        return f"They share {listed([text for number, text in told if number])}."

    def stands_out(self, bits: float) -> bool:
        """Whether there are so many bits and they come from more than one exercise (the same words count as a second thing)."""
        telling = [shared for shared in self.shared if shared.weight >= 1]
        several = len(telling) >= 2 or any(shared.remarks for shared in telling)
        return bool(self.same_file) or (self.bits >= bits and several)


@dataclass(frozen=True, slots=True)
class _Best:
    """What is kept of a student's best notebook of a lesson."""

    points: float
    work: Work
    codes: np.ndarray


def pairs(results: Iterable[Result], terms: Mapping[str, Iterable[Result]] = NO_TERMS) -> list[Pair]:
    """The pairs that are suspiciously alike, the strongest evidence first.

    Of several results of a student in a lesson the best one counts. Compared are those who share fragments that few have.
    `terms` has the results of earlier terms, by the term's name: a pair has at least one student of this class. Who is in
    this class and was in an earlier one is not compared with themselves.
    """
    numbers: dict[Key, int] = {}
    works = _best({"": results, **terms}, numbers)
    students = sorted({student for student, _ in works})
    own = defaultdict(list)
    for (student, _), work in works.items():
        own[student].append(work.codes)
    evidence, same_files = Evidence([*numbers], [own[student] for student in students]), _same_files(works)
    near = ((i, other) for i in range(len(students)) for other in evidence.nearest(i, CANDIDATES))
    places = {student: i for i, student in enumerate(students)}
    todo = {(min(pair), max(pair)) for pair in near} | {(places[a], places[b]) for a, b in same_files}
    # this class comes first, since its term has no name
    todo = {(i, j) for i, j in todo if not students[i][0] and students[i][1] != students[j][1]}
    bits = math.log2(max(2, len(students))) + MARGIN + len({lesson for _, lesson in works})
    found = (_pair(students[i], students[j], evidence.shared(i, j), works, same_files) for i, j in todo)
    told = [pair for pair in found if pair.stands_out(bits)]
    return sorted(told, key=lambda pair: (-len(pair.same_file), -pair.bits, pair.a, pair.term, pair.b))


def _pair(
    a: Who,
    b: Who,
    shared: Sequence[Shared],
    works: Mapping[Place, _Best],
    same_files: Mapping[tuple[Who, Who], Sequence[str]],
) -> Pair:
    """The evidence on two students. A lesson that speaks against it counts 0, as one may copy one lesson and not another."""
    # always in the same order, since a sum of floats depends on it
    every = sorted(shared, key=lambda found: (found.lesson, found.exercise))
    telling = [found for found in every if found.weight > 0]
    telling.sort(key=lambda found: (-found.weight, found.exercise))
    by_lesson = itertools.groupby(every, lambda found: found.lesson)
    bits = sum(max(0.0, sum(found.bits for found in group)) for _, group in by_lesson)
    same = tuple(same_files.get((a, b), ()))
    lessons = sorted({found.lesson for found in telling} | {*same})
    both = tuple((works[a, lesson].work, works[b, lesson].work) for lesson in lessons)
    said = sum(found.said for found in every)
    return Pair(a[1], b[1], said + bits, tuple(telling), len(every), same, both, b[0])


def _best(terms: Mapping[str, Iterable[Result]], numbers: dict[Key, int]) -> dict[Place, _Best]:
    """Student and lesson → their best notebook with an answer in it."""
    kept: dict[Place, _Best] = {}
    for term, results in terms.items():
        for result in results:
            place = (term, result.student), result.lesson
            other = kept.get(place)
            if result.prints and (other is None or result.points >= other.points):
                codes = packed({(result.lesson, name): own for name, own in result.prints.items()}, numbers)
                work = Work(result.lesson, result.file, result.sha256, tuple(result.prints))
                kept[place] = _Best(result.points, work, codes)
    return kept


def _same_files(works: Mapping[Place, _Best]) -> dict[tuple[Who, Who], list[str]]:
    """Pair → lessons in which both handed in the same bytes, with something answered in them, be it just as the course does."""
    owners: dict[tuple[str, str], list[Who]] = defaultdict(list)
    for (who, lesson), best in sorted(works.items(), key=lambda item: item[0]):
        if best.work.sha256:
            owners[lesson, best.work.sha256].append(who)
    found: dict[tuple[Who, Who], list[str]] = defaultdict(list)
    for (lesson, _), students in owners.items():
        ours, theirs = [who for who in students if not who[0]], [who for who in students if who[0]]
        for pair in (*itertools.pairwise(ours), *itertools.product(ours[:MOST_SAME], theirs[:MOST_SAME])):
            found[pair].append(lesson)
    return found
