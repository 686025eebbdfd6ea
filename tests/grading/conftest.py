"""Small notebooks as submissions, a grader with short limits, and a toy lesson."""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from coursekit.authoring import proven
from coursekit.grading import grade
from coursekit.grading.grade_notebook import Grader
from coursekit.grading.models import unavailable
from coursekit.grading.options import add_arguments
from coursekit.grading.result import Item
from coursekit.sandbox import kernel
from coursekit.sandbox.runner import Runner
from nnutils.checks import catalogue

TOY = '''
"""Exercises that stand on each other, and one that draws."""
import numpy as np
from nnutils.checks.exercise import exercise
from nnutils.checks.built_input import EarlierAnswer

NUMBER, MINUTES = 97, 1

@exercise(points=2, minutes=1, hints=("a", "b", "c"))
def toy_double(x):
    """Twice x."""
    return 2 * x

@toy_double.cases
def _(rng):
    yield (rng.normal(size=3),)
    yield (rng.normal(size=2),)

@exercise(points=3, minutes=1, hints=("a", "b", "c"))
def toy_quadruple(x):
    """Four times x."""
    return toy_double(toy_double(x))

@toy_quadruple.cases
def _(rng):
    yield (rng.normal(size=3),)
    yield (np.zeros(2),)
    yield (rng.normal(size=4),)

@exercise(points=1, minutes=1, hints=("a", "b", "c"))
def toy_shuffle(x, rng):
    """x in a random order."""
    return rng.permutation(x)

@toy_shuffle.cases
def _(rng):
    yield np.arange(40), np.random.default_rng(int(rng.integers(1000)))

@toy_shuffle.judge
def _(a, result):
    if sorted(result) != sorted(a["x"]):
        return "an element is lost"
    return "it is not shuffled" if list(result) == list(a["x"]) else None

@exercise(points=1, minutes=1, hints=("a", "b", "c"), part=0)
def toy_forward(x):
    """(3 x, a cache)."""
    return 3 * x, (x,)

@toy_forward.cases
def _(rng):
    yield (rng.normal(size=3),)

@exercise(points=2, minutes=1, hints=("a", "b", "c"))
def toy_backward(d, cache):
    """d times the x in the cache."""
    return d * cache[0]

@toy_backward.cases
def _(rng):
    x, d = rng.normal(size=3), rng.normal(size=3)
    yield d, EarlierAnswer("toy_forward", (x,), 1, (x,))

@exercise(points=1, minutes=1, hints=("a", "b", "c"), allows=("keras",))
def toy_model(n):
    """A model."""

@toy_model.cases
def _(rng):
    yield (3,)
'''


@pytest.fixture(autouse=True)
def _without_walls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system has no walls (macOS, Windows), `course.py grade` wants to be told that it may go without."""

    def add_arguments_without_walls(parser: argparse.ArgumentParser) -> None:
        add_arguments(parser)
        parser.set_defaults(sandbox="off")

    if not kernel.KNOWN:
        monkeypatch.setattr(grade, "add_arguments", add_arguments_without_walls)


@pytest.fixture
def toy(tmp_path: Path) -> Iterator[ModuleType]:
    """A lesson `toy_lesson` in the catalogue."""
    name, file = "nnutils.lessons.toy_lesson.exercises", tmp_path / "toy_lesson.py"
    file.write_text(TOY, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, file)
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    catalogue.lessons()["toy_lesson"] = sys.modules["nnutils.lessons.toy_lesson.questions"] = module
    catalogue._all_exercises.cache_clear()
    yield module
    del catalogue.lessons()["toy_lesson"], sys.modules[name]
    del sys.modules["nnutils.lessons.toy_lesson.questions"]
    catalogue._all_exercises.cache_clear()


@pytest.fixture
def sample(request: pytest.FixtureRequest) -> Callable[..., list]:
    """What a test tries of a lesson: all of a list, which proves it, or each tenth where that was proved.

    what: which part of the lesson, where the test has several.
    """

    def choose(topic: str, items: list, what: str = "") -> list:
        proof = proven.grading_proof(topic, f"{request.function.__name__} {what}".strip(), request.path)
        if proven.holds(proof):
            return items[::10]
        if unavailable():  # a lesson's exercises with Keras models are left out, so nothing is proved
            return items
        noted = [("proof", (*proved, 1)) for proved in proof.items()]
        request.node.user_properties += [note for note in noted if note not in request.node.user_properties]
        return items

    return choose


@pytest.fixture
def mark(runner: Runner) -> Callable[..., dict[str, Item]]:
    """Grade code cells as a notebook of a lesson: name → item."""

    def grade(
        *cells: str, topic: str = "start_here", secret: str | None = None, student: str = "ann"
    ) -> dict[str, Item]:
        items, _ = Grader(runner, secret).grade([textwrap.dedent(cell) for cell in cells], topic, student)
        return {item.name: item for item in items}

    return grade


@pytest.fixture
def submit(tmp_path: Path) -> Callable[..., Path]:
    """Write a notebook of the given code cells below tmp_path/submissions."""

    def write(place: str, *cells: str) -> Path:
        file = tmp_path / "submissions" / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(notebook(*cells), encoding="utf-8")
        return file

    return write


def notebook(*cells: str) -> str:
    """The JSON of a notebook; every second source as a list of lines, as both are in use."""
    sources = [textwrap.dedent(cell) for cell in cells]
    both = [source if i % 2 else source.splitlines(keepends=True) for i, source in enumerate(sources)]
    code = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source}
        for source in both
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": code})
