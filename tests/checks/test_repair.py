"""A repair: faulty code that runs; what is left over is named, one fault or several; unchanged is not attempted."""

import numpy as np
import pytest

from nnutils.checks.check import examine
from nnutils.checks.exercise import exercise
from nnutils.checks.faults import BadFault, same_code


@exercise(kind="repair", points=2, minutes=5, hints=("a", "b", "c"))
def scaled(X, mean, std, low=-3.0):
    """Each column of X, standardized by mean and std, cut at low from below."""
    z = (X - mean) / std
    z = np.maximum(z, low)
    return z.sum(axis=1)


@scaled.cases
def _(rng):
    for m in (4, 5, 7):
        yield 3 * rng.normal(size=(m, 3)) + 1, rng.normal(size=3), rng.uniform(0.5, 2, size=3)
    yield np.full((2, 3), -9.0), np.zeros(3), np.ones(3), -2.0


scaled.fault(
    "own_mean", "The rows are moved by their own mean.", right="X - mean", wrong="X - X.mean(axis=0)"
)
scaled.fault("variance", "It divides by the variance.", right="/ std", wrong="/ std**2")
scaled.fault("no_cut", "Nothing is cut.", right="    z = np.maximum(z, low)\n", wrong="")

FAULTY = """def scaled(X, mean, std, low=-3.0):
    # my own comment
    z = (X - X.mean(axis=0)) / std**2
    return z.sum(axis=1)
"""


def answer(*repairs, source=None):
    source = source or scaled.faulty
    for old, new in repairs:
        assert old in source
        source = source.replace(old, new)
    world = {"np": np, "__name__": "__main__"}
    exec(compile(source, "<cell>", "exec"), world)
    return world["scaled"]


MEAN, STD = ("X.mean(axis=0)", "mean"), ("std**2", "std")
CUT = ("    return z.sum", "    return np.maximum(z, low).sum")


def test_the_student_gets_code_with_every_fault():
    assert (
        "X - X.mean(axis=0)" in scaled.faulty
        and "std**2" in scaled.faulty
        and "np.maximum" not in scaled.faulty
    )
    assert scaled.faulty.startswith("def scaled(X, mean, std, low=-3.0):\n")
    assert '"""Each column' in scaled.faulty


def test_unchanged_is_not_attempted():
    assert examine(scaled, answer()).status == "not attempted"
    comment = ("    z = (X", "    # look\n    z = (X")
    assert examine(scaled, answer(comment)).status == "not attempted"


def test_repaired_passes():
    assert examine(scaled, answer(MEAN, STD, CUT)).status == "passed"


@pytest.mark.parametrize(
    "repairs, sentence",
    [
        ((STD, CUT), "The rows are moved by their own mean."),
        ((MEAN, CUT), "It divides by the variance."),
        ((MEAN, STD), "Nothing is cut."),
        ((MEAN,), "2 faults are left. It divides by the variance. Nothing is cut."),
        ((CUT,), "2 faults are left. The rows are moved by their own mean. It divides by the variance."),
    ],
)
def test_what_is_left_is_named(repairs, sentence):
    assert examine(scaled, answer(*repairs)).headline == sentence


def test_every_fault_left_in_code_of_ones_own_is_named():
    same = ("z = (X - X.mean(axis=0)) / std**2", "z = X / std**2 - X.mean(axis=0) / std**2")
    verdict = examine(scaled, answer(same))
    assert verdict.headline.startswith("3 faults are left.")


def test_every_combination_is_a_mistake_and_the_smallest_come_first():
    sizes = [len(mistake.faults) for mistake in scaled.mistakes]
    assert sizes == [1, 1, 1, 2, 2, 2, 3]
    names = {mistake.name for mistake in scaled.mistakes}
    assert {"own_mean", "variance_and_no_cut", "own_mean_and_variance_and_no_cut"} <= names
    for mistake in scaled.mistakes[:-1]:
        assert examine(scaled, mistake.function).mistake == mistake.name
    assert scaled.unchanged(scaled.mistakes[-1].function)


def test_a_hidden_fault_is_not_told():
    @exercise(kind="repair", points=1, minutes=1, hints=("a", "b", "c"))
    def clipped(x):
        """x between 0 and 1."""
        y = np.maximum(x, 0)
        return np.minimum(y, 1)

    @clipped.cases
    def _(rng):
        yield (np.array([-1.0, 0.5, 2.0]),)

    clipped.fault("zeros", "All is 0.", right="return np.minimum(y, 1)", wrong="return 0 * x")
    clipped.fault("negative", "Negative numbers stay.", right="np.maximum(x, 0)", wrong="x")
    both = clipped.mistakes[-1]

    def rewritten(x):
        return np.zeros(len(x))

    told = examine(clipped, rewritten)
    assert (told.mistake, told.headline) == ("zeros", "All is 0.")
    assert both.is_told_as(clipped.mistakes[0]) and not clipped.mistakes[0].is_told_as(both)


@pytest.mark.parametrize(
    "right, sentence",
    [
        ("z = ", "stands 2 times"),
        ("w = ", "stands 0 times"),
        ("X - mean", "in the same place"),
        ("X,", "0 times"),
    ],
)
def test_a_fault_that_cannot_be_planted_is_told(right, sentence):
    @exercise(kind="repair", points=1, minutes=1, hints=("a", "b", "c"))
    def scaled(X, mean, std):
        """X, scaled."""
        z = (X - mean) / std
        z = z + 1
        return z

    scaled.fault("one", "One.", right="(X - mean)", wrong="X")
    with pytest.raises(BadFault, match=sentence):
        scaled.fault("other", "Other.", right=right, wrong="0")


def test_code_is_compared_without_docstrings_and_places():
    def compiled(source):
        world = {}
        exec(source, world)
        return world["f"].__code__

    one = compiled("def f(x):\n    'a'\n    return [i + 1 for i in x]")
    assert same_code(one, compiled("\n\ndef f(x):\n    'b'\n    return [i + 1 for i in x]  # the same"))
    for other in ("[i + 2 for i in x]", "[i + 1.0 for i in x]", "[j + 1 for j in y]", "list(x)"):
        assert not same_code(one, compiled(f"def f(x):\n    'a'\n    return {other}"))
