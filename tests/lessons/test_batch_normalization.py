"""Lesson 15: references against the layer and against differences, the explorer's numbers, the figures."""

import inspect
import textwrap

import numpy as np
import pytest

from nnutils.checks import faults
from nnutils.data import digits
from nnutils.gradients import numerical_gradient, relative_error
from nnutils.layers import BatchNorm, Dense, Dropout, ReLU
from nnutils.lessons.batch_normalization import exercises as lesson
from nnutils.lessons.batch_normalization import experiments, plots
from nnutils.lessons.batch_normalization import explorer as explorers
from nnutils.network import Network, dense_network


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


def test_each_stage_is_the_gradient_by_its_value():
    rng = np.random.default_rng(7)
    z, gamma, beta, d = rng.normal(2, 3, (7, 4)), *rng.normal(0, 1, (2, 4)), rng.normal(0, 1, (7, 4))
    values = experiments.six_lines(z, gamma, beta, 0.1)
    stages = lesson.batchnorm_backward_staged(d, z, gamma, 0.1)
    for name, stage in zip(("z_hat", "std", "var", "centred", "mean", "z"), stages, strict=True):

        def cost(value, name=name):
            return np.sum(
                d * experiments.six_lines(**{"z": z, name: value}, gamma=gamma, beta=beta, eps=0.1)["out"]
            )

        assert stage.shape == values[name].shape
        assert relative_error(stage, numerical_gradient(cost, values[name])) < 1e-8
    closed = lesson.batchnorm_backward(d, lesson.batchnorm_forward(z, gamma, beta, 0.1)[1])[0]
    np.testing.assert_allclose(closed, stages[-1], rtol=1e-10, atol=1e-12)


def test_the_six_lines_are_the_forward_pass():
    rng = np.random.default_rng(8)
    z, gamma, beta = rng.normal(2, 3, (7, 4)), *rng.normal(0, 1, (2, 4))
    out = experiments.six_lines(z, gamma, beta, 0.1)["out"]
    np.testing.assert_allclose(out, lesson.batchnorm_forward(z, gamma, beta, 0.1)[0], rtol=1e-12)


def test_layer_norm_is_batch_norm_of_the_transposed():
    z = np.random.default_rng(9).normal(2, 3, (7, 4))
    transposed = lesson.batchnorm_forward(z.T, np.ones(7), np.zeros(7), 0.1)[0].T
    np.testing.assert_allclose(lesson.normalize(z, 1, 0.1), transposed, rtol=1e-12)


def test_the_faulty_judge_is_the_code_that_students_get():
    code = faults.function_of(
        lesson.train_and_judge.faulty,
        "train_and_judge",
        lesson.train_and_judge.reference.__globals__,
        "faulty",
    )
    for case in lesson.train_and_judge.draw(3):
        for shown, handed in zip(experiments.faulty_judge(**case), code(**case), strict=True):
            for ours, theirs in zip(shown, handed, strict=True):
                np.testing.assert_array_equal(ours, theirs)
    assert (
        "training=True"
        in textwrap.dedent(inspect.getsource(experiments.faulty_judge)).split("judged.append")[1]
    )


def test_the_repaired_layer_is_the_library_s():
    for case in lesson.train_and_judge.draw(4):
        layer = BatchNorm(case["momentum"], float(case["eps"])).build(case["dev"].shape[1])
        layer.gamma[...], layer.beta[...] = case["gamma"], case["beta"]
        trained, judged, mean, var = lesson.train_and_judge(**case)
        for batch, ours, of_dev in zip(case["batches"], trained, judged, strict=True):
            np.testing.assert_allclose(ours, layer.forward(batch, True), rtol=1e-10, atol=1e-12)
            np.testing.assert_allclose(of_dev, layer.forward(case["dev"]), rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose([mean, var], [layer.running_mean, layer.running_var], rtol=1e-12)


def rms(z, axis, eps):
    return z / np.sqrt(np.mean(z**2, axis=axis, keepdims=True) + eps)


@pytest.mark.parametrize(("norm", "centred"), [(lesson.normalize, True), (rms, False)], ids=["layer", "rms"])
def test_a_norm_over_the_units_has_the_gradient_of_its_forward_pass(norm, centred):
    network = Network(5, [Dense(4), experiments.OverUnits(norm, centred), ReLU(), Dense(3)], rng=0)
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(6, 5)), rng.integers(3, size=6)
    network.theta += 0.1 * rng.normal(size=network.theta.shape)
    network.loss_and_grad(X, y)
    grad, theta = network.grad.copy(), network.theta.copy()

    def loss(values):
        network.theta[...] = values
        return network.loss(X, y)

    assert relative_error(grad, numerical_gradient(loss, theta)) < 1e-6
    layer = experiments.OverUnits(norm, centred).build(5)
    np.testing.assert_array_equal(layer.forward(X[:1]), layer.forward(X)[:1])  # alone as in company


def test_norms_over_the_units_train_in_stacks():
    X, y = (part[:60] for part in digits())
    networks = [
        Network(64, [Dense(8), experiments.OverUnits(lesson.normalize), ReLU(), Dense(10)], rng=i)
        for i in (0, 1)
    ]
    single = networks[1].copy()
    together = Network.stack(networks)
    together.loss_and_grad(X, y)
    single.loss_and_grad(X, y)
    np.testing.assert_allclose(together.grad[1], single.grad, rtol=1e-9, atol=1e-12)


def test_two_rates_moves_the_last_layer_by_its_own():
    theta = np.zeros(5)
    experiments.TwoRates(1.0, 0.1, 2).update(theta, np.ones(5))
    np.testing.assert_allclose(theta, [-1, -1, -1, -0.1, -0.1])


def test_what_is_measured_leaves_the_network_alone():
    X, y = (part[:80] for part in digits())
    network = dense_network([64, 8, 8, 10], batch_norm=True, rng=0)
    moved = network.copy()
    moved.theta += 0.1
    before = network.get_params()
    assert experiments.movement(network, network, X) == 0 < experiments.movement(network, moved, X)
    assert experiments.turn(network, X, y, 1e-6) < 1 < experiments.turn(network, X, y, 1.0)
    share = experiments.relative_rate(network, X, y, 0.01)
    after = network.get_params()
    assert all(np.array_equal(before[name], after[name]) for name in before)
    network.loss_and_grad(X, y)
    assert np.isclose(share * np.linalg.norm(network.grad), 0.01 * np.linalg.norm(network.theta))
    assert len(experiments.hidden_weights(network)) == 2
    assert np.isclose(
        experiments.length(experiments.hidden_weights(network)) ** 2,
        sum((W**2).sum() for W in network.weights[:-1]),
    )


def test_the_variance_is_measured_again_without_dropout():
    X, y = digits()
    (known, labels), (others, _) = experiments.noisy_sample(X, y, 3)
    assert (len(known), len(others)) == (200, 1000) and 0.05 < np.mean(
        [label != y[np.flatnonzero((x == X).all(axis=1))[0]] for x, label in zip(known, labels, strict=True)]
    ) < 0.35
    network = experiments.dropped_network(True, 0)
    for _ in range(30):
        network.logits(known, training=True)
    assert experiments.stored_over_seen(network, known)[1] > 1.2
    experiments.measure_again(network, known)
    np.testing.assert_allclose(experiments.stored_over_seen(network, known), 1, atol=0.02)
    assert sum(isinstance(layer, Dropout) for layer in experiments.dropped_network(False, 0).layers) == 1


def test_figures_have_titles_and_labels(drawn):
    rng = np.random.default_rng(0)
    runs = {"a": rng.uniform(size=(5, 3)), "b": rng.uniform(size=(5, 3))}
    bars = {name: {"x": [0.9, 0.8], "y": [0.5, 0.6]} for name in "ab"}
    for draw in (
        lambda: plots.ground(rng.normal(size=(10, 20)), rng.normal(size=(10, 20))),
        lambda: plots.running(*rng.normal(size=(3, 9)), 0.1),
        lambda: plots.settings(runs, [0.1, 1, 10], runs, [0.1, 1, 10]),
        lambda: plots.turns([0.1, 1, 10], runs, {"a": rng.uniform(size=9)}),
        lambda: plots.decay(*[{name: rng.uniform(size=9) for name in "abc"}] * 3),
        lambda: plots.sizes([1, 2, 8], runs),
        lambda: plots.noise([4, 16], [0.4, 0.2], *[{"8": rng.uniform(size=5), "4": rng.uniform(size=5)}] * 2),
        lambda: plots.variance_shift(runs),
        lambda: plots.runs_compared(bars, "title", "x", "y"),
    ):
        draw()
        axes = drawn()
        assert all(one.get_title(loc="left") and one.get_xlabel() and one.get_ylabel() for one in axes)
    plots.reasons({"a": rng.uniform(size=5)}, {"a": rng.uniform(size=5)})
    assert all(one.get_title(loc="left") and one.get_xlabel() for one in drawn())
