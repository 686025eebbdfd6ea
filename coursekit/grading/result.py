"""The result of grading a notebook: its items, and the line of the log that holds them. All reports are made from these."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass, field, fields
from typing import Any

STATUSES = ("passed", "partly right", "failed", "not attempted", "not graded")


@dataclass(frozen=True, slots=True)
class Item:
    """What one exercise or question earned. `points` is None if it could not be graded; then it does not count."""

    name: str
    kind: str  # "exercise" or "question"
    status: str  # one of STATUSES
    points: float | None
    max: int
    sentence: str = ""
    mistake: str | None = None
    cases: tuple[bool, ...] = ()
    lost: str | None = None  # how its process ended, where that was before the answer did
    version: str = ""  # digest of the exercise or question as it was graded: with another one, graded again
    seconds: float = 0.0  # by the clock, of running the answer
    chosen: str = ""  # the letter of the option that was chosen, of a question
    reached: float | None = None  # the score of a design

    @classmethod
    def of_row(cls, row: dict[str, Any]) -> Item:
        """The item of a row of JSON. Its texts, which are the same for a whole class, are kept once.

        Raises
        ------
        KeyError, TypeError: it is the row of no item.
        """
        texts = {name: sys.intern(value) for name, value in row.items() if type(value) is str}
        return cls(**row | texts | {"cases": tuple(row["cases"])})


@dataclass(frozen=True, slots=True)
class Result:
    """One graded notebook: a line of the log."""

    student: str
    lesson: str
    file: str
    sha256: str
    items: tuple[Item, ...]
    problem: str | None = None  # why it could not be read, or could not be graded
    notes: tuple[str, ...] = ()
    sandbox: tuple[str, ...] = ()  # the layers that held
    cpu: float = 0.0  # seconds of the children
    seconds: float = 0.0  # by the clock, of the whole notebook
    submitted: str | None = None  # when, ISO 8601 with an offset, where that is known
    settings: str = ""  # digest of what decides the cases and limits: the class secret, the limits
    prints: dict[str, list[int]] = field(default_factory=dict)  # exercise → fingerprints of its code
    guesses: dict[str, Any] = field(default_factory=dict)  # prediction → what was guessed

    @property
    def points(self) -> float:
        return round(sum(item.points or 0.0 for item in self.items), 2)

    @property
    def max(self) -> int:
        return sum(item.max for item in self.items if item.points is not None)

    def row(self) -> dict[str, Any]:
        """What a line of the log says, as JSON has it: the fields, the points and the maximum."""
        head = {"student": self.student, "lesson": self.lesson, "file": self.file}
        return head | {"points": self.points, "max": self.max} | asdict(self)

    @classmethod
    def of_row(cls, row: dict[str, Any]) -> Result:
        """The result that `row()` was made of.

        Raises
        ------
        KeyError, TypeError: it is the row of no result.
        """
        own = {known.name: row[known.name] for known in fields(cls) if known.name in row}
        own |= {name: sys.intern(own[name]) for name in ("lesson", "settings") if type(own.get(name)) is str}
        items = tuple(map(Item.of_row, row["items"]))
        return cls(**own | {"items": items, "notes": tuple(row["notes"]), "sandbox": tuple(row["sandbox"])})


@dataclass(frozen=True, slots=True)
class Mark:
    """What a student gets for a lesson: the result that counts, and what the course's rules make of it."""

    result: Result
    points: float  # after the rules: penalty for lateness, extra credit
    max: int
    late: str = ""  # in words, where it is late: "2 days late: 20 % off"
    extra: str = ""  # in words, where an item counts as extra credit
    extra_items: tuple[str, ...] = ()  # the names of those items; their maximum is not in `max`
    adjusted: str = ""  # in words, where a person has decided on the points of the lesson

    @property
    def student(self) -> str:
        return self.result.student

    @property
    def lesson(self) -> str:
        return self.result.lesson


def number(points: float | None) -> str:
    """Points without trailing zeros: 2, 0.5, 1.33; empty if it was not graded."""
    return "" if points is None else f"{points:.2f}".rstrip("0").rstrip(".")
