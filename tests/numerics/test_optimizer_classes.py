import numpy as np
import pytest

from nnutils.optimizers import SGD, AdaGrad, Adam, AdaMax, Momentum, Nadam, Nesterov, RMSProp

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


PAIRS = {
    "sgd": (lambda: SGD(LR), sgd),
    "momentum": (lambda: Momentum(LR, B), momentum),
    "rmsprop": (lambda: RMSProp(LR, B, EPS), rmsprop),
    "adagrad": (lambda: AdaGrad(LR, EPS), adagrad),
    "adam": (lambda: Adam(LR, B1, B2, EPS), adam),
    "adamax": (lambda: AdaMax(LR, B1, B2, EPS), adamax),
    "nadam": (lambda: Nadam(LR, B1, B2, EPS), nadam),
}
MAKERS = {name: make for name, (make, _) in PAIRS.items()} | {"nesterov": lambda: Nesterov(0.05, B)}


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
