"""Answers whose results are Keras models.

Two processes for each answer, from a zygote of its own that has imported Keras and starts when the first such answer is graded.
In the first, the answer runs, and nothing of the exercise is there; models leave it as data, as all results do. In the second,
no answer ever runs: it builds the models again and compares them with what is asked for.
"""

from __future__ import annotations

import ast
import importlib.util
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from coursekit.grading.reading.answers import Answer
from coursekit.sandbox.codec import CodecError
from coursekit.sandbox.program import Outcome
from coursekit.sandbox.runner import Runner
from coursekit.sandbox.setup import Limits
from nnutils.checks.exercise import Arguments
from nnutils.checks.verdict import Verdict
from nnutils.words import sentence

LIBRARIES = ("keras", "tensorflow")
SERVICE = "coursekit.grading.model_judge"
TRIES = 3
CORES = os.cpu_count() or 1
# TensorFlow maps 1.4 GB before an answer holds anything, and starts threads for each core; the address space bounds those, too
LIMITS = Limits(seconds=60.0, memory=(3 << 30) + CORES * (32 << 20), threads=1 << 14)
TOO_MUCH = "what it returns takes too long or too much memory to be looked at"


class KerasFails(RuntimeError):
    """No process with Keras starts, or the exercise itself does not work in one."""


class Assessment(NamedTuple):
    """The verdict on an answer, the sentence that its student is told, and what its process did."""

    verdict: Verdict
    sentence: str
    outcome: Outcome


def unavailable() -> str | None:
    """Why answers with Keras models cannot be graded on this machine, or None."""
    absent = [name for name in LIBRARIES if importlib.util.find_spec(name) is None]
    if absent:
        return f"It needs {' and '.join(absent)}, which the grader's Python does not have"
    if not hasattr(os, "fork"):
        return "Models are graded on Linux and macOS, where processes can be forked"
    return None


def keras_runner(runner: Runner) -> KerasRunner:
    """The runner for models that belongs to a runner, and is closed with it."""
    for known in runner.beside:
        if isinstance(known, KerasRunner):
            return known
    runner.beside.append(new := KerasRunner(runner))
    return new


class KerasRunner(Runner):
    """Runs answers that return models and assesses them, with limits that are large enough for TensorFlow."""

    def __init__(self, runner: Runner) -> None:
        limits = replace(
            LIMITS,
            seconds=max(runner.limits.seconds, LIMITS.seconds),
            memory=max(runner.limits.memory, LIMITS.memory),
        )
        super().__init__(limits, runner.sandbox, runner.hooks, SERVICE)
        self._runner, self._failures = runner, list[str]()

    def restart(self, kill: bool = False) -> int | None:
        """End the child; the CPU time that it used is added to the other runner's."""
        before, status = self.cpu, super().restart(kill)
        self._runner.cpu += self.cpu - before
        self._runner.layers = self._runner.layers or self.layers
        return status

    def assess(self, answer: Answer, cases: Sequence[Arguments]) -> Assessment:
        """Run an answer, and assess what it returns.

        Raises
        ------
        CodecError: the cases hold something that cannot be sent.
        KerasFails: no child can be started, or the exercise itself does not work in one.
        """
        if len(self._failures) >= TRIES:  # Keras does not work here: each try would take seconds
            raise KerasFails(self._failures[-1])
        try:
            self.restart()
            self.start(answer.exercise.allows)
        except (OSError, CodecError) as error:
            self._failures.append(f"its process does not come up: {error}")
            raise KerasFails(self._failures[-1]) from error
        self._failures.clear()
        try:
            outcome = self.run(answer.as_program(), cases)
            self.restart()  # the answer's process is gone before the exercise is sent to another one
            return self._assessed(answer, cases, outcome)
        except RuntimeError as error:
            raise KerasFails(str(error)) from error
        finally:
            self.restart()

    def _assessed(self, answer: Answer, cases: Sequence[Arguments], outcome: Outcome) -> Assessment:
        exercise = answer.exercise
        request = {
            "modules": _sources(exercise.reference.__module__), "name": exercise.name,
            "cases": list(cases), "runs": list(outcome.runs), "discreet": answer.lent,
        }  # fmt: skip
        try:
            reply = self.ask(request)
        except (OSError, CodecError):  # the answer's results take its time, its memory or its process
            self.restart(kill=True)
            failed = Verdict("failed", TOO_MUCH, cases=(False,) * len(cases))
            return Assessment(failed, sentence(TOO_MUCH), replace(outcome, lost=outcome.lost or TOO_MUCH))
        if "fault" in reply:
            raise KerasFails(reply["fault"])
        told = reply.pop("sentence")
        return Assessment(Verdict(**reply), told, outcome)


def _sources(module: str) -> list[tuple[str, str, str]]:
    """Name, file and text of a module of exercises, after those of its lesson that it imports."""
    file = sys.modules[module].__file__ or ""
    text = Path(file).read_text(encoding="utf-8")
    imported = [node.module or "" for node in ast.parse(text).body if isinstance(node, ast.ImportFrom)]
    home = module.rpartition(".")[0]
    before = [source for name in imported if name.startswith(f"{home}.") for source in _sources(name)]
    return [*dict.fromkeys([*before, (module, file, text)])]
