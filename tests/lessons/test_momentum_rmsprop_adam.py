"""Lesson 12: its references agree with nnutils' optimisers; its explorer runs what it says."""

import numpy as np
import pytest

from nnutils.gradients import numerical_gradient
from nnutils.lessons.momentum_rmsprop_adam import exercises as lesson
from nnutils.lessons.momentum_rmsprop_adam import explorer
from nnutils.optimizers import SGD, Adam, Momentum, RMSProp


def follow(update, w, grads, state):
    for t, g in enumerate(grads, start=1):
        w, *state = update(w, g, t, *state)
    return w


@pytest.mark.parametrize(
    ("update", "averages", "optimizer"),
    [
        (lambda w, g, t: (lesson.sgd_update(w, g, 0.3),), 0, SGD(0.3)),
        (lambda w, g, t, v: lesson.momentum_update(w, g, v, 0.3, 0.8), 1, Momentum(0.3, 0.8)),
        (lambda w, g, t, s: lesson.rmsprop_update(w, g, s, 0.3, 0.8, 0.1), 1, RMSProp(0.3, 0.8, 0.1)),
        (
            lambda w, g, t, m, v: lesson.adam_update(w, g, m, v, t, 0.3, 0.7, 0.8, 0.1),
            2,
            Adam(0.3, 0.7, 0.8, 0.1),
        ),
    ],
    ids=["sgd", "momentum", "rmsprop", "adam"],
)
def test_reference_agrees_with_the_optimiser(update, averages, optimizer):
    w, grads = np.ones((2, 3)), np.random.default_rng(0).normal(size=(7, 2, 3))
    theirs = w.copy()
    for g in grads:
        optimizer.update(theirs, g)
    assert np.allclose(follow(update, w, grads, [np.zeros((2, 3))] * averages), theirs, rtol=1e-12, atol=0)


def test_adam_names_the_mistakes_of_public_code():
    names = {mistake.name for mistake in lesson.adam_update.mistakes}
    public = {
        "eps_inside_root",
        "eps_added_to_parameter",
        "t_never_advanced",
        "t_one_too_many",
        "uncorrected",
        "only_m_corrected",
        "corrections_exchanged",
        "v_from_new_m",
        "no_root",
        "shares_forgotten",
        "step_with_plus",
        "betas_exchanged",
        "corrected_state_returned",
    }
    assert public <= names


@pytest.mark.parametrize("name", explorer.LANDSCAPES)
def test_landscape_gradient(name):
    land, w = explorer.LANDSCAPES[name], np.array([0.7, -1.3])
    assert np.allclose(land.gradient(w), numerical_gradient(land.cost, w, 1e-5), atol=1e-8)


def test_runs_stand_along_one_axis_and_have_noise_of_their_own():
    path = explorer.run(explorer.LANDSCAPES["noisy bowl"], Adam(0.1), (-3.0, 1.0), steps=5, runs=4)
    assert path.shape == (6, 4, 2)
    assert (path[0] == [-3.0, 1.0]).all()
    assert len(np.unique(path[-1, :, 0])) == 4


def test_a_path_is_the_optimisers():
    path = explorer.run(explorer.LANDSCAPES["long valley"], SGD(0.01), (2.0, 1.0), steps=1)
    assert np.allclose(path[1, 0], [2.0 - 0.01 * 2.0, 1.0 - 0.01 * 50])


def test_explorer_tells_who_diverged_and_who_stalled():
    race = explorer.optimizer_race()
    before = race.picture.value
    race.controls["lr"].value = 0.1
    assert "gradient descent diverged" in race.summary
    assert race.picture.value != before
    race.controls["landscape"].value = "saddle"
    race.controls["w1"].value = 0.0
    assert "gradient descent 0.25" in race.summary
