import copy
import pickle

import numpy as np
import pytest

from nnutils.activations import softmax
from nnutils.gradients import direction_check, network_check, numerical_gradient, relative_error
from nnutils.layers import ELU, BatchNorm, Dense, Dropout, ReLU, Tanh
from nnutils.network import ACTIVATIONS, Network, dense_network
from nnutils.optimizers import SGD

RNG = np.random.default_rng(8)
X = RNG.normal(0, 1, (9, 5))
TARGETS = {
    "softmax": (3, RNG.integers(0, 3, 9)),
    "sigmoid": (1, RNG.integers(0, 2, 9)),
    "mse": (2, RNG.normal(0, 1, (9, 2))),
}
KINDS = [
    {
        "activation": name,
        "keep_prob": keep_prob,
        "batch_norm": batch_norm,
        "l2": 0.7 * batch_norm,
        "l1": 0.1 * (keep_prob < 1),
    }
    for name in ACTIVATIONS
    for keep_prob, batch_norm in ((1.0, False), (0.8, False), (1.0, True), (0.7, True))
]


def network(loss="softmax", **settings):
    net = dense_network([5, 6, 4, TARGETS[loss][0]], loss=loss, rng=3, **settings)
    net.theta += 0.2 * np.random.default_rng(4).standard_normal(net.theta.size).astype(net.dtype)
    return net


@pytest.mark.parametrize("loss", TARGETS)
@pytest.mark.parametrize(
    "kind", KINDS, ids=lambda kind: f"{kind['activation']}-{kind['keep_prob']}-{kind['batch_norm']}"
)
def test_gradient_of_every_combination(loss, kind):
    net, y = network(loss, **kind), TARGETS[loss][1]
    errors = network_check(net, X, y)
    assert set(errors) == set(net.get_params()) - {name for name in net.get_params() if "running" in name}
    assert max(errors.values()) < 2e-7
    assert direction_check(net, X, y, np.random.default_rng(0)) < 1e-7


def test_network_check_sees_a_wrong_gradient_and_agrees_with_the_naive_one():
    net, y = network(l2=0.7, activation="tanh"), TARGETS["softmax"][1]

    def cost(theta):
        net.theta[...] = theta
        return net.loss(X, y, training=True)

    theta = net.theta.copy()
    naive = numerical_gradient(cost, theta)
    net.theta[...] = theta
    net.loss_and_grad(X, y)
    assert relative_error(net.grad, naive) < 1e-8

    class Broken(Tanh):
        def slope(self, a, out):
            return np.subtract(1, a, out=out)

    wrong = Network(5, [Dense(4), Broken(), Dense(3)])
    wrong.theta += 0.1
    errors = network_check(wrong, X, y)
    assert errors["0.W"] > 1e-3 and errors["2.W"] < 1e-8
    assert direction_check(wrong, X, y, np.random.default_rng(0)) > 1e-3


@pytest.mark.parametrize("loss", TARGETS)
@pytest.mark.parametrize("batch_norm", [False, True])
def test_float32_stays_everywhere(loss, batch_norm):
    net = network(
        loss, dtype=np.float32, keep_prob=0.8, batch_norm=batch_norm, l2=np.float64(0.7), l1=np.float64(0.1)
    )
    y = TARGETS[loss][1]
    assert type(net.loss_and_grad(X, y)) is type(net.loss_and_grad(X, y, np.int64(90))) is float
    for array in (net.theta, net.grad, *net.weights, *net.biases, *net.get_params().values()):
        assert array.dtype == np.float32
    for layer in net.layers:
        assert all(buffer.dtype == np.float32 for buffer in layer._buffers.values())
    assert net.forward(X).dtype == net.logits(X, training=True).dtype == np.float32


def test_theta_and_grad_are_what_the_layers_see():
    net = network()
    net.loss_and_grad(X, TARGETS["softmax"][1])
    theta = np.concatenate(
        [part.ravel() for W, b in zip(net.weights, net.biases, strict=True) for part in (W, b)]
    )
    np.testing.assert_array_equal(theta, net.theta)
    net.theta[...] = 0
    assert not any(W.any() for W in net.weights)
    assert all(np.shares_memory(layer.grad, net.grad) for layer in net.layers if layer.shapes())


def test_forward_is_the_formula_and_changes_nothing():
    net, before = network(activation="relu"), X.copy()
    (W1, W2, W3), (b1, b2, b3) = net.weights, net.biases
    logits = np.maximum(np.maximum(X @ W1 + b1, 0) @ W2 + b2, 0) @ W3 + b3
    np.testing.assert_allclose(net.forward(X), softmax(logits))
    np.testing.assert_allclose(net.forward(X, training=True), softmax(logits))
    net.loss_and_grad(X, TARGETS["softmax"][1])
    np.testing.assert_array_equal(X, before)


def test_x_survives_an_activation_as_the_first_layer():
    before, net = X.copy(), Network(5, [Tanh(), ReLU(), Dense(3)])
    net.loss_and_grad(X, TARGETS["softmax"][1])
    np.testing.assert_array_equal(X, before)
    assert max(network_check(net, X, TARGETS["softmax"][1]).values()) < 1e-8


def test_an_activation_may_come_last():
    net = Network(5, [Dense(4), ELU(1.5), Dense(2), Tanh()], loss="mse")
    assert max(network_check(net, X, TARGETS["mse"][1]).values()) < 1e-8


def test_loss_holds_the_penalties_of_weights_only():
    y, plain, punished = TARGETS["softmax"][1], network(), network(l2=0.7, l1=0.3)
    weights = (
        sum(np.sum(W**2) for W in plain.weights) * 0.7 / 18
        + sum(np.abs(W).sum() for W in plain.weights) * 0.3 / 9
    )
    assert punished.loss(X, y) == pytest.approx(plain.loss(X, y) + weights)
    assert punished.loss_and_grad(X, y) == pytest.approx(punished.loss(X, y))
    assert punished.evaluate(X, y)[0] == plain.evaluate(X, y)[0]


def test_penalties_are_divided_by_the_training_set_and_not_by_the_batch():
    y, plain, punished = TARGETS["softmax"][1], network(), network(l2=0.7, l1=0.3)

    def penalty_of(rows, m):
        costs = [net.loss_and_grad(X[:rows], y[:rows], m) for net in (punished, plain)]
        assert punished.loss(X[:rows], y[:rows], training=True, m=m) == pytest.approx(costs[0])
        return costs[0] - costs[1], punished.grad - plain.grad

    cost, grad = penalty_of(9, None)  # a batch that is all there is
    assert cost == pytest.approx(punished.penalty(9)) and np.abs(grad).max() > 0.05
    for rows in (1, 4, 9):
        same, same_grad = penalty_of(rows, 9)
        assert same == pytest.approx(cost)
        np.testing.assert_allclose(same_grad, grad, atol=1e-15)
    np.testing.assert_allclose(penalty_of(4, np.int64(18))[1], grad / 2, atol=1e-15)
    np.testing.assert_allclose(penalty_of(3, None)[1], 3 * grad, atol=1e-15)
    for wrong in (punished.loss, punished.loss_and_grad):
        with pytest.raises(
            ValueError, match="m is the size of the whole training set: it is 8, and this batch has 9"
        ):
            wrong(X, y, m=8)


@pytest.mark.parametrize("loss", ["softmax", "sigmoid"])
def test_labels_and_probabilities_agree(loss):
    net, y = network(loss), TARGETS[loss][1]
    p, labels = net.predict_proba(X), net.predict(X)
    assert labels.shape == (9,) and labels.dtype.kind == "i"
    np.testing.assert_array_equal(labels, p.argmax(axis=1) if loss == "softmax" else p > 0.5)
    assert net.accuracy(X, y) == np.mean(labels == y)
    assert net.forward(X).shape == (9, TARGETS[loss][0])


def test_dropout_has_a_generator_of_its_own_and_can_be_given_one():
    net = network(keep_prob=0.5)
    np.testing.assert_array_equal(net.theta, network().theta)
    a, b = net.forward(X, training=True), net.forward(X, training=True)
    assert (a != b).any()
    c, d = (net.forward(X, training=True, rng=np.random.default_rng(1)) for _ in range(2))
    np.testing.assert_array_equal(c, d)
    np.testing.assert_array_equal(net.forward(X), net.forward(X))


@pytest.mark.parametrize(
    "duplicate", [Network.copy, copy.deepcopy, lambda net: pickle.loads(pickle.dumps(net))]
)
def test_a_copy_is_equal_and_apart(duplicate):
    net, y = network(batch_norm=True, keep_prob=0.8), TARGETS["softmax"][1]
    net.loss_and_grad(X, y)
    twin = duplicate(net)
    np.testing.assert_array_equal(twin.forward(X), net.forward(X))
    before, expected = net.theta.copy(), net.copy().loss_and_grad(X, y)
    assert twin.loss_and_grad(X, y) == expected
    SGD(0.1).update(twin.theta, twin.grad)
    assert (twin.weights[0] != net.weights[0]).any()
    np.testing.assert_array_equal(net.theta, before)


def test_parameters_come_and_go_with_the_running_averages():
    net, other = network(batch_norm=True), dense_network([5, 6, 4, 3], batch_norm=True, rng=9)
    net.loss_and_grad(X, TARGETS["softmax"][1])
    params = net.get_params()
    assert {"0.W", "1.gamma", "1.running_mean", "6.b"} <= params.keys()
    other.set_params(params)
    np.testing.assert_array_equal(other.forward(X), net.forward(X))
    with pytest.raises(ValueError, match=r"6\.b"):
        other.set_params({name: array for name, array in params.items() if name != "6.b"})


def test_a_stack_is_its_networks():
    nets = [dense_network([5, 6, 3], batch_norm=True, l2=0.5, rng=seed) for seed in range(4)]
    stack, y = Network.stack(nets), TARGETS["softmax"][1]
    losses = stack.loss_and_grad(X, y)
    np.testing.assert_allclose(losses, [net.loss_and_grad(X, y) for net in nets], rtol=1e-12)
    np.testing.assert_allclose(stack.grad, [net.grad for net in nets], rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(stack.accuracy(X, y), [net.accuracy(X, y) for net in nets])
    stack.theta += 1
    stack.unstack(nets)
    np.testing.assert_array_equal(nets[3].theta, stack.theta[3])
    np.testing.assert_array_equal(nets[3].layers[1].running_mean, stack.layers[1].running_mean[3])


def test_dense_network_builds_what_it_says():
    net = dense_network([4, 8, 6, 3], "selu", keep_prob=[0.9, 1.0], init="lecun")
    names = [type(layer).__name__ for layer in net.layers]
    assert names == ["Dense", "SELU", "AlphaDropout", "Dense", "SELU", "Dense"]
    assert repr(net).startswith(
        "Network(4, [Dense(n_out=8, init='lecun'), SELU(), AlphaDropout(keep_prob=0.9)"
    )
    assert not hasattr(dense_network([4, 8, 3], batch_norm=True).layers[0], "b")


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: dense_network([4, 3], loss="hinge"), "softmax, sigmoid, mse"),
        (lambda: dense_network([4, 3, 2], "swish"), "relu"),
        (lambda: dense_network([4, 3, 1]), "sigmoid"),
        (lambda: dense_network([4, 3, 2], keep_prob=[0.5, 0.5]), "1 hidden layers"),
        (lambda: Network(4, []), "at least one layer"),
        (lambda: Network(4, [ReLU()] * 2), "no layer twice"),
        (lambda: Network(4, network().layers), "belongs to a network"),
        (lambda: network().forward(np.zeros((3, 4))), r"\(m, 5\)"),
        (lambda: network().forward(np.zeros(5)), "one example a row"),
        (lambda: network("mse").accuracy(X, TARGETS["mse"][1]), "predicts numbers"),
        (lambda: network_check(network(dtype=np.float32), X, TARGETS["softmax"][1]), "float64"),
        (lambda: Network.stack([network(), dense_network([5, 3])]), "architecture"),
    ],
)
def test_wrong_use_is_told(make, word):
    with pytest.raises(ValueError, match=word):
        make()


def test_batch_norm_and_dropout_together_train_with_a_smaller_last_batch():
    net = Network(5, [BatchNorm(), Dense(4, bias=False), ReLU(), Dropout(0.8), Dense(3)])
    for rows in (9, 4, 9, 2):
        assert np.isfinite(net.loss_and_grad(X[:rows], TARGETS["softmax"][1][:rows]))
        assert np.isfinite(net.grad).all()
