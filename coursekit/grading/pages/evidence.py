"""How much it tells that two students share fragments of code, counted over a class. All in arrays: ten thousand students fit."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from coursekit.grading.reading.fingerprint import KINDS, NAME, REMARK, STRUCTURE

COMMON = 100  # a fragment that more students have does not make a pair a candidate
UNUSUAL = 0.1  # of the others: what fewer have is called unusual
SAME = 0.8  # of the fragments of two answers, for them to have the same form
PRIOR = {STRUCTURE: 2, NAME: 1}  # fragments that are taken to differ: short answers carry little evidence
DIFFERENT = 1.5  # bits against a common origin, for an exercise that is solved differently
REMARK_BITS = (
    4.0  # more for a remark: the same words in the same place are no accident, in a small class either
)
MAX_REMARK_BITS = 16.0  # of one exercise
SHIFT = 36  # a fingerprint has 34 bits; the exercise's number goes above them
ANSWERED = KINDS  # stands among the fragments of each exercise that was answered: no fragment is of this kind

Key = tuple[str, str]  # lesson, exercise


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
    names: int  # of the authors' own
    remarks: int  # comments and strings

    @property
    def weight(self) -> float:
        return max(0.0, self.bits) + self.said


def packed(prints: Mapping[Key, Sequence[int]], numbers: dict[Key, int]) -> np.ndarray:
    """The fingerprints of a notebook in little memory; an exercise that `numbers` does not have yet gets the next number."""
    codes: list[int] = []
    for key, own in prints.items():
        number = numbers.setdefault(key, len(numbers))
        codes += (number << SHIFT | int(code) for code in (ANSWERED, *own))
    return np.array(codes, np.int64)


class Evidence:
    """All fragments of a class: `bits` tells what each is worth, log2 of (students who answered / others who have it)."""

    def __init__(self, keys: Sequence[Key], students: Sequence[Sequence[np.ndarray]]) -> None:
        """`keys` are the exercises in the order of their numbers; `students` the packed notebooks of each student."""
        self.keys = keys
        codes = np.concatenate([np.empty(0, np.int64), *(codes for own in students for codes in own)])
        sizes = np.array([sum(codes.size for codes in own) for own in students], int)
        owners, marks = np.repeat(np.arange(len(students), dtype=np.int32), sizes), codes & KINDS == ANSWERED
        self.answered = np.zeros((len(students), len(keys)), bool)
        self.answered[owners[marks], codes[marks] >> SHIFT] = True
        self.ends = np.searchsorted(owners[~marks], np.arange(len(students) + 1))
        del owners
        codes = codes[~marks]
        every, counts = np.unique(codes, return_counts=True)
        self.fragments, self.counts = np.searchsorted(every, codes).astype(np.int32), counts.astype(np.int32)
        del codes, counts
        self.key, self.kind = (every >> SHIFT).astype(np.int16), (every & KINDS).astype(np.int8)
        every &= (1 << SHIFT) - 1
        self.print = every
        answers = self.answered.sum(axis=0)
        self.bits = np.log2(answers[self.key] / np.maximum(1, self.counts - 1))
        self.rare = self.counts <= np.floor(UNUSUAL * (answers - 2))[self.key] + 2

    def nearest(self, student: int, most: int) -> list[int]:
        """The others that share most with a student, by what several and not too many have."""
        fragments = self._of(student)
        sizes = self._count(fragments)
        fragments = fragments[(self.counts[fragments] > 1) & (self.counts[fragments] <= COMMON)]
        if not fragments.size:
            return []
        owners, starts = self._index
        others = np.concatenate([owners[starts[fragment] : starts[fragment + 1]] for fragment in fragments])
        bits = np.repeat(self.bits[fragments] / (sizes[self.key[fragments]] + 2), self.counts[fragments])
        scores = np.bincount(others, weights=bits, minlength=len(self.answered))
        scores[student] = 0.0
        best = np.argpartition(scores, -min(most, scores.size))[-most:]
        return [int(other) for other in best if scores[other] > 0]

    def shared(self, a: int, b: int) -> list[Shared]:
        """What a pair shares in each exercise that both answered, and not both just as the course does."""
        common, every = np.intersect1d(self._of(a), self._of(b)), np.union1d(self._of(a), self._of(b))
        structure = self._count(every, STRUCTURE)
        apart = (structure - self._count(common, STRUCTURE)) / np.maximum(1, structure)
        bits = -DIFFERENT * apart
        for kind, prior in PRIOR.items():
            bits += self._count(common, kind, self.bits) / (self._count(every, kind) + prior)
        rare = common[self.rare[common]]
        _, first = np.unique(self.print[rare], return_index=True)
        once = rare[first]  # a remark that stands in every exercise is one remark
        said = np.minimum(MAX_REMARK_BITS, self._count(once, REMARK, self.bits + REMARK_BITS))
        alike = (structure > 0) & (1 - apart >= SAME)
        unusual, of = self._count(rare, STRUCTURE), self._count(every[self.rare[every]], STRUCTURE)
        columns = (bits, said, alike, unusual, of, self._count(once, NAME), self._count(once, REMARK))
        exercises = np.flatnonzero(self.answered[a] & self.answered[b] & (self._count(every) > 0))
        return [Shared(*self.keys[i], *(column[i].item() for column in columns)) for i in exercises.tolist()]

    def _of(self, student: int) -> np.ndarray:
        """The numbers of a student's fragments."""
        return self.fragments[self.ends[student] : self.ends[student + 1]]

    def _count(
        self, some: np.ndarray, kind: int | None = None, weights: np.ndarray | None = None
    ) -> np.ndarray:
        """How many fragments of a kind belong to each exercise, or the sum of their weights."""
        chosen = some if kind is None else some[self.kind[some] == kind]
        return np.bincount(self.key[chosen], None if weights is None else weights[chosen], len(self.keys))

    @functools.cached_property
    def _index(self) -> tuple[np.ndarray, np.ndarray]:
        """Students sorted by fragment, and where each fragment's students begin."""
        students = np.repeat(np.arange(len(self.answered)), np.diff(self.ends))
        both = self.fragments.astype(np.int64) << 32 | students
        both.sort()  # in place: an argsort would hold three such arrays
        return (both & 0xFFFFFFFF).astype(np.int32), np.concatenate([[0], np.cumsum(self.counts)])
