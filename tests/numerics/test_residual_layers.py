"""Residual blocks, layer and RMS norm: what they compute, names, stacks, copies. Their gradients are in test_layers.py."""

import numpy as np
import pytest

from nnutils.gradients import direction_check, network_check
from nnutils.layers import BatchNorm, Dense, DropPath, LayerNorm, ReLU, Residual, RMSNorm, Scale
from nnutils.network import Network
from nnutils.optimizers import SGD, Muon
from nnutils.training import fit, fit_many


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
