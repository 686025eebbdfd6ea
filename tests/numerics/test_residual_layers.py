"""Residual blocks, layer and RMS norm: gradients, names, stacks, copies, and a chain whose plain layers stay as they were."""

import numpy as np
import pytest

from nnutils.gradients import direction_check, network_check, numerical_gradient, relative_error
from nnutils.layers import BatchNorm, Dense, DropPath, LayerNorm, ReLU, Residual, RMSNorm, Scale, Tanh
from nnutils.network import Network
from nnutils.optimizers import SGD, Muon
from nnutils.training import fit, fit_many

MAKERS = {
    "layer norm": lambda: LayerNorm(0.1),
    "rms norm": lambda: RMSNorm(0.1),
    "scale": lambda: Scale(0.7),
    "drop path": lambda: DropPath(0.6),
    "residual": lambda: Residual([LayerNorm(0.1), Dense(5), Tanh(), Dense(4)], 0.3),
    "residual that ends with a ReLU": lambda: Residual([Dense(4), ReLU()], 1.0),
    "residual with batch norm": lambda: Residual([BatchNorm(0.8, eps=0.1), Tanh(), Dense(4), Scale(0.4)]),
    "residual in a residual": lambda: Residual([Residual([Dense(4), Tanh()], 0.5), RMSNorm(0.1)], -0.8),
}


def built(name, dtype=np.float64):
    rng = np.random.default_rng(5)
    layer = MAKERS[name]().build(4, rng, dtype)
    layer.theta += 0.3 * rng.standard_normal(layer.theta.shape).astype(dtype)
    return layer, rng.normal(0.5, 2, (7, 4)).astype(dtype), rng.normal(0, 1, (7, 4)).astype(dtype)


@pytest.mark.parametrize("name", MAKERS)
def test_backward_is_the_gradient_by_input_and_parameters(name):
    layer, x, d = built(name)
    layer.forward(x, training=True)
    for _, part in layer.parts("0"):
        part.frozen = True

    def by_theta(theta):
        layer.theta[...] = theta
        return np.sum(d * layer.forward(x, training=True))

    theta = layer.theta.copy()
    numerical = numerical_gradient(by_theta, theta)
    layer.theta[...] = theta
    numerical_dx = numerical_gradient(lambda x: np.sum(d * layer.forward(x, training=True)), x)
    layer.forward(x, training=True)
    assert relative_error(layer.backward(d), numerical_dx) < 1e-8
    assert relative_error(layer.grad, numerical) < 1e-8


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("training", [True, False])
def test_float32_stays_and_arguments_are_not_changed(name, training):
    layer, x, d = built(name, np.float32)
    x_before, d_before = x.copy(), d.copy()
    out = layer.forward(x, training)
    assert out.dtype == np.float32 and out.shape == x.shape
    if training:
        assert layer.backward(d).dtype == layer.grad.dtype == np.float32
    np.testing.assert_array_equal(x, x_before)
    np.testing.assert_array_equal(d, d_before)


@pytest.mark.parametrize("name", MAKERS)
def test_what_inference_returns_is_kept(name):
    layer, x, _ = built(name)
    first = layer.forward(x)
    kept = first.copy()
    layer.forward(x + 1)
    layer.forward(x + 1, training=True)
    np.testing.assert_array_equal(first, kept)


def test_layer_norm_normalises_each_example_and_rms_norm_keeps_its_mean():
    x = np.random.default_rng(0).normal(3, 2, (5, 8))
    for training in (True, False):
        normed = LayerNorm(0.0).build(8).forward(x, training)
        np.testing.assert_allclose(normed.mean(axis=1), 0, atol=1e-14)
        np.testing.assert_allclose(normed.std(axis=1), 1)
        np.testing.assert_allclose(LayerNorm(0.0).build(8).forward(x[:1], training), normed[:1])
        by_rms = RMSNorm(0.0).build(8).forward(x, training)
        np.testing.assert_allclose(np.mean(by_rms**2, axis=1), 1)
        assert np.all(by_rms.mean(axis=1) > 0.3)


def test_the_branch_must_keep_the_width():
    with pytest.raises(ValueError, match="must return its 4 units, not 5"):
        Residual([Dense(5)]).build(4)


def test_a_block_of_zero_weights_is_the_identity():
    x = np.random.default_rng(0).normal(size=(3, 4))
    for branch in ([Dense(4, init=0.0)], [Dense(4), Scale()]):
        block = Residual(branch).build(4)
        np.testing.assert_array_equal(block.forward(x, training=True), x)
        np.testing.assert_array_equal(block.forward(x), x)


def deep(rng=0, **settings):
    blocks = [Residual([BatchNorm(), ReLU(), Dense(6), Scale(0.5), DropPath(0.9)], 0.5) for _ in range(3)]
    return Network(4, [Dense(6), *blocks, RMSNorm(), Dense(3)], rng=rng, **settings)


X = np.random.default_rng(1).normal(size=(20, 4))
Y = np.random.default_rng(2).integers(0, 3, 20)


def test_a_network_of_blocks_passes_the_gradient_check_with_penalties():
    network = deep(l2=0.7, l1=0.3)
    network.theta += 0.2 * np.random.default_rng(3).standard_normal(network.theta.size)
    assert direction_check(network, X, Y, np.random.default_rng(4)) < 1e-6
    assert len(network.weights) == 5 and len(network.biases) == 5
    with pytest.raises(ValueError, match="residual blocks"):
        network_check(network, X, Y)


def test_parameters_within_blocks_have_names_and_lie_in_theta():
    network = deep()
    params = network.get_params()
    assert {"0.W", "1.0.gamma", "1.0.running_mean", "1.2.W", "1.3.gain", "3.2.b", "5.W"} <= set(params)
    network.theta[...] = 0
    assert not any(W.any() for W in network.weights)
    network.set_params(params)
    np.testing.assert_array_equal(network.weights[2], params["2.2.W"])
    for start, shape in network.matrices:
        W = network.theta[start : start + np.prod(shape)].reshape(shape)
        assert any(np.array_equal(W, weights) for weights in network.weights)
    before = network.theta.copy()
    fit(network, X, Y, Muon(network.matrices, 0.01), epochs=1)
    assert np.all(network.theta[network.matrices[2][0] :][:36] != before[network.matrices[2][0] :][:36])


def test_a_copy_shares_no_memory():
    network = deep()
    twin = network.copy()
    twin.theta += 1
    twin.loss_and_grad(X, Y)
    assert not network.grad.any()
    assert np.shares_memory(twin.weights[1], twin.theta)
    assert not np.shares_memory(twin.weights[1], network.theta)


def test_a_stack_computes_what_each_network_computes_alone():
    def blocks(rng):
        chain = [
            Residual([LayerNorm(), ReLU(), Dense(6), Scale(0.5)], 0.5),
            Residual([BatchNorm(), Dense(6)]),
        ]
        return Network(4, [Dense(6), *chain, RMSNorm(), Dense(3)], rng=rng)

    alone, together = [blocks(0), blocks(1)], [blocks(0), blocks(1)]
    for network in alone:
        fit(network, X, Y, SGD(0.1), epochs=5)
    fit_many(together, X, Y, SGD(0.1), epochs=5)
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_allclose(one.logits(X), other.logits(X), rtol=1e-10)
        np.testing.assert_allclose(
            one.get_params()["2.0.running_var"], other.get_params()["2.0.running_var"], rtol=1e-10
        )


def test_drop_path_drops_whole_examples_in_training_only():
    layer = DropPath(0.7).build(3, rng=0)
    x = np.ones((4000, 3))
    out = layer.forward(x, training=True)
    assert set(np.unique(out.round(6))) == {0.0, round(1 / 0.7, 6)}
    assert np.all(out == out[:, :1])
    assert out.mean() == pytest.approx(1, abs=0.05)
    assert layer.forward(x) is x
