"""How submissions are graded: what is to do, and who does it: processes of this machine, or of a Dask cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coursekit.grading.engine.local import Workers
from coursekit.grading.engine.task import Settings

if TYPE_CHECKING:
    from coursekit.grading.engine.cluster import Cluster


def engine_of(settings: Settings, jobs: int, scheduler: str | None) -> Workers | Cluster:
    """What grades the tasks of a run, as a context: a Dask cluster where a scheduler is named, else workers of this machine."""
    if scheduler is None:
        return Workers(settings, jobs)
    from coursekit.grading.engine.cluster import Cluster  # it needs Dask

    return Cluster(settings, scheduler)
