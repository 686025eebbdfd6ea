"""Lesson 16: the exercises agree with the layers and with differences, the scale keeps its promise, a recipe is checked first."""

import numpy as np
import pytest

from nnutils.gradients import numerical_gradient
from nnutils.layers import Dense, LayerNorm, ReLU, Residual
from nnutils.lessons.very_deep_networks import given
from nnutils.lessons.very_deep_networks.exercises import (
    branch_scale,
    deep_recipe,
    pre_norm_block,
    residual_backward,
    residual_forward,
    residual_gradients,
    stochastic_depth,
)
from nnutils.lessons.very_deep_networks.explorer import _passes, deep_signals

RNG = np.random.default_rng(0)
X, D = RNG.normal(1, 2, size=(5, 4)), RNG.normal(size=(5, 4))


def test_blocks_are_the_library_s():
    block = Residual([ReLU(), Dense(4)], 0.3).build(4)
    out = residual_forward(X, given.Rectified(block.branch[1].W), 0.3)
    np.testing.assert_allclose(out, block.forward(X))
    block = Residual([LayerNorm(1e-3), ReLU(), Dense(4)], 0.3).build(4)
    out = pre_norm_block(X, given.OfTheUnits(1e-3), given.Rectified(block.branch[2].W), 0.3)
    np.testing.assert_allclose(out, block.forward(X))


def test_residual_backward_is_the_layer_s_and_the_numerical_gradient():
    W = RNG.normal(size=(4, 4))
    back = residual_backward(D, given.Gated(X > 0, W.T).__call__, 0.3)
    by_differences = numerical_gradient(
        lambda x: np.sum(D * residual_forward(x, lambda x: x @ W * (X > 0), 0.3)), X
    )
    block = Residual([Dense(4, bias=False)], 0.3).build(4)
    block.forward(X, training=True)
    np.testing.assert_allclose(
        block.backward(D), residual_backward(D, lambda d: d @ block.branch[0].W.T, 0.3)
    )
    np.testing.assert_allclose(
        residual_backward(D, lambda d: (d * (X > 0)) @ W.T, 0.3), by_differences, atol=1e-8
    )
    assert back.shape == X.shape


def test_with_the_scale_any_number_of_blocks_grows_at_most_e_fold():
    for layers in (1, 2, 10, 1000):
        assert 2 - 1e-9 <= (1 + branch_scale(layers) ** 2) ** layers < np.e


def test_the_repaired_gradients_pass_the_check():
    weights = [RNG.normal(size=(4, 4)) for _ in range(3)]

    def cost(x, weights):
        return np.sum(D * residual_gradients(x, weights, 0.4, D)[0])

    _, dx, dWs = residual_gradients(X, weights, 0.4, D)
    np.testing.assert_allclose(dx, numerical_gradient(lambda x: cost(x, weights), X), atol=1e-6)
    middle = numerical_gradient(lambda W: cost(X, [weights[0], W, weights[2]]), weights[1])
    np.testing.assert_allclose(dWs[1], middle, atol=1e-6)


def test_stochastic_depth_is_right_on_average_for_one_linear_block():
    branch = given.Linear(RNG.normal(size=(4, 4)))
    u = np.random.default_rng(1).random((4000, 1))
    mean = np.mean([stochastic_depth(X, [branch], 0.3, one) for one in u], axis=0)
    np.testing.assert_allclose(mean, stochastic_depth(X, [branch], 0.3), atol=0.3)


def test_a_gradient_arrives_through_shortcuts_and_not_through_plain_layers():
    data = given.digits_for([0])
    plain = given.arriving(given.deep(80, 1), data.X[0, :50], 0)
    scaled = given.arriving(given.deep(80, 1, shortcut=True, scale=80**-0.5), data.X[0, :50], 0)
    assert plain < 0.3 < scaled < 4


def test_labels_are_drawn_anew_in_training_only():
    clean, noisy = given.digits_for([3], 400), given.digits_for([3], 400, wrong=0.5)
    assert 0.35 < np.mean(clean.y != noisy.y) < 0.55
    np.testing.assert_array_equal(clean.y_dev, noisy.y_dev)
    np.testing.assert_array_equal(clean.X, noisy.X)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"norm": "group"}, "norm should be one of"),
        ({"shortcut": 1}, "True or False"),
        ({"scale": 0.01}, "scale should be from"),
        ({"scale": True}, "scale should be a number"),
        ({"rate": float("nan")}, "rate should be from"),
        ({"warmup": 1.0}, "warmup should be from"),
        ({"batch": 10**9}, "batch should be from"),
        ({"batch": 32.0}, "whole number"),
        ({"layers": 2}, "with the keys"),
    ],
)
def test_a_malformed_recipe_is_refused_before_anything_is_trained(change, told, monkeypatch):
    monkeypatch.setattr(given, "train", None)
    with pytest.raises(ValueError, match=told):
        given.try_recipe({**deep_recipe.reference(), **change}, 0)
    with pytest.raises(ValueError, match="dict"):
        given.try_recipe(None, 0)


def test_a_recipe_is_scored_alike_each_time():
    recipe = {**deep_recipe.reference(), "batch": 200}
    assert given.try_recipe(recipe, 4) == given.try_recipe(recipe, 4)


def test_the_explorer_tells_what_it_draws():
    explorer = deep_signals()
    assert "40 blocks, shortcut: yes" in explorer.summary
    explorer.controls["norm"].value = "yes"
    assert "norm: yes" in explorer.summary
    signal, gradient = _passes(40, True, False, 1.0, 0)
    assert 8 < np.log10(signal[-1]) < 16 and 8 < np.log10(gradient[0]) < 16
    signal, gradient = _passes(40, True, False, 40**-0.5, 0)
    assert signal[-1] < 5 and gradient[0] < 5
