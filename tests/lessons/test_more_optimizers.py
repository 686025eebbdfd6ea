"""Lesson 13: its references agree with nnutils' optimisers; its explorer runs what it says; its figures can be drawn."""

import numpy as np
import pytest

from nnutils.data import digits
from nnutils.gradients import numerical_gradient
from nnutils.lessons.more_optimizers import exercises as lesson
from nnutils.lessons.more_optimizers import explorer, given, plots
from nnutils.lessons.more_optimizers.given import BowlGradient
from nnutils.network import Network, dense_network
from nnutils.optimizers import AdaGrad, Adam, AdaMax, Lion, Momentum, Muon, Nadam, Nesterov, orthogonalize


@pytest.mark.parametrize(
    ("update", "averages", "optimizer"),
    [
        (lambda w, g, t, s: lesson.adagrad_update(w, g, s, 0.3, 0.1), 1, AdaGrad(0.3, 0.1)),
        (
            lambda w, g, t, m, v: lesson.adamw_update(w, g, m, v, t, 0.3, 0.7, 0.8, 0.1, 0.2),
            2,
            Adam(0.3, 0.7, 0.8, 0.1, weight_decay=0.2),
        ),
        (lambda w, g, t, m: lesson.lion_update(w, g, m, 0.3, 0.7, 0.8, 0.2), 1, Lion(0.3, 0.7, 0.8, 0.2)),
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
    ids=["adagrad", "adamw", "lion", "adamax", "nadam"],
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
    assert f"Costs on the {ground} after 100 steps" in race.summary


def test_the_explorer_shows_the_two_that_are_chosen(race):
    race.controls["landscape"].value, race.controls["step"].value = "turned valley", 100
    race.controls["first"].value, race.controls["second"].value = "AdaGrad", "Lion"
    assert race.summary.index("AdaGrad") < race.summary.index("Lion") and "Adam " not in race.summary
    assert [text.get_text() for text in race.legend.get_texts()] == ["AdaGrad", "Lion"]
    race.controls["factor"].value, race.controls["first"].value = 10.0, "gradient descent"
    assert "gradient descent diverged" in race.summary
    race.controls["factor"].value = 1.0


def test_the_player_moves_the_step(race):
    play = next(child for child in race.children if hasattr(child, "interval"))
    assert (play.min, play.max) == (race.controls["step"].min, race.controls["step"].max)


def test_figures(drawn):
    many = {f"runner {i}": np.arange(1.0, 5) + i for i in range(10)}
    plots.race(many, dict.fromkeys(many, 0.1), ["runner 3", "runner 1"])
    assert "runner 3, rate 0.1 (your 1.)" in [text.get_text() for text in drawn()[0].get_yticklabels()]
    two = {"a": np.arange(1.0, 4), "b": np.ones(3)}
    plots.rare_and_late({"rare": two, "alike": two}, (10, 20, 40), two)
    plots.saddles({"here": {"a": 3.0, "b": 4.0}, "there": {"a": 1.0, "b": 2.0}})
    plots.what_decays([0.1, 1, 10], two)
    plots.maps([0.1, 1.0], {"a": [0, 1, 2], "b": [0, 3, 4]}, {"a": np.full((2, 3), 0.2), "b": np.eye(2, 3)})
    three = dict.fromkeys(("straight", "inputs", "all"), np.ones(3))
    plots.turned({"a": three, "b": three})
    plots.singular_values({"a": {0: np.ones(3), 5: np.arange(3)}, "b": {0: np.ones(3), 5: np.arange(3)}})


def test_a_network_of_the_race_learns_alone_as_it_learns_among_others():
    X, y = digits()

    def make(matrices, lr):
        return Muon(matrices, lr, beta=0.9)

    among = given.steps_to_fit(make, [0.1, 0.1, 0.03], [3, 4, 5], X, y)
    assert among[1] == given.steps_to_fit(make, [0.1], [4], X, y)[0]
    assert (among < given.PATIENCE).all() and among[0] % given.EVERY == 0
    assert np.isinf(given.steps_to_fit(make, [1e-6], [4], X, y)).all()


def test_the_gradients_of_the_race_are_those_of_the_network():
    networks = [dense_network([4, 5, 3], "tanh", rng=rng) for rng in (0, 1)]
    rng, stack = np.random.default_rng(2), Network.stack(networks)
    X, y = rng.normal(size=(2, 6, 4)), rng.integers(0, 3, size=(2, 6))
    given.write_gradients(stack, X, y)
    for run, network in enumerate(networks):
        network.loss_and_grad(X[run], y[run])
        np.testing.assert_allclose(stack.grad[run], network.grad, rtol=1e-6)


def test_the_two_ways_of_decay_are_one_where_nothing_decays():
    X, y = digits()
    tables = [given.decay_map(way, (0.003,), (0, 1), 7, X, y) for way in ("L2 in Adam", "AdamW")]
    assert tables[0][0, 0] == tables[1][0, 0] and tables[0][0, 1] != tables[1][0, 1]


def test_orthogonalize_and_muon_are_the_library_s():
    M = np.random.default_rng(0).normal(size=(4, 3))
    np.testing.assert_allclose(lesson.orthogonalize(M), orthogonalize(M), atol=1e-12)
    w, G = np.arange(12.0), np.random.default_rng(1).normal(size=(5, 4, 3))
    W, state, optimizer = (
        w.reshape(4, 3).copy(),
        np.zeros((4, 3)),
        Muon([(0, (4, 3))], 0.1, 0.8, ns_steps=None),
    )
    for gradient in G:
        W, state = lesson.muon_update(W, gradient, state, 0.1, 0.8)
        optimizer.update(w, gradient.ravel())
    np.testing.assert_allclose(W.ravel(), w, rtol=1e-12)
