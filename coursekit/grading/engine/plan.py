"""What is to do: which submissions are graded, which only in part, and which results of an earlier run still hold."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from coursekit.grading import models
from coursekit.grading.engine.task import FAULT, Settings, Task
from coursekit.grading.intake.collect import Submission
from coursekit.grading.intake.names import spelled
from coursekit.grading.log import Key, Log
from coursekit.grading.result import Result
from coursekit.grading.versions import versions_of
from nnutils.checks.catalogue import lessons

NEW, AGAIN, CARRIED = "graded", "graded again", "carried over"
ALL = "all"


@dataclass(frozen=True, slots=True)
class Step:
    """What is done with one submission. Where only some items are graded again, they are named in `again`."""

    path: str
    submitted: str | None
    key: Key
    kind: str
    again: tuple[str, ...] = ()
    why: str = ""
    note: str = ""  # for the student's page: why this notebook and no other one

    @property
    def file(self) -> str:
        return self.key[2]


def plan(
    submissions: Iterable[Submission], log: Log | None, settings: Settings, force: Collection[str] = ()
) -> list[Step]:
    """The steps of a run, by student and lesson. `force` names lessons and exercises to grade again, or "all"."""
    rules, steps = _Rules(settings, force), list[Step]()
    for one in submissions:
        key = (one.student, one.topic, f"{one.student}/{spelled(one.path.name)}", _sha256(one.path))
        steps.append(replace(rules.step(one, key, log.find(key) if log else None), note=one.note))
    numbers = {topic: module.NUMBER for topic, module in lessons().items()}
    return sorted(steps, key=lambda one: (one.key[0], numbers[one.key[1]], one.key[2:]))


def tasks(steps: Iterable[Step], log: Log) -> Iterator[Task]:
    """The tasks of all steps that are not carried over. What was graded before is read from the log as late as possible."""
    todo = (step for step in steps if step.kind != CARRIED)
    for number, step in enumerate(todo):
        old = log.find(step.key) if step.again else None
        student, topic, file, sha256 = step.key
        earlier = old.items if old else ()
        yield Task(number, student, topic, file, step.path, sha256, step.submitted, earlier, step.again)


def results(steps: Iterable[Step], log: Log) -> Iterator[Result]:
    """What the log says of the steps' submissions, one at a time."""
    for step in steps:
        found = log.find(step.key)
        if found is not None:
            yield noted(found, step.submitted, step.note)


def noted(result: Result, submitted: str | None, note: str) -> Result:
    """A result with what is known of its submission now, which need not be what was known when it was graded."""
    return replace(result, submitted=submitted, notes=(*filter(None, [note]), *result.notes))


def shard(submissions: Iterable[Submission], number: int, count: int) -> list[Submission]:
    """The submissions of one of `count` shards, numbered from 1: all of a student's files of one lesson are in one of them."""
    return [one for one in submissions if shard_of(one.student, one.topic, count) == number]


def shard_of(student: str, topic: str, count: int) -> int:
    """The shard in which a student's work of a lesson is graded."""
    text = f"{student}\0{topic}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.sha256(text).digest()[:8], "big") % count + 1


class _Rules:
    """What decides whether an earlier result still holds."""

    def __init__(self, settings: Settings, force: Collection[str]) -> None:
        self.settings, self.force = settings.digest, set(force)
        self.keras = not models.unavailable()
        self.versions = functools.cache(versions_of)

    def step(self, submission: Submission, key: Key, old: Result | None) -> Step:
        """The step for a submission that was graded as `old` before, if it was."""
        step = functools.partial(Step, str(submission.path), submission.submitted, key)
        if old is None or not key[3]:
            return step(NEW)
        why = self._whole(old)
        if why:
            return step(AGAIN, why=why)
        now, then = self.versions(old.lesson), {one.name: one.version for one in old.items}
        again = tuple(
            name for name in now if now[name] != then.get(name) or name in self.force | self._can_now(old)
        )
        gone = tuple(name for name in then if name not in now)
        if not again and not gone:
            return step(CARRIED)
        whole = len(again) == len(now) or old.problem
        return step(AGAIN, () if whole else again or gone, ", ".join(again or gone))

    def _can_now(self, old: Result) -> set[str]:
        """What could not be graded then, for want of Keras, and can be now."""
        return {item.name for item in old.items if item.points is None} if self.keras else set()

    def _whole(self, old: Result) -> str:
        """Why the whole notebook is graded again, whatever its exercises are now; nothing where it need not be."""
        if old.settings != self.settings:
            return "other limits, secret or mode"
        if (old.problem or "").startswith(FAULT):
            return "the grader failed on it before"
        return "asked for" if ALL in self.force or old.lesson in self.force else ""


def _sha256(path: Path) -> str:
    """The digest of a file; nothing for one that cannot be read, which a worker will say more about."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
