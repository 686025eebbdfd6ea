"""Grading on a Dask cluster: each task is sent with its notebook's bytes, and each worker's thread keeps one session.

The scheduler and its workers are trusted: they are sent the class secret, and see every submission. Needs `dask[distributed]`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from coursekit.grading.engine.local import CannotStart
from coursekit.grading.engine.task import Settings, Task, completed
from coursekit.grading.engine.worker import GradingSession
from coursekit.grading.reading.notebook import Unreadable, read
from coursekit.grading.result import Result

AHEAD = 8  # tasks sent for each thread of the cluster: enough to keep it busy, few enough to hold in memory
CONNECT = 20  # seconds in which the scheduler must answer

try:
    from distributed import Client, WorkerPlugin, get_worker
except ImportError:  # said where it is needed
    Client, WorkerPlugin = None, object


class Sessions(WorkerPlugin):
    """A Dask worker's sessions: one for each of its threads, because a Runner serves one answer at a time."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def setup(self, worker: Any) -> None:
        """Begin without a session: each thread makes its own at its first task."""
        self._sessions: dict[int, GradingSession] = {}

    def teardown(self, worker: Any) -> None:
        """End what the sessions started."""
        for session in self._sessions.values():
            session.runner.close()

    def session(self) -> GradingSession:
        """This thread's session."""
        thread = threading.get_ident()
        if thread not in self._sessions:
            self._sessions[thread] = GradingSession(self.settings)
        return self._sessions[thread]


class Cluster:
    """The workers of a running Dask cluster.

    Raises
    ------
    CannotStart: Dask is not installed, or no scheduler answers at the address.
    """

    missing: tuple[str, ...] = ()  # what the sandboxes lack is in the log, and may differ between machines

    def __init__(self, settings: Settings, address: str) -> None:
        if Client is None:
            raise CannotStart("--scheduler needs Dask: pip install 'distributed>=2025.1'")
        try:
            self._client = Client(address, timeout=CONNECT, set_as_default=False)
        except OSError as error:
            raise CannotStart(f"no Dask scheduler answers at {address}: {error}") from None
        self.settings, self._plugin = settings, f"nnutils-grading-{settings.digest}"
        self._client.register_plugin(Sessions(settings), name=self._plugin)

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.unregister_worker_plugin(self._plugin)
        self._client.close()

    def grade(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """The results, in the order in which they come."""
        threads = sum(self._client.nthreads().values()) or 1
        for task, future in completed(tasks, self._submit, AHEAD * threads):
            yield self._result(task, future)
            future.release()

    def _submit(self, task: Task) -> Any:
        try:
            content: bytes | str = read(Path(task.path))
        except Unreadable as error:
            content = str(error)
        return self._client.submit(_grade, self._plugin, task.row(), content, pure=False)

    def _result(self, task: Task, future: Any) -> Result:
        if future.status == "finished":
            return Result.of_row(future.result())
        error = future.exception()
        lost = type(error).__name__ == "KilledWorker"
        return task.failed(f"its worker was lost: {error}" if lost else str(error), self.settings)


def _grade(plugin: str, row: dict[str, Any], content: bytes | str) -> dict[str, Any]:
    """Grade one notebook; this runs in a worker of the cluster."""
    session: GradingSession = get_worker().plugins[plugin].session()
    return session.grade(Task.of_row(row), content).row()
