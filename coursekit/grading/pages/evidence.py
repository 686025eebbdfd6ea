"""How much two students' fragments of code tell, counted over a class; all of it in arrays, so that ten thousand students fit."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from coursekit.grading.pages.fingerprint import NAME, REMARK, STRUCTURE

COMMON = 100  # a fragment that more students have does not make a pair a candidate
UNUSUAL = 0.1  # of the others: what fewer have is called unusual
PRIOR = {STRUCTURE: 2, NAME: 1}  # fragments that are held to differ: short answers carry little evidence
DIFFERENT = 1.5  # bits that an exercise solved differently speaks against a common origin
REMARK_BITS, MAX_REMARK_BITS = (
    4.0,
    16.0,
)  # the same words in the same place are no accident, in a small class either
SHIFT = 36  # a print has 34 bits: the exercise's number goes above them

Key = tuple[str, str]  # lesson, exercise
Prints = Mapping[Key, Sequence[int]]  # of one student, or of one notebook


@dataclass(frozen=True, slots=True)
class Packed:
    """The prints of one notebook in little memory: the numbers of the exercises answered, and all fragments in one array."""

    answered: bytes  # int16 each
    codes: np.ndarray  # an exercise's number << SHIFT | print


@dataclass(frozen=True)
class Packer:
    """Packs prints. It numbers the exercises as they come."""

    numbers: dict[Key, int] = field(default_factory=dict)
    _answered: dict[bytes, bytes] = field(default_factory=dict)  # what many have answered is kept once

    def packed(self, prints: Prints) -> Packed:
        """The prints of a notebook, packed."""
        numbers = [self.numbers.setdefault(key, len(self.numbers)) for key in prints]
        codes = [
            number << SHIFT | int(one)
            for number, own in zip(numbers, prints.values(), strict=True)
            for one in own
        ]
        answered = np.array(numbers, np.int16).tobytes()
        return Packed(self._answered.setdefault(answered, answered), np.array(codes, np.int64))


class Evidence:
    """All fragments of a class: `bits` tells what each is worth, log2 of (students who answered / others who have it)."""

    def __init__(self, keys: Sequence[Key], students: Sequence[Sequence[Packed]]) -> None:
        self.keys = keys  # in the order of their numbers
        self.answered = np.zeros((len(students), len(keys)), bool)
        for i, own in enumerate(students):
            for one in own:
                self.answered[i, np.frombuffer(one.answered, np.int16)] = True
        self.ends = np.cumsum([0, *(sum(one.codes.size for one in own) for own in students)])
        codes = np.concatenate([np.empty(0, np.int64), *(one.codes for own in students for one in own)])
        every, counts = np.unique(codes, return_counts=True)
        self.counts = counts.astype(np.int32)
        self.fragments = np.searchsorted(every, codes).astype(np.int32)
        del codes, counts
        self.key, self.kind = (every >> SHIFT).astype(np.int16), (every & 3).astype(np.int8)
        every &= (1 << SHIFT) - 1
        self.print = every
        answers = self.answered.sum(axis=0)
        self.bits = np.log2(answers.astype(float)[self.key] / np.maximum(1, self.counts - 1))
        self.rare = self.counts <= np.floor(UNUSUAL * (answers - 2)).astype(np.int32)[self.key] + 2

    def of(self, student: int) -> np.ndarray:
        """The numbers of a student's fragments."""
        return self.fragments[self.ends[student] : self.ends[student + 1]]

    def nearest(self, student: int, most: int) -> list[int]:
        """The others that share most with a student, by what several and not too many have."""
        own = self.of(student)
        own = own[(self.counts[own] > 1) & (self.counts[own] <= COMMON)]
        if not own.size:
            return []
        owners, starts = self._index
        others = np.concatenate([owners[starts[one] : starts[one + 1]] for one in own])
        bits = np.repeat(self.bits[own] / (self._size(student)[self.key[own]] + 2), self.counts[own])
        scores = np.bincount(others, weights=bits, minlength=len(self.answered))
        scores[student] = 0.0
        best = np.argpartition(scores, -min(most, scores.size))[-most:]
        return [int(one) for one in best if scores[one] > 0]

    def of_pair(self, a: int, b: int) -> dict[str, np.ndarray]:
        """What a pair shares, an entry for each exercise; see `similarity.Shared`."""
        mine, yours = self.of(a), self.of(b)
        common, every = np.intersect1d(mine, yours), np.union1d(mine, yours)
        structure, same = self._count(every, STRUCTURE), self._count(common, STRUCTURE)
        apart = (structure - same) / np.maximum(1, structure)
        bits = -DIFFERENT * apart
        for kind, prior in PRIOR.items():
            bits += self._count(common, kind, self.bits) / (self._count(every, kind) + prior)
        rare = common[self.rare[common]]
        _, first = np.unique(
            self.print[rare], return_index=True
        )  # a remark made in every exercise is one remark
        said = self._count(rare[first], REMARK, self.bits + REMARK_BITS)
        return {
            "both": self.answered[a] & self.answered[b],
            "own": self._count(every) > 0,
            "bits": bits,
            "said": np.minimum(MAX_REMARK_BITS, said),
            "same": np.where(structure > 0, 1 - apart, 0.0),
            "unusual": self._count(rare, STRUCTURE),
            "of": self._count(every[self.rare[every]], STRUCTURE),
            "names": self._count(rare[first], NAME),
            "remarks": self._count(rare[first], REMARK),
        }

    def _count(
        self, some: np.ndarray, kind: int | None = None, weights: np.ndarray | None = None
    ) -> np.ndarray:
        """How many fragments of a kind fall to each exercise, or the sum of their weights."""
        chosen = some if kind is None else some[self.kind[some] == kind]
        return np.bincount(self.key[chosen], None if weights is None else weights[chosen], len(self.keys))

    def _size(self, student: int) -> np.ndarray:
        return self._count(self.of(student))

    @functools.cached_property
    def _index(self) -> tuple[np.ndarray, np.ndarray]:
        """Students sorted by fragment, and where each fragment's begin."""
        student = np.repeat(np.arange(len(self.answered)), np.diff(self.ends))
        both = self.fragments.astype(np.int64) << 32 | student
        both.sort()  # in place: an argsort would hold three such arrays
        return (both & 0xFFFFFFFF).astype(np.int32), np.concatenate([[0], np.cumsum(self.counts)])
