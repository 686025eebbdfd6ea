import numpy as np
import pytest

from nnutils.network import Network, dense_network
from nnutils.optimizers import (
    SGD,
    AdaGrad,
    Adam,
    AdaMax,
    Lion,
    Momentum,
    Muon,
    Nadam,
    Nesterov,
    RMSProp,
    newton_schulz,
    orthogonalize,
)
from nnutils.optimizers.muon import CUBIC

B, B1, B2, EPS, LR = 0.8, 0.7, 0.8, 0.1, 0.3  # sharp: a wrong formula shows within a few steps


def sgd(w, g, s, t):
    return w - LR * g, s


def momentum(w, g, v, t):
    v = B * v + (1 - B) * g
    return w - LR * v, v


def rmsprop(w, g, s, t):
    s = B * s + (1 - B) * g**2
    return w - LR * g / (np.sqrt(s) + EPS), s


def adagrad(w, g, s, t):
    s = s + g**2
    return w - LR * g / (np.sqrt(s) + EPS), s


def adam(w, g, s, t):
    m, v = s if t > 1 else (0, 0)
    m, v = B1 * m + (1 - B1) * g, B2 * v + (1 - B2) * g**2
    return w - LR * (m / (1 - B1**t)) / (np.sqrt(v / (1 - B2**t)) + EPS), (m, v)


def adamax(w, g, s, t):
    m, u = s if t > 1 else (0, 0)
    m, u = B1 * m + (1 - B1) * g, np.maximum(B2 * u, np.abs(g))
    return w - LR / (1 - B1**t) * m / (u + EPS), (m, u)


def nadam(w, g, s, t):
    m, v = s if t > 1 else (0, 0)
    m, v = B1 * m + (1 - B1) * g, B2 * v + (1 - B2) * g**2
    ahead = B1 * m / (1 - B1 ** (t + 1)) + (1 - B1) * g / (1 - B1**t)
    return w - LR * ahead / (np.sqrt(v / (1 - B2**t)) + EPS), (m, v)


def lion(w, g, m, t):
    return w - LR * np.sign(B1 * m + (1 - B1) * g), B2 * m + (1 - B2) * g


PAIRS = {
    "sgd": (lambda: SGD(LR), sgd),
    "momentum": (lambda: Momentum(LR, B), momentum),
    "rmsprop": (lambda: RMSProp(LR, B, EPS), rmsprop),
    "adagrad": (lambda: AdaGrad(LR, EPS), adagrad),
    "adam": (lambda: Adam(LR, B1, B2, EPS), adam),
    "adamax": (lambda: AdaMax(LR, B1, B2, EPS), adamax),
    "nadam": (lambda: Nadam(LR, B1, B2, EPS), nadam),
    "lion": (lambda: Lion(LR, B1, B2), lion),
}
MAKERS = {name: make for name, (make, _) in PAIRS.items()} | {
    "nesterov": lambda: Nesterov(0.05, B),
    "muon": lambda: Muon([(0, (1, 2))], 0.05, B),
    "muon, exact": lambda: Muon([(0, (2, 1))], 0.05, B, ns_steps=None),
}


def slope(w):
    return np.cos(3 * w) + w


@pytest.mark.parametrize("name", PAIRS)
def test_ten_steps_follow_the_formula(name):
    make, formula = PAIRS[name]
    opt, theta = make(), np.array([0.3, -2.0, 5.0])
    w, state = theta.copy(), 0.0
    for t in range(1, 11):
        w, state = formula(w, slope(w), state, t)
        opt.update(theta, slope(theta))
        np.testing.assert_allclose(theta, w, rtol=1e-12)


def test_nesterov_is_the_gradient_at_the_point_ahead():
    opt, w, v = Nesterov(0.05, B), np.array([0.3, -2.0]), np.zeros(2)
    ahead = w.copy()
    for _ in range(10):
        v = B * v - 0.05 * slope(w + B * v)
        w = w + v
        opt.update(ahead, slope(ahead))
        np.testing.assert_allclose(ahead, w + B * v, rtol=1e-12)


@pytest.mark.parametrize("name", MAKERS)
def test_float32_stays_and_the_gradient_is_not_changed(name):
    opt, theta, grad = MAKERS[name](), np.ones(5, np.float32), np.full(5, 0.3, np.float32)
    opt.lr = np.float64(opt.lr)  # a schedule may well give a NumPy number
    for _ in range(3):
        opt.update(theta, grad)
    assert theta.dtype == np.float32 and (grad == np.float32(0.3)).all() and (theta < 1).all()
    assert all(array.dtype == np.float32 for array in (*opt.state.values(), opt._buffer))


@pytest.mark.parametrize("name", MAKERS)
def test_an_axis_of_runs_with_a_learning_rate_each(name):
    rates, start = np.array([[0.01], [0.05]]), np.array([[0.3, -2.0, 5.0], [1.0, 2.0, 3.0]])
    together, opt = start.copy(), MAKERS[name]()
    opt.lr = rates
    for _ in range(5):
        opt.update(together, slope(together))
    for run in range(2):
        alone, opt = start[run].copy(), MAKERS[name]()
        opt.lr = float(rates[run, 0])
        for _ in range(5):
            opt.update(alone, slope(alone))
        np.testing.assert_allclose(together[run], alone, rtol=1e-13)


@pytest.mark.parametrize("name", MAKERS)
def test_weight_decay_is_decoupled_and_a_copy_goes_on_alone(name):
    opt, theta = MAKERS[name](), np.array([2.0, -3.0])
    opt.weight_decay = 0.5
    opt.update(theta, np.zeros(2))
    np.testing.assert_allclose(theta, np.array([2.0, -3.0]) * (1 - 0.5 * opt.lr))
    opt.update(theta, slope(theta))
    twin, other = opt.copy(), theta.copy()
    twin.update(other, slope(other))
    opt.update(theta, slope(theta))
    np.testing.assert_array_equal(other, theta)
    assert not any(np.shares_memory(opt.state[key], twin.state[key]) for key in opt.state)


def test_state_is_made_anew_after_reset_and_another_shape_is_told():
    opt, theta = Adam(0.1), np.zeros(3)
    opt.update(theta, np.ones(3))
    with pytest.raises(ValueError, match="make another"):
        opt.update(np.zeros(4), np.ones(4))
    opt.reset()
    opt.update(np.zeros(4), np.ones(4))
    assert opt.t == 1 and opt.state["m"].shape == (4,)
    assert repr(Adam(0.1)) == "Adam(lr=0.1, weight_decay=0.0, beta1=0.9, beta2=0.999, eps=1e-08)"


@pytest.mark.parametrize("name", MAKERS)
def test_a_gradient_of_another_shape_is_refused(name):
    with pytest.raises(ValueError, match=r"the gradient has the shape \(1,\), and theta has \(4,\)"):
        MAKERS[name]().update(np.zeros(4), np.ones(1))


def reference_muon(weights, biases, grads, state, t, lr, beta, adam_lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """One step of Muon, written with lists of arrays, and the iteration written with singular values.

    grads: (weights' gradients, biases' gradients). state: a dict that begins empty and is changed. Returns the new lists.
    """
    new_weights, new_biases = [], []
    for i, (W, G) in enumerate(zip(weights, grads[0], strict=True)):
        M = beta * state.get(("M", i), 0) + G
        state["M", i] = M
        U, S, Vt = np.linalg.svd(M, full_matrices=False)
        S = S / np.sqrt((S**2).sum())
        for _ in range(5):
            S = 3.4445 * S - 4.7750 * S**3 + 2.0315 * S**5
        new_weights.append(W - lr * U @ np.diag(S) @ Vt)
    for i, (b, g) in enumerate(zip(biases, grads[1], strict=True)):
        m = beta1 * state.get(("m", i), 0) + (1 - beta1) * g
        v = beta2 * state.get(("v", i), 0) + (1 - beta2) * g**2
        state["m", i], state["v", i] = m, v
        root = np.sqrt(v / (1 - beta2**t)) + eps
        new_biases.append(b - adam_lr * m / (1 - beta1**t) / root)
    return new_weights, new_biases


def a_network(rng=0):
    X, y = np.random.default_rng(rng).normal(size=(30, 6)), np.arange(30) % 3
    return dense_network([6, 4, 5, 3], activation="tanh", rng=rng), X, y


def test_muon_is_the_reference_over_a_whole_network():
    network, X, y = a_network()
    weights, biases = [W.copy() for W in network.weights], [b.copy() for b in network.biases]
    optimizer, state, other = Muon(network.matrices, 0.05, 0.9, adam_ratio=0.2), {}, network.copy()
    for t in range(1, 11):
        network.loss_and_grad(X, y)
        optimizer.update(network.theta, network.grad)
        for array, values in zip((*other.weights, *other.biases), (*weights, *biases), strict=True):
            array[...] = values
        other.loss_and_grad(X, y)
        grads = [layer.dW for layer in other.layers[::2]], [layer.db for layer in other.layers[::2]]
        weights, biases = reference_muon(weights, biases, grads, state, t, 0.05, 0.9, 0.01)
    for ours, theirs in zip((*network.weights, *network.biases), (*weights, *biases), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


def test_the_places_of_the_matrices_are_those_of_the_weights():
    network = dense_network([6, 4, 5, 3], batch_norm=True)
    assert [shape for _, shape in network.matrices] == [W.shape for W in network.weights]
    for (start, shape), W in zip(network.matrices, network.weights, strict=True):
        np.testing.assert_array_equal(network.theta[start : start + W.size].reshape(shape), W)


def test_muon_serves_a_stack_of_networks_with_a_rate_each():
    networks = [a_network(rng)[0] for rng in (1, 2)]
    _, X, y = a_network()
    stack, rates = Network.stack(networks), np.array([[0.01], [0.1]])
    together = Muon(stack.matrices, rates, weight_decay=0.1)
    alone = [
        Muon(network.matrices, float(lr), weight_decay=0.1)
        for network, lr in zip(networks, rates[:, 0], strict=True)
    ]
    for _ in range(4):
        stack.loss_and_grad(X, y)
        together.update(stack.theta, stack.grad)
        for network, optimizer in zip(networks, alone, strict=True):
            network.loss_and_grad(X, y)
            optimizer.update(network.theta, network.grad)
    np.testing.assert_allclose(stack.theta, [network.theta for network in networks], rtol=1e-9)


@pytest.mark.parametrize("shape", [(4, 3), (3, 4), (5, 1), (2, 3, 5)])
def test_orthogonalize_keeps_the_singular_vectors_and_makes_the_values_1(shape):
    M = np.random.default_rng(0).normal(size=shape)
    made = orthogonalize(M)
    np.testing.assert_allclose(np.linalg.svd(made, compute_uv=False), 1, rtol=1e-12)
    product = made.mT @ M  # the polar factor: symmetric, and no negative eigenvalue
    np.testing.assert_allclose(product, product.mT, atol=1e-12)
    assert np.linalg.eigvalsh(product).min() > -1e-12
    np.testing.assert_allclose(newton_schulz(M, 60, CUBIC), made, atol=1e-6)
    tuned = np.linalg.svd(newton_schulz(M), compute_uv=False)
    assert tuned.min() > 0.6 and tuned.max() < 1.25


def test_what_a_matrix_does_not_reach_stays_0():
    M = np.outer([1.0, 2.0, 2.0], [3.0, 4.0])
    np.testing.assert_allclose(orthogonalize(M), M / 15, atol=1e-12)
    assert not orthogonalize(np.zeros((2, 3))).any() and not newton_schulz(np.zeros((2, 3))).any()
    assert (
        orthogonalize(M.astype(np.float32)).dtype == newton_schulz(M.astype(np.float32)).dtype == np.float32
    )


def test_muon_does_not_see_how_the_inputs_are_turned_and_adam_does():
    rng = np.random.default_rng(0)
    A, target = np.diag([1.0, 10.0, 100.0]), rng.normal(size=(3, 4))
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    apart = {}
    for name, make in {"muon": lambda: Muon([(0, (3, 4))], 0.1), "adam": lambda: Adam(0.1)}.items():
        ends = []
        for Q in (np.eye(3), turn):
            w, optimizer = np.zeros(12), make()
            for _ in range(5):
                error = Q.T @ w.reshape(3, 4) - target
                optimizer.update(w, (Q @ A @ error).ravel())
            ends.append(Q.T @ w.reshape(3, 4))
        apart[name] = np.abs(ends[0] - ends[1]).max()
    assert apart["muon"] < 1e-9 and apart["adam"] > 0.01


def test_after_a_reset_adam_counts_anew_too():
    optimizer = Muon([(0, (1, 2))], 0.1)
    first, again = np.zeros(3), np.zeros(3)
    optimizer.update(first, np.array([1.0, 2.0, 3.0]))
    optimizer.reset()
    optimizer.update(again, np.array([1.0, 2.0, 3.0]))
    np.testing.assert_array_equal(first, again)
    assert repr(optimizer).startswith("Muon(lr=0.1, weight_decay=0.0, matrices=[(0, (1, 2))]")
