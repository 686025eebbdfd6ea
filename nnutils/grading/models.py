"""Answers whose results are Keras models: judged by what the models compute, in the sandbox, since no model can leave it.

A process for each answer, from a zygote of its own that has Keras in it and starts when the first such answer comes up. The
answer runs on all cases first, with nothing of the exercise there. Results that are data are sent out and judged in another,
clean process. Models are judged where they are: the exercise's source goes in, and out come a bit for each case, the name of a
mistake and a sentence. An answer that forges these gets the points of this exercise, and nothing else: its trust says so.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from nnutils.checks.catalogue import lessons
from nnutils.checks.exercise import Arguments, Exercise
from nnutils.checks.run import Failure, Run
from nnutils.checks.verdict import NOT_ATTEMPTED, Verdict
from nnutils.grading import words
from nnutils.grading.reading.answers import Answer
from nnutils.grading.sandbox.codec import CodecError, Opaque, encode
from nnutils.grading.sandbox.lock import Limits
from nnutils.grading.sandbox.outcome import Outcome, discreet
from nnutils.grading.sandbox.reply import credible, said
from nnutils.grading.sandbox.runner import Clock, Runner, receive_from, request_of

LIBRARIES = ("keras", "tensorflow")
TRIES = 3
CORES = os.cpu_count() or 1
# TensorFlow maps 1.4 GB before an answer holds anything, and starts threads for each core; the address space bounds those, too
LIMITS = Limits(seconds=60.0, memory=(3 << 30) + CORES * (32 << 20), threads=1 << 14)
TRUST = "judged inside the sandbox beside the answer's own code, since a model cannot be sent out of it"


@dataclass(frozen=True)
class Judged:
    """The verdict on an answer, the sentence that its student is told, what its process did, and how far that can be trusted."""

    verdict: Verdict
    sentence: str
    outcome: Outcome
    trust: str = ""


def concerns(exercise: Exercise) -> bool:
    """Whether an exercise's answers are graded here."""
    return bool({path.partition(".")[0] for path in exercise.allows} & {*LIBRARIES})


def unavailable() -> str | None:
    """Why such answers cannot be graded on this machine, or None."""
    absent = [name for name in LIBRARIES if importlib.util.find_spec(name) is None]
    if absent:
        return f"It needs {' and '.join(absent)}, which the grader's Python does not have"
    return (
        None if hasattr(os, "fork") else "Models are graded on Linux and macOS, where processes can be forked"
    )


def models_of(runner: Runner) -> Models:
    """The runner for models that goes with a runner, and is closed with it."""
    known = next((one for one in runner.beside if isinstance(one, Models)), None)
    if known is None:
        known = Models(runner)
        runner.beside.append(known)
    return known


class Models(Runner):
    """Runs and judges answers that return models, with limits that are large enough for TensorFlow."""

    models = True

    def __init__(self, runner: Runner) -> None:
        larger = max(runner.limits.seconds, LIMITS.seconds), max(runner.limits.memory, LIMITS.memory)
        super().__init__(replace(LIMITS, seconds=larger[0], memory=larger[1]), runner.sandbox, runner.hooks)
        self._runner, self._data, self._failures = runner, dict[str, bool](), list[str]()

    def fresh(self, kill: bool = False) -> int | None:
        """End the child; what it used counts as the other runner's."""
        before, status = self.cpu, super().fresh(kill)
        self._runner.cpu += self.cpu - before
        self._runner.peak = max(self._runner.peak, self.peak)
        self._runner.layers = self._runner.layers or self.layers
        return status

    def judged(self, answer: Answer, cases: Sequence[Arguments]) -> Judged:
        """Run an answer and judge it.

        Raises
        ------
        CodecError: the cases hold something that cannot be sent.
        RuntimeError: no child can be started, or the exercise's own judge fails on the course's own answer.
        """
        exercise, message = answer.exercise, encode(request_of(answer, cases))
        if len(self._failures) >= TRIES:  # Keras does not work here: each try would take seconds
            raise RuntimeError(self._failures[-1])
        try:
            data = self._gives_data(exercise, cases)
            self.fresh()
            self._start(exercise.allows)
        except (OSError, CodecError) as error:
            self._failures.append(f"its process does not come up: {error}")
            raise RuntimeError(self._failures[-1]) from error
        self._failures.clear()
        try:
            outcome = self._tried(message, cases, exercise.allows)
            outcome = discreet(outcome) if answer.lent else outcome
            if all(one.failure and one.failure.kind == "NotImplementedError" for one in outcome.runs):
                return Judged(NOT_ATTEMPTED, "", outcome)
            if data or not any(one.failure is None and _holds_objects(one.result) for one in outcome.runs):
                return self._judged_elsewhere(exercise, cases, outcome)
            return self._judged_there(exercise, cases, outcome)
        finally:
            self.fresh()

    def _judged_elsewhere(self, exercise: Exercise, cases: Sequence[Arguments], outcome: Outcome) -> Judged:
        """The verdict on results that could be sent, from a process that no answer was in."""
        outcome = replace(outcome, runs=[_data_alone(one) for one in outcome.runs])
        if outcome.lost and all(one.failure for one in outcome.runs):
            return _failed(outcome, outcome.lost)
        self.fresh()
        return self._verdict(exercise, cases, outcome, str, runs=outcome.runs)

    def _judged_there(self, exercise: Exercise, cases: Sequence[Arguments], outcome: Outcome) -> Judged:
        """The verdict from the process that the answer ran in, where the models are."""
        if outcome.lost:
            return _failed(outcome, outcome.lost)
        told = functools.partial(credible, exercise)
        return replace(self._verdict(exercise, cases, outcome, told), trust=TRUST)

    def _verdict(
        self,
        exercise: Exercise,
        cases: Sequence[Arguments],
        outcome: Outcome,
        told: Callable[[Any], str],
        **more: Any,
    ) -> Judged:
        try:
            reply = self._reply(exercise, cases, **more)
            if reply["objection"] is not None:
                return _failed(outcome, told(reply["objection"]))
            return Judged(*said(exercise, outcome.runs, reply, told), outcome)
        except TimeoutError:
            kind = "TimeLimit"
        except CodecError:
            kind = "Unreadable"
        except OSError:
            kind = "ProcessEnded"
        lost = self._lost([], 0, kind, kill=kind != "ProcessEnded").lost or ""
        return _failed(replace(outcome, lost=lost), lost)

    def _gives_data(self, exercise: Exercise, cases: Sequence[Arguments]) -> bool:
        """Whether what an exercise asks for can be sent: then an answer's objects are no reason to judge beside them."""
        if exercise.name not in self._data:
            self.fresh()
            reply = exercise.judged and self._reply(exercise, cases, probe=True)
            self._data[exercise.name] = not reply or bool(reply["data"])
        return self._data[exercise.name]

    def _reply(self, exercise: Exercise, cases: Sequence[Arguments], **more: Any) -> dict[str, Any]:
        """What the child says when it is given the exercise; a new child, where none is there.

        Raises
        ------
        CodecError: it is no reply to this request.
        OSError, TimeoutError: there is none.
        """
        file = lessons()[exercise.lesson].__file__ or ""
        nonce = secrets.token_hex(16)  # frames that were written before it was known are no reply
        request = {
            "module": exercise.reference.__module__, "file": file, "source": Path(file).read_text(encoding="utf-8"),
            "name": exercise.name, "cases": list(cases), "allows": exercise.allows, "nonce": nonce, **more,
        }  # fmt: skip
        child = self._start(exercise.allows)
        clock = Clock(self._host, self.limits.seconds, self.patience)
        child.settimeout(clock.end)
        child.sendall(encode(request))
        reply, _ = receive_from(child, clock)
        if not isinstance(reply, dict) or reply.get("nonce") != nonce or "objection" not in reply:
            raise CodecError("a message is no reply")
        return reply


def _failed(outcome: Outcome, why: str) -> Judged:
    """No points: the answer's process is lost, or nothing in it can be judged."""
    return Judged(Verdict("failed", why, cases=(False,) * len(outcome.runs)), words.sentence(why), outcome)


def _holds_objects(value: Any) -> bool:
    """Whether a result holds something that is no data."""
    if isinstance(value, np.ndarray):
        return value.dtype == object and any(map(_holds_objects, value.ravel()))
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return isinstance(value, Opaque) or any(map(_holds_objects, parts))


def _data_alone(run: Run) -> Run:
    if run.failure is None and _holds_objects(run.result):
        return Run(failure=Failure("Unreadable", "it should return numbers: what it returns cannot be taken"))
    return run
