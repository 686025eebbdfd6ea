"""Where a notebook is graded: one Runner and all that is worth keeping from one submission to the next."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path
from types import TracebackType

from coursekit.grading.assess import Grader, blank
from coursekit.grading.engine.task import Settings, Task
from coursekit.grading.reading.extract import extract
from coursekit.grading.reading.fingerprint import fingerprints
from coursekit.grading.reading.notebook import Unreadable, read, sources_of
from coursekit.grading.result import Result
from coursekit.sandbox.runner import PATIENCE, Runner
from coursekit.sandbox.walls import demand_one
from nnutils.checks.catalogue import exercises_of


class Bench:
    """Grades notebooks, one after another."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.runner = Runner(settings.limits, settings.sandbox)
        if settings.sandbox == "best":
            self._demand_a_wall()
        self.grader = Grader(self.runner, settings.secret, settings.execute)

    def _demand_a_wall(self) -> None:
        """Raises SandboxMissing where there is none: a class is graded so only where somebody says yes to it."""
        try:
            demand_one(self.runner.probe())
        except BaseException:
            self.runner.close()
            raise

    def __enter__(self) -> Bench:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.runner.__exit__(kind, error, trace)

    def grade(self, task: Task, text: bytes | str | None = None) -> Result:
        """Grade one notebook, given its bytes (or why there are none) or from its file. Whatever is wrong with it ends here."""
        start, cpu = time.monotonic(), self.runner.cpu
        try:
            result = self._graded(task, read(Path(task.path)) if text is None else text)
        except Unreadable as error:
            items = tuple(blank(task.topic, ""))
            result = dataclasses.replace(task.failed("", self.settings, items), problem=str(error))
        except Exception as error:  # a fault of the grader: said so, and the others go on
            why = f"{type(error).__name__}: {error}"
            result = task.failed(why, self.settings, tuple(blank(task.topic, "")))
        used, seconds = round(self.runner.cpu - cpu, 4), round(time.monotonic() - start, 3)
        layers = tuple(self.runner.layers) if used else ()
        return dataclasses.replace(result, cpu=used, seconds=seconds, sandbox=layers)

    def _graded(self, task: Task, text: bytes | str) -> Result:
        if isinstance(text, str):
            raise Unreadable(text)
        sources = sources_of(text, task.file)
        notebook = extract(sources.code, sources.texts)
        earlier = {one.name: one for one in task.earlier}
        items, notes = self.grader.grade_notebook(notebook, task.topic, task.student, earlier, task.again)
        return Result(
            task.student, task.topic, task.file, task.sha256, tuple(items), None, tuple(notes),
            submitted=task.submitted, settings=self.settings.digest, prints=fingerprints(notebook, task.topic),
        )  # fmt: skip


def patience(task: Task, settings: Settings) -> float:
    """Seconds by the clock after which a worker that has not come back with a task is given up."""
    exercises = len(exercises_of(task.topic)) + (settings.execute == "all")
    return 120 + PATIENCE * settings.seconds + exercises * (2 * settings.seconds + 30)
