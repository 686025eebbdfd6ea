"""Lesson 12: its references agree with nnutils' optimisers; what it hands out and its explorer do what they say."""

import inspect
import textwrap

import numpy as np
import pytest

from nnutils.checks import faults
from nnutils.checks.check import examine
from nnutils.data import digits
from nnutils.gradients import numerical_gradient
from nnutils.lessons.momentum_rmsprop_adam import exercises as lesson
from nnutils.lessons.momentum_rmsprop_adam import explorer, given, plots
from nnutils.network import dense_network
from nnutils.optimizers import SGD, Adam, Momentum, RMSProp
from nnutils.training import fit


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


@pytest.mark.parametrize("edges", [True, False])
@pytest.mark.parametrize(
    "name", ["eps_inside_root", "uncorrected", "t_one_too_many", "corrected_state_returned"]
)
def test_a_mistake_is_named_with_and_without_the_edges(name, edges):
    mistake = next(mistake for mistake in lesson.adam_update.mistakes if mistake.name == name)

    def answer(w, g, m, v, t, lr, beta1, beta2, eps):
        if edges and t < 1:
            raise ValueError("t counts from 1")
        with np.errstate(all="ignore"):
            new, *state = mistake.function(w, g, m, v, t, lr, beta1, beta2, eps)
        rests = (g == 0) & (v == 0) & edges
        return np.where(rests, w, new), *state

    assert examine(lesson.adam_update, answer).mistake == name


def test_derived_steps_are_adam_s_without_momentum():
    grads = np.random.default_rng(1).normal(size=(8, 3))
    steps = lesson.adam_from_property(grads, 0.2, 0.9)
    w, optimizer = np.zeros(3), Adam(0.2, beta1=0.0, beta2=0.9, eps=0.0)
    for t, g in enumerate(grads):
        before = w.copy()
        optimizer.update(w, g)
        np.testing.assert_allclose(steps[t], w - before, rtol=1e-12)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.95])
def test_the_property_holds(beta):
    grads = np.random.default_rng(2).normal(size=(6, 4))
    units = -0.3 * grads / lesson.adam_from_property(grads, 0.3, beta)
    for t in range(6):
        weights = float(beta) ** np.arange(t, -1, -1)
        mean = np.average((grads[: t + 1] / units[t]) ** 2, axis=0, weights=weights)
        np.testing.assert_allclose(mean, 1)


def test_the_repaired_adam_is_the_library_s():
    for case in lesson.adam_on_arrays.draw(3):
        for mine, theirs in zip(lesson.adam_on_arrays(**case), given.library_adam(**case), strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-12)


def test_the_faulty_adam_that_is_drawn_is_the_one_that_students_get():
    handed_out = lesson.adam_on_arrays.faulty
    drawn = textwrap.dedent(inspect.getsource(given.faulty_adam))
    body = [text.split('"""')[2] for text in (handed_out, drawn)]
    assert body[0].strip() == body[1].strip()


def each_fault_alone():
    source = faults.plain_source(lesson.adam_on_arrays.reference)
    for fault in lesson.adam_on_arrays.faults:
        faulty = faults.source_with(source, [fault])
        name = lesson.adam_on_arrays.name
        yield (
            fault.name,
            faults.function_of(faulty, name, lesson.adam_on_arrays.reference.__globals__, fault.name),
        )


def test_each_panel_shows_one_fault():
    right, shown = given.symptoms(lesson.adam_on_arrays), {}
    for name, faulty in each_fault_alone():
        of = given.symptoms(faulty)
        far = {ground: np.abs(of[ground] - right[ground]).max() for ground in right}
        limits = {"first steps": 0.02, "bowl": 1.0, "small unit": 1.0}
        shown[name] = [ground for ground in far if far[ground] > limits[ground]]
    assert shown == {
        "t_counts_arrays": ["first steps"],
        "memories_exchanged": ["bowl", "small unit"],
        "unit_of_the_cost": ["small unit"],
    }


def test_networks_that_train_together_train_as_alone():
    X, y = digits()
    data = (X[:200], y[:200]), (X[200:300], y[200:300])
    losses, errors = given.train_many(SGD, [{"lr": 0.1}, {"lr": 0.3}], [3, 4], *data, epochs=2)
    assert losses.shape == (2, 2, 2) and errors.shape == (2, 2)
    network = dense_network(given.SIZES, activation="tanh", init="glorot", rng=4)
    order = np.random.default_rng([4, 1])
    history = fit(network, *data[0], SGD(0.3), epochs=2, batch_size=64, rng=order)
    np.testing.assert_allclose(losses[1, 1], history.loss, rtol=1e-6)
    np.testing.assert_allclose(errors[1, 1], 100 * (1 - network.accuracy(*data[1])))


def test_each_network_has_an_order_of_its_own():
    X, y = digits()
    data = (X[:128], y[:128]), (X[:64], y[:64])
    losses, _ = given.train_many(SGD, [{"lr": 0.1}, {"lr": 0.1}], [5, 6], *data, epochs=1)
    np.testing.assert_allclose(losses[0], losses[1])
    assert losses[0, 0] != losses[0, 1]


def test_epochs_are_counted_from_one_and_the_last_stands_for_never():
    assert given.epochs_to([[0.5, 0.05, 0.2], [0.3, 0.3, 0.3]], 0.1).tolist() == [2, 3]
    assert [given.inside(place, 3) for place in range(3)] == [False, True, False]


def test_the_label_is_enough_and_the_other_features_are_the_example_s_own():
    X, y, (X_new, y_new) = given.unique_features(40, np.random.default_rng(0))
    assert (X[:, 0] == y).all() and (X_new[:, 0] == y_new).all() and (X[:, 1:3] == 1).all()
    assert (X[:, 3:].sum(axis=1) == np.where(y > 0, 1, 5)).all()
    assert (np.count_nonzero(X[:, 3:], axis=0) <= 1).all() and not X_new[:, 3:].any()


def test_lines_are_fitted_by_full_gradients():
    X, y, new = given.unique_features(10, np.random.default_rng(1))
    costs, errors = given.fit_lines(SGD, [{"lr": 0.1}, {"lr": 0.2}], (X, y, new), steps=3)
    w = np.zeros(X.shape[1])
    for _ in range(3):
        w = w - 0.2 * X.T @ (X @ w - y) / 10
    assert np.isclose(costs[1], np.mean((X @ w - y) ** 2) / 2)
    assert np.isclose(errors[1], 100 * np.mean(np.sign(new[0] @ w) != new[1]))


def test_figures_have_labels(drawn):
    curve = np.linspace(1, 0.1, 12)
    named = {"gradient descent": curve, "momentum": curve**2}
    of = {
        "first steps": np.ones((10, 3)),
        "bowl": np.linspace(-8, 1, 20),
        "small unit": np.linspace(-8, 0, 20),
    }
    for draw in (
        lambda: plots.stable_region(
            np.geomspace(0.01, 1, 4),
            np.linspace(0, 0.9, 3),
            np.full((4, 3), 0.9),
            (0.1, 0.5),
            np.geomspace(0.02, 0.4, 3),
            0.3,
        ),
        lambda: plots.symptoms({"as it should be": of, "the code below": of}),
        lambda: plots.race(dict.fromkeys(("valley", "turned valley", "saddle", "noisy bowl"), named)),
        lambda: plots.digits_race(
            {"a": ([0.1, 1.0, 10.0], np.array([9.0, 5.0, 25.0]))}, {"a": np.ones((3, 8))}, 0.1
        ),
        lambda: plots.new_examples(
            np.array([1e-8, 1.0]), np.array([[50, 50], [0, 0]]), 0.0, {"a": np.ones(3), "b": np.ones(3)}
        ),
        lambda: plots.ringing(named),
        lambda: plots.step_lengths(named),
    ):
        draw()
        assert all(axis.get_xlabel() or axis.get_ylabel() for axis in drawn())


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
