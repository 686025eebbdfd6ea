"""Lesson 13: its references agree with nnutils' optimisers; its explorer runs what it says; its figures can be drawn."""

import numpy as np
import pytest

from nnutils.gradients import numerical_gradient
from nnutils.lessons.more_optimizers import exercises as lesson
from nnutils.lessons.more_optimizers import explorer, plots
from nnutils.lessons.more_optimizers.given import BowlGradient
from nnutils.optimizers import AdaGrad, AdaMax, Momentum, Nadam, Nesterov


@pytest.mark.parametrize(
    ("update", "averages", "optimizer"),
    [
        (lambda w, g, t, s: lesson.adagrad_update(w, g, s, 0.3, 0.1), 1, AdaGrad(0.3, 0.1)),
        (
            lambda w, g, t, m, u: lesson.adamax_update(w, g, m, u, t, 0.3, 0.7, 0.8, 0.1),
            2,
            AdaMax(0.3, 0.7, 0.8, 0.1),
        ),
        (
            lambda w, g, t, m, v: lesson.nadam_update(w, g, m, v, t, 0.3, 0.7, 0.8, 0.1),
            2,
            Nadam(0.3, 0.7, 0.8, 0.1),
        ),
    ],
    ids=["adagrad", "adamax", "nadam"],
)
def test_reference_agrees_with_the_optimiser(update, averages, optimizer):
    w, grads = np.ones((2, 3)), np.random.default_rng(0).normal(size=(7, 2, 3))
    theirs, state = w.copy(), [np.zeros((2, 3))] * averages
    for t, g in enumerate(grads, start=1):
        optimizer.update(theirs, g)
        w, *state = update(w, g, t, *state)
    np.testing.assert_allclose(w, theirs, rtol=1e-12)


def test_nesterov_is_the_optimiser_that_stands_at_the_point_ahead():
    w, v, slope = np.array([2.0, -1.0]), np.zeros(2), BowlGradient(np.array([0.3, 1.0]), np.ones(2))
    ahead, optimizer = w.copy(), Nesterov(0.1, 0.8)
    for _ in range(7):
        optimizer.update(ahead, slope(ahead))
        w, v = lesson.nesterov_update(w, slope, v, 0.1, 0.8)
        np.testing.assert_allclose(w + 0.8 * v, ahead, rtol=1e-12)


def test_the_given_gradient_is_one():
    slope, w = BowlGradient(np.array([0.3, 1.0]), np.array([1.0, 2.0])), np.array([0.5, -1.0])

    def cost(p):
        away = p - slope.centre
        return float((slope.c / 4 * away**4 + away**2 / 2).sum())

    np.testing.assert_allclose(slope(w), numerical_gradient(cost, w, 1e-5), atol=1e-8)


@pytest.mark.parametrize("ground", explorer.GROUNDS)
def test_the_grounds_gradients(ground):
    land, w = explorer.GROUNDS[ground][0], np.array([0.7, -1.3])
    np.testing.assert_allclose(land.gradient(w), numerical_gradient(land.cost, w, 1e-5), atol=1e-7)


def test_runs_of_all_rates_are_those_of_each_rate():
    paths, costs = explorer.run("noisy bowl", "Nadam", [0.1, 0.3])
    path, cost = explorer.run("noisy bowl", "Nadam", 0.3)
    np.testing.assert_allclose(paths[:, 1], path[:, 0])
    np.testing.assert_allclose(costs[:, 1], cost[:, 0])


def test_nesterov_s_path_is_that_of_w_and_not_of_the_point_ahead():
    path, _ = explorer.run("long valley", "Nesterov", 0.1, beta=0.8)
    land, start = explorer.GROUNDS["long valley"]
    w, v = np.array(start), np.zeros(2)
    for point in path[1:6, 0]:
        w, v = lesson.nesterov_update(w, land.gradient, v, 0.1 * (1 - 0.8), 0.8)
        np.testing.assert_allclose(point, w)


def test_without_memory_momentum_is_gradient_descent():
    slow, _ = explorer.run("long valley", "momentum", 0.01, beta=0.0)
    plain, _ = explorer.run("long valley", "gradient descent", 0.01)
    np.testing.assert_allclose(slow, plain)
    w, optimizer = np.array([[-3.5, 1.0]]), Momentum(0.01, 0.0)
    optimizer.update(w, w * [1.0, 50.0])
    np.testing.assert_allclose(plain[1], w)


@pytest.fixture(scope="module")
def race():
    return explorer.great_race()


@pytest.mark.parametrize("ground", explorer.GROUNDS)
def test_the_explorer_follows_every_control_to_its_ends(race, ground):
    race.controls["landscape"].value = ground
    told = set()
    for name, values in {"step": (0, 100), "factor": (0.1, 10.0, 1.0), "beta": (0.0, 0.99, 0.9)}.items():
        for value in values:
            race.controls[name].value = value
            assert "alert" not in race.words.value
            told.add(race.summary)
    assert len(told) >= 6
    assert f"On the {ground} after 100 steps" in race.summary


def test_the_explorer_says_who_leads_and_who_diverged(race):
    race.controls["landscape"].value, race.controls["step"].value = "turned valley", 100
    order = [race.summary.index(name) for name in ("Nesterov", "momentum", "gradient descent", "AdaGrad")]
    assert order == sorted(order)
    race.controls["factor"].value = 10.0
    assert "gradient descent diverged" in race.summary
    race.controls["factor"].value = 1.0


def test_the_player_moves_the_step(race):
    play = next(child for child in race.children if hasattr(child, "interval"))
    assert (play.min, play.max) == (race.controls["step"].min, race.controls["step"].max)


def test_figures(drawn):
    eight = {name: float(i + 1) for i, name in enumerate(explorer.EIGHT)} | {"AdaGrad": np.inf}
    plots.finishing_order({"here": eight, "there": eight}, most=300)
    texts = [text.get_text().strip() for text in drawn()[0].texts]
    assert texts[3] == "not in 300"
    assert texts[0] == "1"
    plots.epochs_of_seeds({name: np.arange(5) for name in eight}, 0.1)
    plots.after_a_shock(np.ones(9), {"a": np.ones(9), "b": np.zeros(9)}, slice(0, 9))
