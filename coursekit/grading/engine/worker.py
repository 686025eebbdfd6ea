"""A worker: `python -m coursekit.grading.engine.worker` reads settings and tasks from stdin and writes results to stdout.

Each is one line of JSON. The first line out says what the sandbox lacks, or why it cannot be had.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from coursekit.grading.engine.task import Settings, Task
from coursekit.grading.grade_notebook import Grader, guesses_in
from coursekit.grading.reading.extract import extract
from coursekit.grading.reading.fingerprint import fingerprints
from coursekit.grading.reading.notebook import Unreadable, read, sources_of
from coursekit.grading.result import Result
from coursekit.sandbox.runner import Runner
from coursekit.sandbox.walls import SandboxMissing, demand_one


class GradingSession:
    """Grades notebooks, one after another, with one Runner and with everything else that can be kept between submissions.

    Raises
    ------
    SandboxMissing: this machine has no sandbox, and the settings do not say that it is not needed.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.runner = Runner(settings.limits, settings.sandbox)
        self.grader = Grader(self.runner, settings.secret)
        try:
            if settings.sandbox == "best":
                demand_one(self.runner.probe())
        except BaseException:
            self.runner.close()
            raise

    def __enter__(self) -> GradingSession:
        return self

    def __exit__(self, *_: object) -> None:
        self.runner.close()

    def grade(self, task: Task, content: bytes | str | None = None) -> Result:
        """Grade one notebook. Every error becomes a part of the result.

        content: the notebook's bytes, or a sentence that says why there are none. If it is None, the file is read.
        """
        start, cpu = time.monotonic(), self.runner.cpu
        try:
            result = self._graded(task, read(Path(task.path)) if content is None else content)
        except Unreadable as error:
            result = task.result(self.settings, problem=str(error))
        except Exception as error:  # a fault of the grader: it is named, and the other notebooks are graded
            result = task.failed(f"{type(error).__name__}: {error}", self.settings)
        used, seconds = round(self.runner.cpu - cpu, 4), round(time.monotonic() - start, 3)
        return replace(result, cpu=used, seconds=seconds, sandbox=tuple(self.runner.layers) if used else ())

    def _graded(self, task: Task, content: bytes | str) -> Result:
        if isinstance(content, str):
            raise Unreadable(content)
        sources = sources_of(content, task.file)
        notebook = extract(sources.code, sources.texts, python=sources.python)
        earlier = {item.name: item for item in task.earlier}
        items, notes = self.grader.grade_notebook(notebook, task.topic, task.student, earlier, task.again)
        prints, guesses = fingerprints(notebook, task.topic), guesses_in(notebook, task.topic)
        return task.result(self.settings, items, notes=tuple(notes), prints=prints, guesses=guesses)


def main() -> None:
    """Grade until stdin ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the sandbox's folder is removed
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints must not come between the results

    def say(row: dict[str, Any]) -> None:
        print(json.dumps(row), file=out, flush=True)

    try:
        session = GradingSession(Settings(**json.loads(sys.stdin.readline())))
    except SandboxMissing as error:
        return say({"refused": str(error)})
    with session, contextlib.suppress(BrokenPipeError):  # the command has ended: so does the worker
        say({"ready": os.getpid(), "missing": session.runner.missing})
        for line in sys.stdin:
            say(session.grade(Task.of_row(json.loads(line))).row())


if __name__ == "__main__":
    main()
