"""Worker processes on this machine. A worker that dies is replaced. A slow one delays only its own submission."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

from coursekit.grading.engine.task import Settings, Task, completed
from coursekit.grading.result import Result
from coursekit.sandbox.runner import PATIENCE
from nnutils.checks.catalogue import exercises_of

WORKER = (sys.executable, "-P", "-m", "coursekit.grading.engine.worker")
TRIES = 2
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
ENVIRONMENT = dict.fromkeys(THREADS, "1") | {"PYTHONPATH": str(Path(__file__).parents[3])}


class WorkerLost(Exception):
    """A worker process ended before it answered; if `late`, it was killed because it took too long."""

    def __init__(self, why: str, late: bool = False) -> None:
        super().__init__(why)
        self.late = late


class NoSandbox(RuntimeError):
    """The sandbox that is required cannot be had."""


class CannotStart(OSError):
    """No worker can be started, whatever it is given: the grader does not work here."""


class Workers:
    """`jobs` processes that grade. A pool of as many threads hands them one task after another."""

    def __init__(self, settings: Settings, jobs: int, command: Sequence[str] = ()) -> None:
        self.settings = settings
        self._connections = [WorkerConnection(settings, command or WORKER) for _ in range(jobs)]
        self._idle = queue.SimpleQueue[WorkerConnection]()
        for connection in self._connections:
            self._idle.put(connection)
        self._threads = ThreadPoolExecutor(jobs)

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for connection in self._connections:
            connection.close()
        self._threads.shutdown()

    @property
    def missing(self) -> list[str]:
        """What the sandbox of this machine lacks, in words, once a worker has started."""
        return next((connection.missing for connection in self._connections if connection.missing), [])

    def grade(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """The results of the tasks, in the order in which they come.

        Raises
        ------
        NoSandbox, CannotStart: no worker starts.
        """
        most = 2 * len(self._connections)
        for _, future in completed(tasks, lambda task: self._threads.submit(self._graded, task), most):
            yield future.result()

    def _graded(self, task: Task) -> Result:
        connection, why = self._idle.get(), ""
        try:
            for _ in range(TRIES):
                try:
                    return connection.ask(task)
                except WorkerLost as error:
                    why = str(error)
                    if error.late or connection.closed:
                        break
            return task.failed(why, self.settings)
        finally:
            self._idle.put(connection)


class WorkerConnection:
    """The connection to one worker process, which starts at the first task, and again after it was lost."""

    def __init__(self, settings: Settings, command: Sequence[str]) -> None:
        self.settings, self.command = settings, command
        self.missing: list[str] = []
        self.closed = False
        self._process: subprocess.Popen[str] | None = None

    def ask(self, task: Task) -> Result:
        """The result of a task.

        Raises
        ------
        WorkerLost: the process ended, or took too long. NoSandbox, CannotStart: it does not start.
        """
        process, late = self._process or self._start(), threading.Event()

        def give_up() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(patience(task, self.settings), give_up)
        timer.daemon = True
        timer.start()
        try:
            return Result.of_row(_exchange(process, task.row()))
        except (OSError, ValueError, KeyError, TypeError):
            self._stop()
            how = "did not come back" if late.is_set() else f"ended (exit code {process.returncode})"
            raise WorkerLost(f"its worker {how}", late.is_set()) from None
        finally:
            timer.cancel()

    def close(self) -> None:
        """End the process, for good."""
        self.closed = True
        self._stop()

    def _stop(self) -> None:
        """End the process, which removes its files; kill it if it does not end."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _start(self) -> subprocess.Popen[str]:
        process = self._process = subprocess.Popen(
            self.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env=os.environ | ENVIRONMENT,
            start_new_session=True,  # Ctrl-C is for the command, which ends its workers itself
        )
        if self.closed:  # `close` was called in the meantime, and may not have seen this process
            self._stop()
        try:
            said = _exchange(process, asdict(self.settings))
        except (OSError, ValueError):
            self._stop()
            raise CannotStart(f"a worker ended before it began (exit code {process.returncode})") from None
        if "refused" in said:
            raise NoSandbox(said["refused"])
        self.missing = said.get("missing", [])
        return process


def _exchange(process: subprocess.Popen[str], row: dict[str, Any]) -> Any:
    assert process.stdin and process.stdout
    print(json.dumps(row), file=process.stdin, flush=True)
    return json.loads(process.stdout.readline())


def patience(task: Task, settings: Settings) -> float:
    """Seconds by the clock after which a worker that has not answered is given up."""
    exercises = len(exercises_of(task.topic))
    return 120 + PATIENCE * settings.seconds + exercises * (2 * settings.seconds + 30)
