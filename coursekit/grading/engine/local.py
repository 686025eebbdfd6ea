"""Worker processes on this machine. One that dies is replaced; one that is slow holds up nobody."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from coursekit.grading.assess import blank
from coursekit.grading.engine.bench import patience
from coursekit.grading.engine.task import Settings, Task
from coursekit.grading.result import Result

WORKER = (sys.executable, "-P", "-m", "coursekit.grading.engine.worker")
TRIES = 2
END = object()
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
ENVIRONMENT = dict.fromkeys(THREADS, "1") | {"PYTHONPATH": str(Path(__file__).parents[3])}


class Lost(Exception):
    """A worker ended, or did not come back, before it answered."""

    late = False  # it did not come back in time: it would not the next time, either


class NoSandbox(RuntimeError):
    """The sandbox that is required cannot be had."""


class CannotStart(OSError):
    """No worker can be started, whatever it is given: the grader does not work here."""


class Workers:
    """`jobs` processes that grade. Each has a thread here, which hands it one task after another."""

    def __init__(self, settings: Settings, jobs: int, command: Sequence[str] = ()) -> None:
        self.settings = settings
        self._stopped = threading.Event()
        self._results: queue.Queue[Any] = queue.Queue(2 * jobs)
        self._lines = [_Line(settings, command or WORKER) for _ in range(jobs)]

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for line in self._lines:
            line.stop()

    @property
    def missing(self) -> list[str]:
        """What the sandbox of this machine lacks, in words, once a worker has started."""
        return next((line.missing for line in self._lines if line.missing), [])

    def grade(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """The results of the tasks, in the order in which they come."""
        todo = _Shared(tasks)
        threads = [
            threading.Thread(target=self._work, args=(line, todo), daemon=True) for line in self._lines
        ]
        for thread in threads:
            thread.start()
        left = len(threads)
        while left:
            got = self._results.get()
            if isinstance(got, BaseException):
                raise got
            left -= got is END
            if got is not END:
                yield got

    def _work(self, line: _Line, todo: _Shared) -> None:
        """What a thread does: take tasks until there are none, or until the run is stopped."""
        try:
            while not self._stopped.is_set() and (task := todo.take()) is not None:
                self._put(self._one(line, task))
            self._put(END)
        except BaseException as error:  # a fault of the grader or of what yields the tasks: for the caller
            self._put(error)

    def _one(self, line: _Line, task: Task) -> Result:
        why = ""
        for _ in range(TRIES):
            try:
                return line.ask(task)
            except Lost as error:
                why = str(error)
                if error.late or self._stopped.is_set():
                    break
        return task.failed(why, self.settings, tuple(blank(task.topic, "")))

    def _put(self, thing: Any) -> None:
        while not self._stopped.is_set():
            with contextlib.suppress(queue.Full):
                return self._results.put(thing, timeout=0.5)


class _Shared:
    """An iterator that several threads take from."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._tasks, self._lock = iter(tasks), threading.Lock()

    def take(self) -> Task | None:
        with self._lock:
            return next(self._tasks, None)


class _Line:
    """The line to one worker, which is started at the first task and anew after a loss."""

    def __init__(self, settings: Settings, command: Sequence[str]) -> None:
        self.settings, self.command = settings, command
        self._process: subprocess.Popen[str] | None = None
        self.missing: list[str] = []

    def ask(self, task: Task) -> Result:
        """The result of a task.

        Raises
        ------
        Lost: the worker is gone.
        """
        process = self._process or self._start()
        late = threading.Event()
        timer = threading.Timer(patience(task, self.settings), self._give_up, (process, late))
        timer.daemon = True
        timer.start()
        try:
            return Result.of_row(self._exchange(process, task.row()))
        except (OSError, ValueError, KeyError, TypeError):
            self.stop()
            how = "did not come back" if late.is_set() else f"ended (exit code {process.returncode})"
            lost = Lost(f"its worker {how}")
            lost.late = late.is_set()
            raise lost from None
        finally:
            timer.cancel()

    def _give_up(self, process: subprocess.Popen[str], late: threading.Event) -> None:
        late.set()
        process.kill()

    def stop(self) -> None:
        """End the worker: it tidies up, and is killed where it does not."""
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
        try:
            said = self._exchange(process, asdict(self.settings))
        except (OSError, ValueError):
            self.stop()
            raise CannotStart(f"a worker ended before it began (exit code {process.returncode})") from None
        if "refused" in said:
            raise NoSandbox(said["refused"])
        self.missing = said.get("missing", [])
        return process

    def _exchange(self, process: subprocess.Popen[str], row: dict[str, Any]) -> Any:
        assert process.stdin and process.stdout
        process.stdin.write(f"{json.dumps(row)}\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())
