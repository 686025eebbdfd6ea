"""The same on a Dask cluster: tasks carry their notebook's bytes, and each worker keeps one Runner.

The scheduler and its workers are trusted: they are sent the class secret, and see every submission. Needs `dask[distributed]`.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from coursekit.grading.assess import blank
from coursekit.grading.engine.bench import Bench
from coursekit.grading.engine.local import CannotStart
from coursekit.grading.engine.task import Settings, Task
from coursekit.grading.reading.notebook import Unreadable, read
from coursekit.grading.result import Result

NAME = "nnutils-benches"
AHEAD = 8  # tasks sent for each thread of the cluster: enough to keep it busy, few enough to hold in memory
CONNECT = 20  # seconds in which the scheduler must answer

try:
    from distributed import Client, WorkerPlugin, as_completed, get_worker
except ImportError:  # said where it is needed
    Client, WorkerPlugin = None, object


class Benches(WorkerPlugin):
    """A worker's benches, one for each of its threads, because a Runner serves one answer at a time."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def setup(self, worker: Any) -> None:
        """Begin without a bench: each thread makes its own at its first task."""
        self._own, self._all, self._lock = threading.local(), list[Bench](), threading.Lock()

    def teardown(self, worker: Any) -> None:
        """End what the benches started."""
        for bench in self._all:
            bench.runner.close()

    def bench(self) -> Bench:
        """This thread's bench."""
        if not hasattr(self._own, "bench"):
            self._own.bench = Bench(self.settings)
            with self._lock:
                self._all.append(self._own.bench)
        return self._own.bench


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
        self.settings = settings
        try:
            self._client = Client(address, timeout=CONNECT, set_as_default=False)
        except OSError as error:
            raise CannotStart(f"no Dask scheduler answers at {address}: {error}") from None
        self._name = f"{NAME}-{settings.digest}"
        self._client.register_plugin(Benches(settings), name=self._name)

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.unregister_worker_plugin(self._name)
        self._client.close()

    def grade(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """The results, in the order in which they come; some tasks are always on their way, never all of them."""
        todo, tasks_of = iter(tasks), dict[str, Task]()
        threads = sum(self._client.nthreads().values()) or 1
        running = as_completed(
            self._submitted(itertools.islice(todo, AHEAD * threads), tasks_of), loop=self._client.loop
        )
        for future in running:
            yield self._result(future, tasks_of.pop(future.key))
            future.release()
            for more in self._submitted(itertools.islice(todo, 1), tasks_of):
                running.add(more)

    def _submitted(self, tasks: Iterable[Task], tasks_of: dict[str, Task]) -> list[Any]:
        futures = []
        for task in tasks:
            future = self._client.submit(_grade, self._name, task.row(), _bytes(task), pure=False)
            tasks_of[future.key] = task
            futures.append(future)
        return futures

    def _result(self, future: Any, task: Task) -> Result:
        if future.status == "finished":
            return Result.of_row(future.result())
        error = future.exception()
        why = f"its worker was lost: {error}" if type(error).__name__ == "KilledWorker" else str(error)
        return task.failed(why, self.settings, tuple(blank(task.topic, "")))


def _bytes(task: Task) -> bytes | str:
    """The notebook, or why it cannot be read."""
    try:
        return read(Path(task.path))
    except Unreadable as error:
        return str(error)


def _grade(name: str, row: dict[str, Any], text: bytes | str) -> dict[str, Any]:
    """What a worker of the cluster does."""
    bench: Bench = get_worker().plugins[name].bench()
    return bench.grade(Task.of_row(row), text).row()
