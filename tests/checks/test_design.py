"""A design: what it reaches is measured by a trial; the notebook tells it, grading gives the points."""

import types

import pytest

from nnutils.checks import catalogue, check, trial
from nnutils.checks.check import examine
from nnutils.checks.exercise import exercise
from nnutils.checks.hidden_tests import assert_passed

THRESHOLDS = (0.5, 0.7, 0.9)


def try_width(design, seed, noise):
    if not isinstance(design, dict) or not isinstance(design.get("width"), int):
        raise ValueError("width must be a whole number")
    if design["width"] > 100:
        raise ValueError("the budget is 100 units")
    return design["width"] / 100 - noise + (seed % 7) / 1000


try_width.__module__ = "nnutils.lessons.toy.given"


def declared():
    @exercise(kind="design", points=3, minutes=5, hints=("a", "b", "c"), thresholds=THRESHOLDS)
    def width(noise):
        """A width for this noise, as {"width": ...}. Returns a dict."""
        return {"width": 100}

    @width.cases
    def _(rng):
        for noise in (0.0, 0.02):
            yield (noise,)

    @width.baseline("one unit")
    def one_unit(noise):
        return {"width": 1}

    width.trial(try_width, runs=2)
    return width


@pytest.fixture
def width(monkeypatch):
    made = declared()
    monkeypatch.setattr(catalogue, "_all_exercises", lambda: {"width": made})
    return made


def of(size):
    def width(noise):
        return {"width": size}

    return width


def test_the_notebook_says_what_is_reached_and_gives_no_points(width, capsys):
    assert check(of(80)) is not width
    said = capsys.readouterr().out
    assert said.startswith("● width: it reaches 0.79")
    assert "Grading tries it on other data and gives the points." in said


@pytest.mark.parametrize(
    "size, sentence", [(101, "The budget is 100 units."), ("wide", "Width must be a whole number.")]
)
def test_a_design_of_another_form_or_over_the_budget_is_told(width, size, sentence):
    verdict = examine(width, of(size))
    assert (verdict.status, verdict.headline) == ("failed", sentence)


def test_a_stub_is_not_attempted(width):
    def width_(noise):
        raise NotImplementedError

    assert examine(width, types.FunctionType(width_.__code__, {}, "width")).status == "not attempted"


def test_every_case_is_tried_with_seeds_of_its_own(width):
    calls = trial.inputs(width, width.draw(), [{"width": 1}, {"width": 2}], 5)
    assert [(call["design"]["width"], call["noise"]) for call in calls] == [
        (1, 0.0),
        (1, 0.0),
        (2, 0.02),
        (2, 0.02),
    ]
    assert len({call["seed"] for call in calls}) == 4
    assert calls == trial.inputs(width, width.draw(), [{"width": 1}, {"width": 2}], 5)
    assert list(calls[0]) == ["design", "seed", "noise"]


def test_seeds_of_grading_are_not_those_of_the_notebook(width):
    assert trial.hidden_seed(width) != width.seed


@pytest.mark.parametrize("size, points", [(100, 3.0), (80, 2.0), (60, 1.0), (10, 0.0)])
def test_with_nbgrader_a_design_earns_a_part(width, size, points, capsys):
    assert assert_passed("width", of(size)) == points
    assert f"{points:.0f} of the thresholds 0.5, 0.7, 0.9" in capsys.readouterr().out


def test_a_trial_stands_in_given(width):
    def elsewhere(design, seed):
        return 0.0

    with pytest.raises(ValueError, match=r"must stand in given\.py"):
        width.trial(elsewhere)


def test_a_kind_is_one_of_four():
    with pytest.raises(ValueError, match="write, derive, repair, design"):
        exercise(kind="guess", points=1, minutes=1, hints=())(try_width)
