"""What a worker is told: the settings once, then one notebook after another. All of it is plain data."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from coursekit.grading.result import Item, Result
from coursekit.sandbox.setup import Limits

EXECUTE = ("answers", "all")
SANDBOX = ("best", "required", "off")
FAULT = "the grader itself failed on it"


@dataclass(frozen=True)
class Settings:
    """What holds for a whole run and decides scores."""

    seconds: float = 10.0  # of CPU, for one exercise; with execute="all" for the whole notebook, too
    memory: int = 1024 << 20  # bytes
    secret: str | None = None
    sandbox: str = "best"
    execute: str = "answers"

    @property
    def limits(self) -> Limits:
        return Limits(self.seconds, self.memory)

    @property
    def digest(self) -> str:
        """A hash of all of it. With another one, a submission is graded anew."""
        return hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Task:
    """One notebook to grade; `path` is where it lies, for a worker that gets no bytes with the task.

    `earlier` are its items as they were graded before, of which those in `again` are to be run again; without `earlier` all are.
    """

    number: int
    student: str
    topic: str
    file: str
    path: str
    sha256: str
    submitted: str | None = None
    earlier: tuple[Item, ...] = ()
    again: tuple[str, ...] = ()

    def row(self) -> dict[str, Any]:
        """The task as JSON has it."""
        return asdict(self)

    @classmethod
    def of_row(cls, row: dict[str, Any]) -> Task:
        """The task that `row()` was made of."""
        items = tuple(Item(**one | {"cases": tuple(one["cases"])}) for one in row["earlier"])
        return cls(**row | {"earlier": items, "again": tuple(row["again"])})

    def failed(self, why: str, settings: Settings, items: tuple[Item, ...] = ()) -> Result:
        """The result where the grader could not do it: the student earns nothing yet, and a human must look."""
        problem = f"{FAULT} ({why})"
        return Result(
            self.student, self.topic, self.file, self.sha256, items, problem,
            submitted=self.submitted, settings=settings.digest,
        )  # fmt: skip
