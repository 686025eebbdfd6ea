"""What a worker is told: the settings once, then one notebook after another. All of it is plain data."""

from __future__ import annotations

import hashlib
import itertools
import json
import queue
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from coursekit.grading.grade_notebook import blank
from coursekit.grading.result import Item, Result
from coursekit.sandbox.setup import Limits

SANDBOX = ("best", "required", "off")
FAULT = "the grader itself failed on it"


@dataclass(frozen=True)
class Settings:
    """The settings of a whole run that affect scores."""

    seconds: float = 10.0  # of CPU, for one exercise
    memory: int = 1024 << 20  # bytes
    secret: str | None = None
    sandbox: str = "best"

    @property
    def limits(self) -> Limits:
        return Limits(self.seconds, self.memory)

    @property
    def digest(self) -> str:
        """A hash of all settings. With another one, a submission is graded again."""
        return hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Task:
    """One notebook to grade. `path` says where it is, for a worker that gets no bytes with the task.

    `earlier` are its items as they were graded before. Of these, the ones named in `again` are graded again. Without `earlier`,
    all are graded.
    """

    student: str
    topic: str
    file: str
    sha256: str
    path: str
    submitted: str | None = None
    earlier: tuple[Item, ...] = ()
    again: tuple[str, ...] = ()

    def row(self) -> dict[str, Any]:
        """The task as JSON has it."""
        return asdict(self)

    @classmethod
    def of_row(cls, row: dict[str, Any]) -> Task:
        """The task that `row()` was made of."""
        return cls(**row | {"earlier": tuple(map(Item.of_row, row["earlier"])), "again": tuple(row["again"])})

    def result(
        self, settings: Settings, items: Iterable[Item] | None = None, problem: str | None = None, **more: Any
    ) -> Result:
        """The result with these items and other fields (`more`). Without items, all items of the lesson are not attempted."""
        return Result(
            self.student, self.topic, self.file, self.sha256, tuple(blank(self.topic) if items is None else items), problem,
            submitted=self.submitted, settings=settings.digest, **more,
        )  # fmt: skip

    def failed(self, why: str, settings: Settings) -> Result:
        """The result if the grader itself failed: the student has no points yet, and a human must look."""
        return self.result(settings, problem=f"{FAULT} ({why})")


def completed(tasks: Iterable[Task], submit: Callable[[Task], Any], most: int) -> Iterator[tuple[Task, Any]]:
    """Each task with its finished future, in the order in which they finish. At most `most` tasks are submitted at a time."""
    todo, done, running = iter(tasks), queue.SimpleQueue[tuple[Task, Any]](), 0
    while True:
        for task in itertools.islice(todo, most - running):
            running += 1
            submit(task).add_done_callback(lambda future, task=task: done.put((task, future)))
        if not running:
            return
        yield done.get()
        running -= 1
