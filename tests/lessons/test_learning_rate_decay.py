"""Lesson 14: its references agree with nnutils.schedules; its explorer runs what it says; its figures can be drawn."""

import numpy as np
import pytest

from nnutils import schedules
from nnutils.lessons.learning_rate_decay import exercises as lesson
from nnutils.lessons.learning_rate_decay import explorer, plots

NAMES = (
    "inverse_time_decay",
    "exponential_decay",
    "power_decay",
    "piecewise_constant",
    "reduce_on_plateau",
    "one_cycle",
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(5))
def test_reference_agrees_with_the_library(name, seed):
    exercise = getattr(lesson, name)
    for arguments in exercise.draw(seed):
        np.testing.assert_allclose(exercise(**arguments), getattr(schedules, name)(**arguments), rtol=1e-12)


def test_the_rate_of_an_epoch_does_not_depend_on_its_loss():
    losses = list(np.random.default_rng(0).uniform(size=20))
    rates = lesson.reduce_on_plateau(losses, 1.0, 0.5, 2)
    for epoch in range(20):
        assert lesson.reduce_on_plateau([*losses[:epoch], 0.0], 1.0, 0.5, 2)[-1] == rates[epoch]


@pytest.mark.parametrize("kind", sorted(explorer.DESIGNS.keys() - {"constant", "one-cycle"}))
def test_the_share_that_is_left_is_left(kind):
    rates = explorer.rates(kind, 0.2, 0.1)
    assert rates[0] == pytest.approx(0.2)
    assert rates[-1] == pytest.approx(0.02, rel=0.05)
    assert (np.diff(rates) <= 0).all()


def test_a_constant_rate_hovers_where_theory_says():
    lr, noise = 0.1, 2.0
    costs = explorer.descend(np.full((explorer.STEPS, 1), lr), noise)[-50:].mean()
    levels = (
        lr * noise**2 / (2 - lr * explorer.STEEP) / 2
    )  # of each direction: variance lr s^2 / (a (2 - lr a))
    assert costs == pytest.approx(levels.sum(), rel=0.1)


@pytest.fixture(scope="module")
def designer():
    return explorer.schedule_designer()


@pytest.mark.parametrize("kind", explorer.DESIGNS)
def test_the_explorer_follows_every_control_to_its_ends(designer, kind):
    designer.controls["kind"].value = kind
    for name in ("lr", "left", "noise"):
        control, told = designer.controls[name], set()
        before = control.value
        ends = (control.min, control.max) if name == "noise" else (10**control.min, 10**control.max)
        for value in ends:
            control.value = value
            assert "alert" not in designer.words.value
            told.add(designer.summary)
        control.value = before
        assert len(told) == 2 or (name == "left" and kind in ("constant", "one-cycle"))
    assert designer.summary.startswith(kind)


def test_the_explorer_says_who_diverges(designer):
    designer.controls["kind"].value, designer.controls["lr"].value = "one-cycle", 10**-0.55
    designer.controls["noise"].value = 2.0
    assert "with the constant rate out of bounds (diverged)" in designer.summary
    assert designer.summary.count("diverged") == 1


def test_figures(drawn):
    plots.plateau([3.0, 2.0, 2.5, 2.6, 1.0], [1.0, 1.0, 1.0, 1.0, 0.5])
    assert len(drawn()[0].lines) == 2  # the loss and one cut
    plots.hovering({"a": np.ones(50), "b": np.full(50, 0.1)})
    plots.schedules({"a": [1.0, 0.5], "b": [1.0, 0.2]})
    plots.rates_and_losses({"a": np.ones(20)}, {"a": np.ones((5, 4))})
    plots.epochs_to_target({"a": np.arange(1, 6), "b": np.arange(5)}, 0.1)
