"""Exercises of a released course: docstrings, hints and stored results, and no answer.

`nnutils release` writes two files for each lesson: a short module, and the pickled `without_answers` of its exercises.
`exercises_from` reads the second file.
"""

from __future__ import annotations

import ast
import pickle
import textwrap
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from nnutils.checks.errors import NotSolved
from nnutils.checks.exercise import AnswerKey, Exercise, Mistake, Option, Question
from nnutils.checks.expected import ExpectedResults
from nnutils.checks.help import answer_source
from nnutils.checks.run import Run

FIELDS = ("points", "minutes", "tolerance", "returns", "fresh", "part", "allows")


def without_answers(exercise: Exercise, hints: int = 3) -> dict[str, Any]:
    """What a release keeps of an exercise: all but its code, and the first `hints` hints. The cases are the notebook's own."""
    cases = exercise.draw()
    expected = ExpectedResults(exercise, cases)
    told = [] if exercise.judged else exercise.mistakes
    return {
        "head": head_of(exercise),
        "fields": {name: getattr(exercise, name) for name in FIELDS} | {"hints": exercise.hints[:hints]},
        "cases": cases,
        "expected": None if exercise.judged else expected.results,
        "mistakes": [
            (one.name, one.sentence, [_plain(run) for run in expected.runs_of(one)]) for one in told
        ],
    }


def question_without_answer(question: Question, told: bool) -> dict[str, Any]:
    """What a release keeps of a question: the options, and which is right only where that is `told`."""
    options = [
        (one.text, one.reason, one.right) if told else (one.text, "", False) for one in question.options
    ]
    return {"text": question.text, "points": question.points, "options": options}


def exercises_from(file: Path, module: str) -> dict[str, Exercise | Question]:
    """The exercises and questions in a file of a release, by name, as those of `module`."""
    kept = pickle.loads(file.read_bytes())  # a part of the course, as trusted as its code
    found: dict[str, Exercise | Question] = {
        name: _exercise(one, module) for name, one in kept["exercises"].items()
    }
    for name, one in kept["questions"].items():
        found[name] = Question(
            one["text"], tuple(Option(*option) for option in one["options"]), one["points"]
        )
    return found


def head_of(exercise: Exercise) -> str:
    """The signature and the docstring: what a student gets of the reference."""
    source = textwrap.dedent(answer_source(exercise))
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef)
    return "\n".join(source.splitlines()[: function.body[0].end_lineno])


def _exercise(one: dict[str, Any], module: str) -> Exercise:
    exercise = Exercise(_unsolved(one["head"], module), **one["fields"])
    exercise.answer_key = AnswerKey(
        one["cases"], one["expected"], {name: runs for name, _, runs in one["mistakes"]}
    )
    exercise.mistakes = [Mistake(_named(name), sentence) for name, sentence, _ in one["mistakes"]]
    return exercise


def _unsolved(head: str, module: str) -> types.FunctionType:
    """A function with the reference's signature and docstring that says that it is not solved yet."""
    world: dict[str, Any] = {"np": np, "NotSolved": NotSolved, "__name__": module}
    name = head.partition("def ")[2].partition("(")[0]
    sentence = f"{name} is not solved yet: go back to its cell, this one needs it"
    exec(compile(f"{head}\n    raise NotSolved({sentence!r})", f"<{name}>", "exec"), world)
    return world[name]


def _named(name: str) -> Callable[..., Any]:
    """A function that only lends its name."""

    def unknown(*_: Any) -> None:
        raise NotSolved(name)

    unknown.__name__ = name
    return unknown


def _plain(run: Run) -> Run:
    """A run whose result can be stored; one that is no data equals nothing."""
    try:
        pickle.dumps(run)
        return run
    except Exception:
        return Run(failure=None, result=f"<{type(run.result).__name__}>")
