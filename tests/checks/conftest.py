"""A toy exercise, and a record that touches no file."""

import numpy as np
import pytest

from nnutils.checks import catalogue, record
from nnutils.checks.exercise import exercise, question, right, wrong


@pytest.fixture(autouse=True)
def own_record(monkeypatch, tmp_path):
    monkeypatch.setenv("NNUTILS_RECORD", str(tmp_path / "progress.json"))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.setattr(record, "_unwritten", {})
    return tmp_path / "progress.json"


@pytest.fixture
def toy(monkeypatch):
    """An exercise called scaled, with two mistakes, known to check and its kin."""

    @exercise(
        points=2, minutes=5, hints=("a nudge", "more", "nearly all"), returns=("double", "total"), fresh=True
    )
    def scaled(x, k):
        """k times x, and the sum of that."""
        return x * k, float((x * k).sum())

    @scaled.cases
    def _(rng):
        yield rng.normal(size=(2, 3)), 3.0
        yield rng.normal(size=4), 0.0
        yield np.arange(3), 2.0

    @scaled.mistake("You divided by k.")
    def divided(x, k):
        return x / k, float((x / k).sum())

    @scaled.mistake("You multiplied twice.")
    def twice(x, k):
        return x * k * k, float((x * k * k).sum())

    @scaled.mistake("You wrote into x.")
    def in_place(x, k):
        result = scaled.reference(x, k)
        x[...] = 0
        return result

    monkeypatch.setattr(catalogue, "_all_exercises", lambda: {"scaled": scaled})
    return scaled


@pytest.fixture
def drawn():
    """An exercise whose answers are judged by their properties and must draw from rng."""

    @exercise(points=1, minutes=5, hints=("a", "b", "c"))
    def shuffled(n, rng):
        """The numbers from 0 to n - 1 in random order."""
        return rng.permutation(n)

    @shuffled.cases
    def _(rng):
        yield 50, rng.spawn(1)[0]
        yield 1, rng.spawn(1)[0]

    @shuffled.judge
    def _(a, result):
        return None if sorted(result) == list(range(a["n"])) else "it is no permutation"

    @shuffled.mistake("You left out n - 1.", symptom=lambda a, result: len(result) == a["n"] - 1)
    def too_short(n, rng):
        return rng.permutation(n)[:-1]

    return shuffled


@pytest.fixture
def asked(monkeypatch):
    """A question with three options, b being right."""
    which = question(
        "Which?",
        wrong("this", "not this"),
        right("that", "just that"),
        wrong("none", "there is one"),
        points=2,
    )
    which.name = "which"
    monkeypatch.setattr(catalogue, "_all_questions", lambda: {"which": which})
    return which
