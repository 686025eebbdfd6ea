"""What is to do: which submissions are graded, which only in part, and which results of an earlier run still hold."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from coursekit.grading import models
from coursekit.grading.engine.task import FAULT, Settings, Task
from coursekit.grading.intake.names import spelled
from coursekit.grading.intake.submission import Submission
from coursekit.grading.log import Key, Log
from coursekit.grading.result import Result
from coursekit.grading.versions import versions_of
from nnutils.checks.catalogue import lessons

NEW, AGAIN, CARRIED = "graded", "graded again", "carried over"
ALL = "all"


@dataclass(frozen=True, slots=True)
class Step:
    """What is done with one submission. If only some items are graded again, `again` has their names."""

    path: str
    submitted: str | None
    key: Key
    kind: str  # NEW, AGAIN or CARRIED
    again: tuple[str, ...] = ()
    why: str = ""
    note: str = ""  # for the student's page: why this notebook and not another one

    @property
    def file(self) -> str:
        return self.key[2]


def plan(
    submissions: Iterable[Submission], log: Log | None, settings: Settings, force: Collection[str] = ()
) -> list[Step]:
    """The steps of a run, by student and lesson. `force` names lessons and exercises to grade again, or "all"."""
    cache, steps = _Cache(settings, force), list[Step]()
    for submission in submissions:
        path, student, topic = submission.path, submission.student, submission.topic
        key = student, topic, f"{student}/{spelled(path.name)}", _sha256(path)
        old = log.find(key) if log and key[3] else None
        steps.append(Step(str(path), submission.submitted, key, *cache.kind(old), submission.note))
    numbers = {topic: module.NUMBER for topic, module in lessons().items()}
    return sorted(steps, key=lambda step: (step.key[0], numbers[step.key[1]], step.key[2:]))


def tasks(steps: Iterable[Step], log: Log) -> Iterator[Task]:
    """The tasks of all steps that are not carried over. Earlier results are read from the log as late as possible."""
    for step in steps:
        if step.kind != CARRIED:
            old = log.find(step.key) if step.again else None
            yield Task(*step.key, step.path, step.submitted, old.items if old else (), step.again)


def results(steps: Iterable[Step], log: Log) -> Iterator[Result]:
    """What the log says of the steps' submissions, one at a time, with the time and the note that are known now."""
    for step in steps:
        if found := log.find(step.key):
            notes = (step.note, *found.notes) if step.note else found.notes
            yield replace(found, submitted=step.submitted, notes=notes)


class _Cache:
    """Decides whether the earlier result of a submission is still valid."""

    def __init__(self, settings: Settings, force: Collection[str]) -> None:
        self.settings, self.force = settings.digest, set(force)
        self.keras = not models.unavailable()
        self.versions = functools.cache(versions_of)

    def kind(self, old: Result | None) -> tuple[str, tuple[str, ...], str]:
        """The kind of the step, the names of the items that are graded again (none: all), and why."""
        if old is None:
            return NEW, (), ""
        if why := self._why_whole(old):
            return AGAIN, (), why
        now, then = self.versions(old.lesson), {item.name: item.version for item in old.items}
        # items that could not be graded without Keras are tried again if Keras is installed now
        force = self.force | {item.name for item in old.items if self.keras and item.points is None}
        again = tuple(name for name in now if now[name] != then.get(name) or name in force)
        changed = again or tuple(name for name in then if name not in now)
        if not changed:
            return CARRIED, (), ""
        whole = len(again) == len(now) or old.problem
        return AGAIN, () if whole else changed, ", ".join(changed)

    def _why_whole(self, old: Result) -> str:
        """Why the whole notebook is graded again even if its exercises are the same; empty if it need not be."""
        if old.settings != self.settings:
            return "other limits, another secret or sandbox"
        if (old.problem or "").startswith(FAULT):
            return "the grader failed on it before"
        return "asked for" if ALL in self.force or old.lesson in self.force else ""


def _sha256(path: Path) -> str:
    """The digest of a file; empty if it cannot be read, which the worker will then explain."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
