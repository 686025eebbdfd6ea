"""A version changes when the exercise does, and only then."""

import importlib.util
import sys

import pytest

from coursekit.grading.versions import of_exercise, of_question
from nnutils.checks.exercise import question, right, wrong

SOURCE = '''
import numpy as np
from nnutils.checks.exercise import exercise
SCALE = np.array([1.0, 2.0])

def helper(x):
    return x * SCALE

@exercise(points=2, minutes=1, hints=("a", "b", "c"))
def f(x):
    """Doc."""
    return helper(x)  # comment

@f.cases
def _(rng):
    yield (rng.normal(size=2),)

@f.mistake("Wrong.")
def zero(x):
    return 0 * x

@f.variant
def g(x):
    return x * [1, 2]

@exercise(points=1, minutes=1, hints=("a", "b", "c"))
def h(x):
    return f(x) + 1

@h.cases
def _(rng):
    yield (rng.normal(size=2),)
'''


@pytest.fixture
def versions(tmp_path):
    def read(old="", new=""):
        assert old in SOURCE
        name, file = f"nnutils.lessons.versions_{len(list(tmp_path.iterdir()))}", None
        file = tmp_path / f"{name}.py"
        file.write_text("\n" * 3 * bool(old) + SOURCE.replace(old, new))
        spec = importlib.util.spec_from_file_location(name, file)
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        del sys.modules[name]
        return of_exercise(module.f), of_exercise(module.h)

    return read


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("points=2", "points=3", (True, False)),
        ("return x * SCALE", "return SCALE * x", (True, True)),
        ("[1.0, 2.0]", "[1.0, 3.0]", (True, True)),
        ("size=2),)\n\n@f", "size=3),)\n\n@f", (True, False)),
        ("Wrong.", "Very wrong.", (True, False)),
        ("return 0 * x", "return 0.0 * x", (True, False)),
        ("f(x) + 1", "1 + f(x)", (False, True)),
        ("  # comment", "", (False, False)),
        ("Doc.", "Other doc.", (False, False)),
        ("x * [1, 2]", "[1, 2] * x", (False, False)),
        ('("a", "b", "c"))\ndef f', '("d", "b", "c"))\ndef f', (False, False)),
    ],
)
def test_what_counts(versions, old, new, changed):
    before, after = versions(), versions(old, new)
    assert tuple(old != new for old, new in zip(before, after, strict=True)) == changed


def test_questions():
    def version(text="Which?", reason="yes", points=1):
        return of_question(question(text, right("a", reason), wrong("b", "no"), points=points))

    assert version() == version()
    assert len({version(), version("What?"), version(reason="sure"), version(points=2)}) == 4
