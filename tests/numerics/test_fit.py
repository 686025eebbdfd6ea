import numpy as np
import pytest

from nnutils.data import digits, moons
from nnutils.layers import Dense
from nnutils.network import Network, dense_network
from nnutils.optimizers import SGD, Adam, Momentum
from nnutils.schedules import exponential_decay
from nnutils.training import EarlyStopping, History, ReduceOnPlateau, fit, fit_many

X, Y = moons(90, 0.1, rng=1)


def small(**settings):
    return dense_network([2, 8, 1], "tanh", loss="sigmoid", **settings)


def test_history_has_one_number_an_epoch_and_one_a_step():
    history = fit(small(), X, Y, Adam(0.01), epochs=4, batch_size=40, dev=(X[:20], Y[:20]))
    assert history.epochs == len(history.accuracy) == len(history.dev_loss) == len(history.dev_accuracy) == 4
    assert len(history.step_losses) == len(history.step_lrs) == 12
    np.testing.assert_allclose(history.loss, np.mean(np.reshape(history.step_losses, (4, 3)), axis=1))
    assert history["loss"] is history.loss and "4 epochs" in repr(history)


def test_it_learns():
    network = small()
    history = fit(network, X, Y, Adam(0.05), epochs=150, batch_size=30)
    assert history.loss[-1] < 0.1 * history.loss[0] and history.accuracy[-1] == network.accuracy(X, Y) > 0.97
    digit_set = digits(np.float32)
    net = dense_network([64, 32, 10], dtype=np.float32)
    fit(net, *digit_set, Adam(0.003), epochs=20, batch_size=64)
    assert net.accuracy(*digit_set) > 0.97 and net.theta.dtype == np.float32


def test_one_full_batch_is_gradient_descent():
    network, by_hand = small(), small()
    fit(network, X, Y, SGD(0.3), epochs=3)
    for _ in range(3):
        by_hand.loss_and_grad(X, Y)
        by_hand.theta -= 0.3 * by_hand.grad
    np.testing.assert_allclose(network.theta, by_hand.theta, rtol=1e-13)


def test_the_same_seed_gives_the_same_run_and_another_does_not():
    thetas = []
    for seed in (1, 1, 2):
        network = small(keep_prob=0.8)
        fit(network, X, Y, Momentum(0.1), epochs=3, batch_size=16, rng=np.random.default_rng(seed))
        thetas.append(network.theta)
    np.testing.assert_array_equal(thetas[0], thetas[1])
    assert (thetas[0] != thetas[2]).any()


@pytest.mark.parametrize("by", ["epoch", "step"])
def test_the_schedule_sets_the_rate_that_was_used(by):
    history = fit(
        small(),
        X,
        Y,
        SGD(9),
        epochs=3,
        batch_size=45,
        schedule=lambda i: exponential_decay(0.1, 0.5, i),
        schedule_by=by,
    )
    expected = [0.1, 0.1, 0.05, 0.05, 0.025, 0.025] if by == "epoch" else [0.1 * 0.5**i for i in range(6)]
    np.testing.assert_allclose(history.step_lrs, expected)
    np.testing.assert_allclose(history.lr, expected[1::2])


def test_early_stopping_returns_to_the_best_weights():
    network, stop, seen = small(batch_norm=True), EarlyStopping(patience=3), []
    rising = (X, 1 - Y)  # the better the fit, the worse this dev loss, so that the first epoch is the best
    history = fit(
        network, X, Y, Adam(0.01), epochs=50, batch_size=30, dev=rising,
        callbacks=[stop, lambda network, history: seen.append(network.get_params())],
    )  # fmt: skip
    best = int(np.argmin(history.dev_loss))
    assert stop.best_epoch == best and history.epochs == len(seen) == best + 4
    assert network.evaluate(*rising)[0] == stop.best_loss == history.dev_loss[best]
    for name, array in network.get_params().items():
        np.testing.assert_array_equal(array, seen[best][name])


def test_early_stopping_counts_only_what_beats_min_delta():
    stop, network, history = EarlyStopping(patience=2, min_delta=0.1), small(), History()
    answers = []
    for loss in (1.0, 0.95, 0.8, 0.75, 0.71):
        history.loss.append(loss)
        history.dev_loss.append(loss)
        answers.append(stop(network, history))
    assert stop.best_epoch == 2 and answers == [False, False, False, False, True]
    with pytest.raises(ValueError, match="dev"):
        EarlyStopping()(network, History(loss=[1.0]))


def test_reduce_on_plateau_is_the_schedule():
    from nnutils.schedules import reduce_on_plateau

    losses, opt, history, rates = [3, 2, 2, 2.5, 1, 1, 1, 1, 1], SGD(1.0), History(), []
    callback = ReduceOnPlateau(opt, factor=0.5, patience=2)
    for loss in losses:
        rates.append(opt.lr)
        history.loss.append(loss)
        history.dev_loss.append(loss)
        callback(small(), history)
    assert rates == reduce_on_plateau(losses, 1.0, 0.5, 2)


def test_many_networks_at_once_are_the_same_as_one_by_one():
    alone, together = ([small(rng=seed, l2=0.1) for seed in range(5)] for _ in range(2))
    histories = [fit(net, X, Y, Adam(0.02), epochs=5, batch_size=20, rng=7, dev=(X, Y)) for net in alone]
    history = fit_many(together, X, Y, Adam(0.02), epochs=5, batch_size=20, rng=7, dev=(X, Y))
    for a, b in zip(alone, together, strict=True):
        np.testing.assert_allclose(b.theta, a.theta, rtol=1e-9)
    for name in ("loss", "dev_loss", "accuracy"):
        np.testing.assert_allclose(np.array(history[name]).T, [h[name] for h in histories], rtol=1e-9)


class Keeper(SGD):
    """It keeps the gradients and takes no step."""

    def __init__(self):
        super().__init__(0.0)
        self.grads = []

    def step(self, w, g, buffer):
        self.grads.append(g.copy())


@pytest.mark.parametrize("batch_size", [7, 32, None])
def test_every_batch_is_penalised_alike_also_the_last_smaller_one(batch_size):
    punished, plain = small(l2=2.0, l1=0.5), small()
    keepers = Keeper(), Keeper()
    for network, keeper in zip((punished, plain), keepers, strict=True):
        fit(network, X, Y, keeper, epochs=2, batch_size=batch_size)
    differences = np.subtract(*(keeper.grads for keeper in keepers))
    plain.grad[...] = 0
    for layer in plain.layers:
        if isinstance(layer, Dense):
            layer.dW[...] = (2.0 * layer.W + 0.5 * np.sign(layer.W)) / len(X)
    np.testing.assert_allclose(differences, np.tile(plain.grad, (len(differences), 1)), atol=1e-14)


def test_progress_is_one_line_on_stderr(capsys):
    fit(small(), X, Y, SGD(0.1), epochs=2, progress=True)
    captured = capsys.readouterr()
    assert (
        captured.out == "" and captured.err.startswith("\repoch 1/2, loss 0.") and captured.err.endswith("\n")
    )


def test_regression_has_no_accuracy():
    net = Network(2, [Dense(1)], loss="mse")
    history = fit(net, X, X @ [1.0, -2.0], SGD(0.1), epochs=200, dev=(X, X @ [1.0, -2.0]))
    assert history.accuracy == history.dev_accuracy == [] and history.dev_loss[-1] < 1e-4
    assert net.predict(X).shape == (90,)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"batch_size": 0}, "batch_size"),
        ({"schedule_by": "day"}, "schedule_by"),
        ({"dev": (X, Y[:3])}, "as many"),
    ],
)
def test_wrong_settings_are_told(change, word):
    with pytest.raises(ValueError, match=word):
        fit(small(), X, Y, SGD(0.1), **({"epochs": 1} | change))
    with pytest.raises(ValueError, match="no examples"):
        fit(small(), X[:0], Y[:0], SGD(0.1), epochs=1)
