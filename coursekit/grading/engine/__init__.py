"""Grading many submissions: a plan of what is to do, and the workers that do it, on this machine or on a Dask cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coursekit.grading.engine.local import Workers
from coursekit.grading.engine.task import Settings

if TYPE_CHECKING:
    from coursekit.grading.engine.cluster import Cluster


def engine_of(settings: Settings, jobs: int, scheduler: str | None) -> Workers | Cluster:
    """The workers of a run, for a `with` statement: of a Dask cluster if a scheduler is named, else of this machine."""
    if scheduler is None:
        return Workers(settings, jobs)
    from coursekit.grading.engine.cluster import Cluster  # it needs Dask

    return Cluster(settings, scheduler)
