"""How submissions are graded: what is to do, and who does it: processes of this machine, or of a Dask cluster."""

from __future__ import annotations

import itertools
import queue
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from coursekit.grading.engine.task import Settings, Task
from coursekit.grading.result import Result


class Engine(Protocol):
    """Grades tasks. It is a context manager: at the end it stops what it started."""

    @property
    def missing(self) -> Sequence[str]:
        """What the sandbox lacks, in words."""

    def grade(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """The results, in the order in which they come."""


def engine_of(settings: Settings, jobs: int, scheduler: str | None) -> AbstractContextManager[Engine]:
    """The engine of a run: a Dask cluster where a scheduler is named, else workers of this machine."""
    if scheduler is not None:
        from coursekit.grading.engine.cluster import Cluster

        return Cluster(settings, scheduler)
    from coursekit.grading.engine.local import Workers

    return Workers(settings, jobs)


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
