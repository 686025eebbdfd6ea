"""Answers whose results are Keras models.

Two processes for each answer, from a zygote of its own that has Keras in it and starts when the first such answer comes up.
In the one the answer runs, with nothing of the exercise there; models leave it as data, as all results do. In the other one no
answer ever runs: it builds the models again and judges them.
"""

from __future__ import annotations

import ast
import importlib.util
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from coursekit.grading import words
from coursekit.grading.reading.answers import Answer
from coursekit.sandbox.codec import CodecError
from coursekit.sandbox.program import Outcome
from coursekit.sandbox.runner import Runner
from coursekit.sandbox.setup import Limits
from nnutils.checks.exercise import Arguments, Exercise
from nnutils.checks.verdict import Verdict

LIBRARIES = ("keras", "tensorflow")
SERVICE = "coursekit.grading.model_judge"
TRIES = 3
CORES = os.cpu_count() or 1
# TensorFlow maps 1.4 GB before an answer holds anything, and starts threads for each core; the address space bounds those, too
LIMITS = Limits(seconds=60.0, memory=(3 << 30) + CORES * (32 << 20), threads=1 << 14)


@dataclass(frozen=True)
class Judged:
    """The verdict on an answer, the sentence that its student is told, and what its process did."""

    verdict: Verdict
    sentence: str
    outcome: Outcome


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

    def __init__(self, runner: Runner) -> None:
        larger = max(runner.limits.seconds, LIMITS.seconds), max(runner.limits.memory, LIMITS.memory)
        super().__init__(
            replace(LIMITS, seconds=larger[0], memory=larger[1]), runner.sandbox, runner.hooks, SERVICE
        )
        self._runner, self._failures = runner, list[str]()

    def restart(self, kill: bool = False) -> int | None:
        """End the child; what it used counts as the other runner's."""
        before, status = self.cpu, super().restart(kill)
        self._runner.cpu += self.cpu - before
        self._runner.layers = self._runner.layers or self.layers
        return status

    def judged(self, answer: Answer, cases: Sequence[Arguments]) -> Judged:
        """Run an answer and judge it.

        Raises
        ------
        CodecError: the cases hold something that cannot be sent.
        RuntimeError: no child can be started, or the exercise itself does not work in one.
        """
        if len(self._failures) >= TRIES:  # Keras does not work here: each try would take seconds
            raise RuntimeError(self._failures[-1])
        try:
            self.restart()
            self.start(answer.exercise.allows)
        except (OSError, CodecError) as error:
            self._failures.append(f"its process does not come up: {error}")
            raise RuntimeError(self._failures[-1]) from error
        self._failures.clear()
        try:
            outcome = self.run(answer.as_program(), cases)
            self.restart()  # the answer's process is gone before the exercise is sent to another one
            return self._verdict(answer, cases, outcome)
        finally:
            self.restart()

    def _verdict(self, answer: Answer, cases: Sequence[Arguments], outcome: Outcome) -> Judged:
        exercise = answer.exercise
        request = {
            "modules": _sources(exercise.reference.__module__), "name": exercise.name,
            "cases": list(cases), "runs": list(outcome.runs), "discreet": answer.lent,
        }  # fmt: skip
        try:
            reply = self.ask(request)
        except (OSError, CodecError):  # the answer's results take its time, its memory or its process
            why = "what it returns takes too long or too much memory to be looked at"
            self.restart(kill=True)
            failed = Verdict("failed", why, cases=(False,) * len(cases))
            return Judged(failed, words.sentence(why), replace(outcome, lost=outcome.lost or why))
        if "fault" in reply:
            raise RuntimeError(reply["fault"])
        sentence = reply.pop("sentence")
        return Judged(Verdict(**reply), sentence, outcome)


def _sources(module: str) -> list[tuple[str, str, str]]:
    """Name, file and text of a module of exercises, after those of its lesson that it imports."""
    file = sys.modules[module].__file__ or ""
    text = Path(file).read_text(encoding="utf-8")
    imported = [node.module or "" for node in ast.parse(text).body if isinstance(node, ast.ImportFrom)]
    home = module.rpartition(".")[0]
    before = [source for name in imported if name.startswith(f"{home}.") for source in _sources(name)]
    return [*dict.fromkeys([*before, (module, file, text)])]
