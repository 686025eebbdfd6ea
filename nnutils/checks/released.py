"""Exercises of a released course: docstrings, hints and stored results, and no answer.

`course.py release` writes two files for each lesson: a short module, and the pickled `without_answers` of its exercises.
`exercises_from` reads the second file.
"""

from __future__ import annotations

import ast
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from nnutils.checks.errors import NotSolved
from nnutils.checks.exercise import AnswerKey, Exercise, Mistake, Option, Question
from nnutils.checks.expected import ExpectedResults
from nnutils.checks.faults import plain_source
from nnutils.checks.run import Run

FIELDS = (
    "points",
    "minutes",
    "tolerance",
    "returns",
    "fresh",
    "part",
    "allows",
    "kind",
    "faulty",
    "thresholds",
    "trial_of",
)


def without_answers(exercise: Exercise, hints: int = 3) -> dict[str, Any]:
    """What a release keeps of an exercise: no code, the first `hints` hints, and the notebook's cases with their results."""
    expected = ExpectedResults(exercise, exercise.draw())
    mistakes = [] if exercise.judged else exercise.mistakes
    runs = {mistake.name: [*map(_storable, expected.runs_of(mistake))] for mistake in mistakes}
    return {
        "head": head_of(exercise),
        "fields": {name: getattr(exercise, name) for name in FIELDS} | {"hints": exercise.hints[:hints]},
        "answer_key": AnswerKey([*expected.cases], None if exercise.judged else expected.results, runs),
        "mistakes": {mistake.name: (mistake.sentence, mistake.faults) for mistake in mistakes},
    }


def question_without_answer(question: Question, told: bool) -> Question:
    """What a release keeps of a question: the options, and which is right and why only where that is `told`."""
    options = question.options if told else tuple(Option(option.text, "") for option in question.options)
    return replace(question, options=options)


def exercises_from(file: Path, module: str) -> dict[str, Exercise | Question]:
    """The exercises and questions in a file of a release, by name, as those of `module`."""
    kept = pickle.loads(file.read_bytes())  # a part of the course, as trusted as its code
    return {name: _exercise(item, module) for name, item in kept["exercises"].items()} | kept["questions"]


def head_of(exercise: Exercise) -> str:
    """The signature and the docstring: what a student gets of the reference."""
    source = plain_source(exercise.reference)
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef)
    return "\n".join(source.splitlines()[: function.body[0].end_lineno])


def _exercise(item: dict[str, Any], module: str) -> Exercise:
    unsolved = _raising(item["head"], " is not solved yet: go back to its cell, this one needs it", module)
    mistakes = [
        Mistake(_raising(f"def {name}(*_):", "", module), sentence, faults=faults)
        for name, (sentence, faults) in item["mistakes"].items()
    ]
    return Exercise(unsolved, **item["fields"], mistakes=mistakes, answer_key=item["answer_key"])


def _raising(head: str, why: str, module: str) -> Callable[..., Any]:
    """A function with this signature and docstring that raises NotSolved with its name and the reason."""
    world: dict[str, Any] = {"np": np, "NotSolved": NotSolved, "__name__": module}
    name = head.partition("def ")[2].partition("(")[0]
    exec(compile(f"{head}\n    raise NotSolved({name + why!r})", f"<{name}>", "exec"), world)
    return world[name]


def _storable(run: Run) -> Run:
    """The run; where its result cannot be pickled, one whose result equals nothing."""
    try:
        pickle.dumps(run)
        return run
    except Exception:
        return Run(result=f"<{type(run.result).__name__}>")
