"""Lesson 14: references against nnutils.normalization, the explorer's numbers, the figures."""

import numpy as np
import pytest

from nnutils import normalization
from nnutils.gradients import numerical_gradient
from nnutils.lessons.batch_normalization import exercises as lesson
from nnutils.lessons.batch_normalization import explorer as explorers
from nnutils.lessons.batch_normalization import plots
from nnutils.network import dense_network


@pytest.mark.parametrize("name", ["update_running", "batchnorm_inference", "fold_batchnorm"])
@pytest.mark.parametrize("seed", range(5))
def test_reference_agrees_with_the_library(name, seed):
    exercise = getattr(lesson, name)
    for arguments in exercise.draw(seed):
        ours, theirs = exercise(**arguments), getattr(normalization, name)(**arguments)
        parts = (ours, theirs) if isinstance(ours, tuple) else ((ours,), (theirs,))
        for one, other in zip(*parts, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_both_passes_agree_with_the_library_and_with_differences(seed):
    for arguments in lesson.batchnorm_forward.draw(seed):
        z, gamma, beta, eps = (np.asarray(one, float) for one in arguments.values())
        out, cache = lesson.batchnorm_forward(z, gamma, beta, eps)
        theirs, their_cache = normalization.batchnorm_forward(z, gamma, beta, eps)
        np.testing.assert_allclose(out, theirs, rtol=1e-12)
        dout = np.random.default_rng(seed).normal(size=out.shape)
        grads = lesson.batchnorm_backward(dout, cache)
        for one, other in zip(grads, normalization.batchnorm_backward(dout, their_cache), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)
        by_difference = numerical_gradient(_weighted(dout, gamma, beta, eps), z)
        np.testing.assert_allclose(grads[0], by_difference, rtol=1e-5, atol=1e-8)


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


def test_figures_have_titles_and_labels():
    from matplotlib import pyplot

    pyplot.switch_backend("agg")
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
        axes = pyplot.gcf().axes
        assert all(one.get_title(loc="left") and one.get_xlabel() and one.get_ylabel() for one in axes)
        pyplot.close("all")
    plots.picture_rows({"one": np.zeros((3, 64)), "two": np.ones((3, 64))}, "title")
    assert [len(one.images) for one in pyplot.gcf().axes] == [1] * 6
    pyplot.close("all")
