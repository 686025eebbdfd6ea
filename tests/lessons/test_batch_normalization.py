"""Lesson 15: references against the layer and against differences, the explorer's numbers, the figures."""

import numpy as np
import pytest

from nnutils.gradients import numerical_gradient, relative_error
from nnutils.layers import BatchNorm
from nnutils.lessons.batch_normalization import exercises as lesson
from nnutils.lessons.batch_normalization import explorer as explorers
from nnutils.lessons.batch_normalization import plots
from nnutils.network import dense_network


@pytest.mark.parametrize("seed", range(5))
def test_the_layer_agrees_with_the_references(seed):
    """The layer itself is compared with Keras."""
    for arguments in lesson.batchnorm_forward.draw(seed):
        z, gamma, beta, eps = (np.asarray(value, float) for value in arguments.values())
        out, cache = lesson.batchnorm_forward(z, gamma, beta, eps)
        layer = BatchNorm(0.8, float(eps)).build(z.shape[1])
        layer.gamma[...], layer.beta[...] = gamma, beta
        np.testing.assert_allclose(out, layer.forward(z, training=True), rtol=1e-12, atol=1e-12)
        dout = np.random.default_rng(seed).normal(size=out.shape)
        grads = lesson.batchnorm_backward(dout, cache)
        for ours, theirs in zip(grads, (layer.backward(dout), layer.dgamma, layer.dbeta), strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)
        by_difference = numerical_gradient(_weighted(dout, gamma, beta, eps), z)
        np.testing.assert_allclose(grads[0], by_difference, rtol=1e-5, atol=1e-8)
        running = layer.running_mean, layer.running_var
        np.testing.assert_allclose(
            running[0], lesson.update_running(np.zeros(z.shape[1]), z.mean(axis=0), 0.8)
        )
        np.testing.assert_allclose(running[1], lesson.update_running(np.ones(z.shape[1]), z.var(axis=0), 0.8))
        inference = lesson.batchnorm_inference(z, *running, gamma, beta, eps)
        np.testing.assert_allclose(layer.forward(z), inference, rtol=1e-12, atol=1e-12)


def test_backward_is_the_gradient_by_the_input_and_both_parameters():
    rng = np.random.default_rng(6)
    z, gamma, beta, d = rng.normal(2, 3, (7, 4)), *rng.normal(0, 1, (2, 4)), rng.normal(0, 1, (7, 4))
    dz, dgamma, dbeta = lesson.batchnorm_backward(d, lesson.batchnorm_forward(z, gamma, beta, 0.1)[1])
    assert relative_error(dz, numerical_gradient(_weighted(d, gamma, beta, 0.1), z)) < 1e-9
    for gradient, parameter, weighted in (
        (dgamma, gamma, lambda g: _weighted(d, g, beta, 0.1)(z)),
        (dbeta, beta, lambda b: _weighted(d, gamma, b, 0.1)(z)),
    ):
        assert relative_error(gradient, numerical_gradient(weighted, parameter)) < 1e-9


def test_folded_batch_norm_is_one_dense_layer():
    rng = np.random.default_rng(6)
    x, W, (b, mean, gamma, beta), var = (
        rng.normal(0, 1, (5, 3)),
        rng.normal(0, 1, (3, 4)),
        rng.normal(0, 1, (4, 4)),
        rng.random(4),
    )
    W2, b2 = lesson.fold_batchnorm(W, b, mean, var, gamma, beta, 0.1)
    np.testing.assert_allclose(
        x @ W2 + b2, lesson.batchnorm_inference(x @ W + b, mean, var, gamma, beta, 0.1)
    )
    np.testing.assert_allclose(
        lesson.batchnorm_forward(x, 1, 0, 0.1)[0], (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 0.1)
    )
    np.testing.assert_allclose(
        lesson.update_running(np.array([1.0, 2.0]), np.array([3.0, 0.0]), 0.9), [1.2, 1.8]
    )


def test_float32_stays():
    z = np.random.default_rng(6).normal(2, 3, (7, 4)).astype(np.float32)
    g = z[0]
    out, cache = lesson.batchnorm_forward(z, g, g, 1e-5)
    results = [
        out, *cache, *lesson.batchnorm_backward(z, cache), lesson.update_running(g, g, 0.9),
        lesson.batchnorm_inference(z, g, g**2, g, g, 1e-5), *lesson.fold_batchnorm(z, g, g, g**2, g, g, 1e-5),
    ]  # fmt: skip
    assert {result.dtype for result in results} == {np.dtype(np.float32)}


def _weighted(weights, gamma, beta, eps):
    return lambda z: np.sum(weights * lesson.batchnorm_forward(z, gamma, beta, eps)[0])


def test_folding_reproduces_the_layer_at_inference():
    network = dense_network([5, 4, 3], batch_norm=True, rng=0)
    x, (dense, norm) = np.random.default_rng(0).normal(size=(50, 5)), network.layers[:2]
    network.logits(x, training=True)
    W, b = lesson.fold_batchnorm(
        dense.W, 0, norm.running_mean, norm.running_var, norm.gamma, norm.beta, norm.eps
    )
    np.testing.assert_allclose(x @ W + b, norm.forward(dense.forward(x)), rtol=1e-10)


def test_smoothed_is_the_mean_of_the_last_steps():
    losses = np.random.default_rng(0).uniform(0, 20, 30)
    expected = [np.minimum(losses[max(0, i - 9) : i + 1], 10).mean() for i in range(30)]
    np.testing.assert_allclose(explorers.smoothed(losses), expected)


def test_the_explorer_follows_its_controls():
    explorer = explorers.batch_norm_and_learning_rate()
    rates, inits = explorers.RATES, list(explorers.INITS.values())
    for lr, init in ((rates[0], inits[0]), (rates[-1], inits[-1])):
        before, picture = explorer.summary, explorer.picture.value
        explorer.controls["lr"].value, explorer.controls["init"].value = lr, init
        assert explorer.summary != before and explorer.picture.value != picture
        assert "alert" not in explorer.words.value and f"learning rate of {lr:g}," in explorer.summary
        accuracy = explorers.trained(init, True)[1]
        assert f"{100 * accuracy[rates.index(lr)]:.0f} % of the training" in explorer.summary
        assert f"reached at {np.sum(accuracy > 0.8)} of" in explorer.summary


def test_batch_norm_widens_the_range_of_learning_rates_in_the_explorer():
    for init in explorers.INITS.values():
        without, with_it = (explorers.trained(init, kind)[1] > 0.8 for kind in (False, True))
        assert with_it.sum() >= without.sum() + 3


def test_figures_have_titles_and_labels(drawn):
    rng = np.random.default_rng(0)
    runs = {"a": rng.uniform(size=(5, 3)), "b": rng.uniform(size=(5, 3))}
    bars = {name: {"x": [0.9, 0.8], "y": [0.5, 0.6]} for name in "ab"}
    for draw in (
        lambda: plots.drift(rng.normal(size=(10, 20)), "title"),
        lambda: plots.running(rng.normal(size=9), rng.normal(size=9), 0.1),
        lambda: plots.tolerance([0.1, 1, 10], runs, "title", "x"),
        lambda: plots.noise([4, 16], [0.4, 0.2], {"one": rng.uniform(size=5), "two": rng.uniform(size=5)}),
        lambda: plots.runs_compared(bars, "title", "x", "y"),
    ):
        draw()
        axes = drawn()
        assert all(one.get_title(loc="left") and one.get_xlabel() and one.get_ylabel() for one in axes)
    plots.picture_rows({"one": np.zeros((3, 64)), "two": np.ones((3, 64))}, "title")
    assert [len(one.images) for one in drawn()] == [1] * 6
