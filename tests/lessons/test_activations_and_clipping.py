"""Lesson 09: references against the library, clipping, the repaired training, what is given, figures."""

import numpy as np
import pytest

from nnutils import activations
from nnutils.data import digits
from nnutils.layers import AlphaDropout, Dense, LeakyReLU, ReLU
from nnutils.lessons.activations_and_clipping import exercises as lesson
from nnutils.lessons.activations_and_clipping import given, plots
from nnutils.network import Network
from nnutils.optimizers import SGD
from nnutils.training import fit

LIBRARY = {
    "leaky_relu": activations.leaky_relu,
    "elu": activations.elu,
    "selu": activations.selu,
}


@pytest.mark.parametrize("name", LIBRARY)
@pytest.mark.parametrize("seed", range(5))
def test_reference_agrees_with_the_library(name, seed):
    exercise = getattr(lesson, name)
    for arguments in exercise.draw(seed):
        for ours, theirs in zip(exercise(**arguments), LIBRARY[name](**arguments), strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-9)


def test_clipping():
    grads = [np.array([3.0, -0.5]), np.array([[4.0]])]
    assert [g.tolist() for g in lesson.clip_by_value(grads, 1)] == [[1, -0.5], [[1]]]
    norm = np.sqrt(9 + 0.25 + 16)
    for clipped, g in zip(lesson.clip_by_global_norm(grads, 2), grads, strict=True):
        np.testing.assert_allclose(clipped, g * 2 / norm)
    for kept, g in zip(lesson.clip_by_global_norm(grads, 6), grads, strict=True):
        assert (kept == g).all() and not np.shares_memory(kept, g)
    assert {g.dtype for g in lesson.clip_by_global_norm([np.ones(3, np.float32)], 1)} == {
        np.dtype(np.float32)
    }


def test_alpha_dropout_is_the_layer_s():
    x = np.random.default_rng(2).normal(size=(6, 5))
    layer = AlphaDropout(0.7)
    layer.build(5, rng=1)
    out = layer.forward(x, training=True)
    np.testing.assert_allclose(out, lesson.alpha_dropout(x, layer.mask > 0, 0.7))


def test_alpha_dropout_keeps_mean_and_variance():
    rng = np.random.default_rng(1)
    x = rng.normal(size=200_000)
    out = lesson.alpha_dropout(x, rng.random(x.shape) < 0.8, 0.8)
    assert abs(out.mean()) < 0.01
    assert out.var() == pytest.approx(1, abs=0.01)
    np.testing.assert_allclose(lesson.alpha_dropout(x[:3], np.full(3, True), 1.0), x[:3])


def test_gelu_is_the_library_s_and_the_mean_over_normal_numbers():
    z = np.linspace(-6, 6, 25)
    for ours, theirs in zip(lesson.gelu(z), activations.gelu(z), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-13)
    borders = np.random.default_rng(0).standard_normal(400_000)
    assert np.mean(np.where(borders < 0.7, 0.7, 0)) == pytest.approx(lesson.gelu(np.array(0.7))[0], abs=3e-3)


def test_the_repaired_training_is_the_library_s():
    rng = np.random.default_rng(4)
    X, y = rng.normal(3, 2, (20, 5)), rng.permutation(np.arange(20) % 3)
    network = Network(5, [Dense(6), LeakyReLU(0.1), Dense(3)], rng=1)
    W, V = (W.copy() for W in network.weights)
    losses, silent = lesson.train_leaky(X, y, W, V, 0.3, 7, 0.1)
    history = fit(network, (X - X.mean(axis=0)) / X.std(axis=0), y, SGD(0.3), epochs=7)
    np.testing.assert_allclose(losses, history.loss)
    assert (
        silent.shape == (7,) and silent[0] == 0
    )  # centred inputs and no biases: no unit is below zero for all


def test_a_sigmoid_takes_a_factor_of_four_a_layer():
    X = np.random.default_rng(0).normal(size=(20, 64))
    sizes = given.gradient_by_layer(activations.sigmoid, 1, X, 0)
    assert 3.8 < (sizes[-1] / sizes[0]) ** (1 / 19) < 4.6


def test_a_fair_rate_kills_nothing_and_a_long_one_does():
    X, y = _digits()
    silent, accuracy, woken = given.too_fast_at_first(ReLU, X, y, 0)
    assert silent.shape == accuracy.shape == (20,) and silent[-1] == silent[4] > 0.7 and woken == 0
    assert given.too_fast_at_first(ReLU, X, y, 0, 0.1)[0][-1] == 0


def test_stacks_have_about_as_many_weights():
    sizes = {name: given.dense_stack(name, 3, 0).theta.size for name in ("ReLU", "SwiGLU")}
    assert abs(sizes["SwiGLU"] / sizes["ReLU"] - 1) < 0.1
    X, _ = _digits()
    assert 0.2 < given.signal_by_layer("ReLU", 4, X[:50], 0)[-1] < 5


def test_the_best_rate_is_chosen_on_another_split():
    X, y = _digits()
    rate, accuracies = given.at_its_best_rate("ReLU", 1, X, y, (1e-5, 0.01), epochs=2, starts=2)
    assert rate == 0.01 and accuracies.shape == (4,) and accuracies.min() > 0.5


def _digits():
    data = digits()
    return (data.X - data.X.mean()) / data.X.std(), data.y


def test_figures_have_titles_and_labels(drawn):
    curve, runs = np.geomspace(1, 10, 20), np.ones((3, 20))
    lost = np.array([[1.0, np.inf, np.nan]])
    for draw in (
        lambda: plots.way_back({"one": curve, "two": 2 * curve}, -3),
        lambda: plots.accident({"one": runs}, {"one": runs}, 5),
        lambda: plots.conditions({"one": curve}),
        lambda: plots.functions({"elu": activations.elu, "selu": activations.selu}),
        lambda: plots.by_depth({2: {"one": [0.9, 0.8]}, 10: {"one": [0.1, 0.2]}}),
        lambda: plots.arrows([3, 0.8], {"a": [1, 0.8], "b": [0.9, 0.2]}, 1.0),
        lambda: plots.rescues({"no clipping": lost}, {"no bad batch": runs}, 2),
    ):
        draw()
        axes = drawn()
        assert all(axis.get_title(loc="left") and axis.get_xlabel() for axis in axes)
        assert axes[0].get_ylabel() or axes[0].get_yticklabels()
