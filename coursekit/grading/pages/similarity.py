"""Pairs of students whose answers are more alike than chance makes them, for a person to look at.

The evidence is counted in bits. A fragment of code that one in eight of the class has is worth log2(8) = 3 bits to a pair that
shares it. Fragments of one answer are not independent, so an exercise counts with the mean over all fragments of the
pair: it is worth at most what a form of answer is that only these two have. Exercises add up.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from coursekit.grading.pages.evidence import Evidence, Packed, Packer
from coursekit.grading.pages.fingerprint import fingerprints
from coursekit.grading.result import Result

__all__ = ["Pair", "Shared", "fingerprints", "pairs"]

MARGIN = 5.0  # bits above log2 of the class, and one for each lesson: so that hardly anybody has a partner by accident
SAME = 0.8  # of the fragments of two answers, for them to have the same form
CANDIDATES = 8  # for each student, so many of the most alike ones are looked at closely


@dataclass(frozen=True)
class Shared:
    """What a pair shares in one exercise."""

    lesson: str
    exercise: str
    bits: float  # of structure and names; below 0 where they differ
    said: float  # bits of comments and strings
    alike: bool  # the same form
    unusual: int  # fragments that both have and few others
    of: int  # unusual fragments that one of them has
    names: int  # names of the authors' own
    remarks: int  # comments and strings

    @property
    def weight(self) -> float:
        return max(0.0, self.bits) + self.said


@dataclass(frozen=True)
class Pair:
    """Two students, with the evidence that their work has a common origin. It is no proof, and does not say who had it first."""

    a: str
    b: str
    bits: float
    shared: tuple[Shared, ...]  # exercises, the strongest evidence first
    answers: int = 0  # exercises that both answered and not both just as the course does
    same_file: tuple[str, ...] = ()  # lessons in which both handed in the same bytes
    files: tuple[str, ...] = ()  # where to look

    @property
    def words(self) -> str:
        """The evidence in words."""
        forms = sum(one.alike for one in self.shared)
        mine, of = sum(one.unusual for one in self.shared), sum(one.of for one in self.shared)
        names, remarks = sum(one.names for one in self.shared), sum(one.remarks for one in self.shared)
        told = [f"the very same file in {_count(len(self.same_file), 'lesson')}"] if self.same_file else []
        told += [f"the form of {forms} of {_count(self.answers, 'answer')}"] if forms else []
        told += [f"{mine} of {_count(of, 'unusual fragment')} of code"] if mine else []
        told += [f"{_count(names, 'unusual name')} of their own"] if names else []
        told += (
            [f"{_count(remarks, 'comment or text', 'comments or texts')} word for word"] if remarks else []
        )
        return f"They share {_listed(told)}."


@dataclass(frozen=True, slots=True)
class _Work:
    """What is kept of a student's best notebook of a lesson."""

    points: float
    file: str
    sha256: str
    packed: Packed


def pairs(results: Iterable[Result]) -> list[Pair]:
    """The pairs that are suspiciously alike, the strongest evidence first.

    Of several results of a student in a lesson the best one counts. Compared are those who share fragments that few have.
    """
    packer = Packer()
    works = _best(results, packer)
    students = sorted({student for student, _ in works})
    place = {student: i for i, student in enumerate(students)}
    whole: list[tuple[Packed, ...]] = [()] * len(students)
    for (student, _), one in works.items():
        whole[place[student]] += (one.packed,)
    evidence, files = Evidence([*packer.numbers], whole), _same_files(works)
    near = ((i, other) for i in range(len(students)) for other in evidence.nearest(i, CANDIDATES))
    todo = {(min(pair), max(pair)) for pair in near} | {(place[a], place[b]) for a, b in files}
    need = math.log2(max(2, len(students))) + MARGIN + len({lesson for _, lesson in works})
    found = [_pair(students, pair, evidence, files, works) for pair in sorted(todo)]
    told = [one for one in found if one.same_file or (one.bits >= need and _several(one))]
    return sorted(told, key=lambda one: (-len(one.same_file), -one.bits, one.a, one.b))


def _pair(
    students: Sequence[str],
    pair: tuple[int, int],
    evidence: Evidence,
    files: dict[tuple[str, str], list[str]],
    works: dict[tuple[str, str], _Work],
) -> Pair:
    a, b = students[pair[0]], students[pair[1]]
    told = evidence.of_pair(*pair)
    found = (_shared(evidence, told, i) for i in np.flatnonzero(told["both"]).tolist())
    every = sorted(found, key=lambda one: (one.lesson, one.exercise))  # a sum of floats depends on the order
    shared = sorted((one for one in every if one.weight > 0), key=lambda one: (-one.weight, one.exercise))
    same = tuple(files.get((a, b), ()))
    lessons = sorted({one.lesson for one in shared} | {*same})
    where = tuple(works[who, lesson].file for lesson in lessons for who in (a, b))
    answers = int((told["both"] & told["own"]).sum())
    return Pair(a, b, _total(every), tuple(shared), answers, same, where)


def _shared(evidence: Evidence, told: dict[str, np.ndarray], i: int) -> Shared:
    counts = (int(told[name][i]) for name in ("unusual", "of", "names", "remarks"))
    alike = bool(told["same"][i] >= SAME)
    return Shared(*evidence.keys[i], float(told["bits"][i]), float(told["said"][i]), alike, *counts)


def _total(shared: Iterable[Shared]) -> float:
    """The bits of a pair: a lesson that speaks against it counts nothing, as one may copy one lesson and not another."""
    lessons: dict[str, float] = defaultdict(float)
    said = 0.0
    for one in shared:
        lessons[one.lesson] += one.bits
        said += one.said
    return said + sum(max(0.0, bits) for bits in lessons.values())


def _several(pair: Pair) -> bool:
    """Whether the evidence does not hang on one exercise alone: the same words count as a second thing."""
    telling = [one for one in pair.shared if one.weight >= 1]
    return len(telling) >= 2 or any(one.remarks for one in telling)


def _best(results: Iterable[Result], packer: Packer) -> dict[tuple[str, str], _Work]:
    kept: dict[tuple[str, str], _Work] = {}
    for one in results:
        other = kept.get((one.student, one.lesson))
        if one.prints and (other is None or one.points >= other.points):
            prints = {(one.lesson, name): numbers for name, numbers in one.prints.items()}
            kept[one.student, one.lesson] = _Work(one.points, one.file, one.sha256, packer.packed(prints))
    return kept


def _same_files(works: dict[tuple[str, str], _Work]) -> dict[tuple[str, str], list[str]]:
    """Pair → lessons in which both handed in the same bytes, with something answered in them, be it just as the course does."""
    owners: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (student, lesson), one in sorted(works.items(), key=lambda item: item[0]):
        if one.sha256:
            owners[lesson, one.sha256].append(student)
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (lesson, _), students in owners.items():
        for a, b in zip(students, students[1:], strict=False):
            found[a, b].append(lesson)
    return found


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _listed(parts: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
