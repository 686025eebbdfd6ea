"""How submissions are worked off: what is to do, and who does it: processes of this machine, or of a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from coursekit.grading.engine.task import Settings, Task
from coursekit.grading.result import Result


class Engine(Protocol):
    """What grades tasks, and is closed when it is left."""

    @property
    def missing(self) -> Sequence[str]:
        """What the sandbox lacks, in words."""

    def grade(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """The results, in the order in which they come."""


def engine_of(settings: Settings, jobs: int, scheduler: str | None) -> AbstractContextManager[Engine]:
    """The engine for a run: a Dask cluster where a scheduler is named, else workers of this machine."""
    if scheduler is not None:
        from coursekit.grading.engine.cluster import Cluster

        return Cluster(settings, scheduler)
    from coursekit.grading.engine.local import Workers

    return Workers(settings, jobs)
