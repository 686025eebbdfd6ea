"""Lesson 10: references against the library, the trial of a plan, the runs that are given, the explorer, the figures."""

import pickle

import numpy as np
import pytest

from nnutils import batches
from nnutils.checks.check import examine
from nnutils.gradients import numerical_gradient, relative_error
from nnutils.lessons.minibatch_gradient_descent import exercises as lesson
from nnutils.lessons.minibatch_gradient_descent import given, plots
from nnutils.lessons.minibatch_gradient_descent.exercises import shared
from nnutils.lessons.minibatch_gradient_descent.explorer import CONSTANT, DOUBLE, FALLING, batch_path
from nnutils.losses import softmax_cross_entropy
from nnutils.network import dense_network
from nnutils.optimizers import SGD
from nnutils.training import fit

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(23, 3)), np.arange(23)


@pytest.mark.parametrize("batch_size", [1, 5, 23, 40])
def test_the_lesson_and_the_library_cut_alike(batch_size):
    ours = lesson.minibatches(X, Y, batch_size, np.random.default_rng(1))
    theirs = batches.minibatches(X, Y, batch_size, np.random.default_rng(1))
    assert len(ours) == len(theirs) == batches.num_steps(23, batch_size)
    for (Xa, ya), (Xb, yb) in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(Xa, Xb)
        np.testing.assert_array_equal(ya, yb)


def test_the_lesson_and_the_library_train_alike():
    network = dense_network([3, 1], loss="mse", init=0.0)
    y = X @ [1.0, -2.0, 0.5]
    start = np.zeros(3)
    fit(network, X, y, SGD(lr=0.05), epochs=1, batch_size=5, rng=np.random.default_rng(2))
    ones = np.column_stack([X, np.ones(23)])
    cost, grad = given.LinearCost(), given.LinearGradient()
    theta, costs = lesson.minibatch_gd(
        cost, grad, np.append(start, 0), ones, y, 0.1, 1, 5, np.random.default_rng(2)
    )
    np.testing.assert_allclose(
        network.theta, theta, rtol=1e-10
    )  # mse has no half, so its rate is half as large
    assert len(costs) == 5


def test_a_batch_of_all_is_gradient_descent():
    cost, grad, theta = given.LinearCost(), given.LinearGradient(), np.array([1.0, 2.0, 3.0])
    whole, costs = lesson.minibatch_gd(cost, grad, theta, X, Y, 0.1, 4, 23, np.random.default_rng(0))
    for told in costs:
        assert told == pytest.approx(cost(theta, X, Y))
        theta = theta - 0.1 * grad(theta, X, Y)
    np.testing.assert_allclose(whole, theta, rtol=1e-12)


def test_the_repaired_loop_is_minibatch_gd_with_given_orders():
    orders, rng = np.array([np.random.default_rng(7).permutation(23)]), np.random.default_rng(7)
    theta, means = lesson.train_epochs(np.ones(3), X, Y, 0.1, 5, orders)
    same, costs = lesson.minibatch_gd(
        given.LinearCost(), given.LinearGradient(), np.ones(3), X, Y, 0.1, 1, 5, rng
    )
    np.testing.assert_allclose(theta, same, rtol=1e-12)
    np.testing.assert_allclose(means, np.average(costs, weights=[5, 5, 5, 5, 3]))


def test_parts_accumulated_are_the_gradient_of_the_union():
    grad, theta = given.LinearGradient(), np.ones(3)
    parts = [grad(theta, X[a:b], Y[a:b]) for a, b in ((0, 10), (10, 12), (12, 23))]
    np.testing.assert_allclose(lesson.accumulate(parts, [10, 2, 11]), grad(theta, X, Y), rtol=1e-12)


@pytest.mark.parametrize("batch_size", [1, 4])
def test_the_noise_scale_is_where_noise_and_signal_are_equal(batch_size):
    rng = np.random.default_rng(1)
    truth, spread = np.array([3.0, 4.0]), 10.0  # of single gradients: 2 spread^2 / B = 25 at B = 8
    grads = truth + spread / np.sqrt(batch_size) * rng.normal(size=(200_000, 2))
    assert lesson.noise_scale(grads, batch_size) == pytest.approx(8, rel=0.02)
    at_the_scale = truth + spread / np.sqrt(8) * rng.normal(size=(200_000, 2))
    assert lesson.gradient_noise(at_the_scale) == pytest.approx(5, rel=0.02)


def plain(*phases):
    return given.try_plan(list(phases), 0, 0, 0.0, 1e-3)


def test_a_plan_is_judged_by_what_it_reaches():
    assert plain((400, 4, 2.0)) == 1.0 and plain((4, 4, 2.0)) == 0.0
    assert plain((400, 4, 50.0)) == 0.0  # runs away
    assert plain(*[(40, 4, 2.0)] * 10) == 1.0 == given.try_plan(((np.int64(400), 4, 2),), 0, 0, 0.0, 1e-3)
    two = [given.try_plan([(99, 4, 0.9)], seed, 2, 0.3, 0.05) for seed in range(20)]
    assert two == [given.try_plan([(99, 4, 0.9)], seed, 2, 0.3, 0.05) for seed in range(20)]


@pytest.mark.parametrize(
    "design, said",
    [
        ([], "1 to 50 phases"),
        ([(1, 1, 0.1)] * 51, "1 to 50 phases"),
        ({"steps": 3}, "1 to 50 phases"),
        ([(1, 1)], "three numbers"),
        ([3], "three numbers"),
        ([(1.5, 1, 0.1)], "whole numbers"),
        ([(1, 0, 0.1)], "whole numbers"),
        ([(True, 1, 0.1)], "whole numbers"),
        ([(1, 1, 0)], "lr should be"),
        ([(1, 1, np.nan)], "lr should be"),
        ([(1, 1, "0.1")], "lr should be"),
        ([(1, 10**9, 0.1)], "over the budget"),
        ([(10**400, 1, 0.1)], "over the budget"),
        ([(np.int8(100), np.int8(100), 0.1)], "over the budget"),
    ],
)
def test_a_plan_that_is_none_is_refused_before_anything_is_trained(design, said):
    with pytest.raises(ValueError, match=said):
        given.try_plan(design, 0, 10.5, 0.0, 0.1)


def test_the_curvatures_are_those_that_the_text_tells():
    assert given.CURVATURES.sum() == pytest.approx(1) and given.CURVATURES.max() == pytest.approx(
        1 / 8, rel=0.01
    )


def small_digits(runs=2):
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(runs, 40, 4))
    return given.Digits(inputs, np.eye(3)[inputs[..., :3].argmax(axis=-1)])


def test_runs_side_by_side_are_runs_by_themselves():
    data, theta = small_digits(), np.random.default_rng(1).normal(size=(2, 4, 3))
    rows = np.array([[0, 1, 2], [5, 7, 9]])
    for run in range(2):
        z = data.X[run] @ theta[run]
        y = data.Y[run].argmax(axis=1)
        assert data.cost(theta)[run] == pytest.approx(softmax_cross_entropy(z, y)[0])
        part = rows[run]
        alone = data.X[run][part].T @ softmax_cross_entropy(z[part], y[part])[1]
        np.testing.assert_allclose(data.grad(theta, rows)[run], alone)


def test_steps_are_counted_until_the_goal():
    data = small_digits()
    theta, steps = np.zeros((2, 4, 3)), np.zeros(2)
    every = np.tile(np.arange(40), (2, 1))
    while (data.cost(theta) >= 0.6).any():
        steps += data.cost(theta) >= 0.6
        theta = theta - 0.5 * data.grad(theta, every)
    assert given.steps_to_goal(data, SGD(0.5), 40, 0.6, 99, 0).tolist() == steps.tolist()
    assert np.isinf(given.steps_to_goal(data, SGD(0.5), 40, 0.6, 2, 0)).all()
    assert np.isinf(given.steps_to_goal(data, SGD(500.0), 40, 1e-9, 50, 0)).all()


@pytest.mark.parametrize("begin", [1.0, 64.0, 0.125])
def test_a_tuned_rate_is_never_at_the_end_of_what_was_tried(begin):
    asked = []

    def steps(lr, most):
        asked.append(lr)
        count = 10 + (np.log2(lr) - 3) ** 2
        return np.inf if lr > 32 or count > most else count

    lr, tried = given.tuned_rate(steps, begin)
    assert lr == 8 and list(tried) == sorted(set(asked)) and len(asked) == len(tried)
    assert min(tried) < 8 < max(tried)


def test_the_slope_of_the_wells_is_that_of_their_cost():
    land = given.Wells((1.0, 0.7), (0.9, 0.35))
    x = np.linspace(-2.5, 2.5, 11)
    np.testing.assert_allclose(land.slope(x), (land.cost(x + 1e-6) - land.cost(x - 1e-6)) / 2e-6, atol=1e-8)
    around = land.cost(land.hill() + np.array([-0.1, 0, 0.1]))
    assert around[1] > max(around[0], around[2])
    start, end = given.ends(land, 64, 0, runs=20, steps=400)
    assert ((start > land.hill()) == (end > land.hill())).all() and np.abs(land.slope(end)).max() < 1e-3


def test_the_stream_is_told_at_the_examples_that_were_asked_for():
    costs = given.stream_costs(SGD(0.05), 4, [4, 400, 4000], seed=0)
    assert costs.shape == (3,) and 0.5 > costs[0] > costs[1] > costs[2] > 0


def test_the_clock_stops_at_the_goal():
    cost, grad = given.LinearCost(), given.LinearGradient()
    start, rng = np.zeros(3), np.random.default_rng(0)
    y = X @ [1.0, 2.0, 3.0]
    seen, seconds, costs = given.descend_on_the_clock(cost, grad, start, X, y, 0.1, 5, 0.01, rng)
    assert (np.diff(seen) > 0).all() and (np.diff(seconds) >= 0).all()
    assert costs[-1] <= 0.01 < costs[:-1].min() and len(seen) == len(costs)


@pytest.mark.parametrize(
    ("cost", "grad"),
    [(given.LinearCost(), given.LinearGradient()), (given.LogisticCost(), given.LogisticGradient())],
)
def test_a_given_gradient_is_that_of_its_cost(cost, grad):
    theta, y = np.array([0.3, -1.0, 0.5]), Y % 2
    numerical = numerical_gradient(lambda t: cost(t, X, y), theta, 1e-5)
    assert 0 < relative_error(numerical, grad(theta, X, y)) < 1e-8
    assert cost(theta, X, y) == pytest.approx(cost.each(theta, X, y).mean())
    assert pickle.loads(pickle.dumps(cost)) == cost
    with pytest.raises(ValueError, match="one example a row"):
        cost(theta, X[0], y[0])
    assert type(grad).__module__ == given.__name__


@pytest.mark.parametrize("batch_size", [2, 3, 5])
def test_a_replay_finds_the_examples_of_every_step(batch_size):
    y, rng = RNG.normal(size=7), np.random.default_rng(3)
    arguments = (given.LinearCost(), given.LinearGradient(), np.ones(3), X[:7], y, 0.1, 3)
    orders = [rows for _ in range(3) for rows in shared.cut(rng.permutation(7), batch_size)]
    theta, costs = shared.walk(*arguments[:6], orders)
    names = ("cost", "grad", "theta", "X", "y", "lr", "epochs")
    found, end = shared.replay(dict(zip(names, arguments, strict=True)) | {"batch_size": batch_size}, costs)
    assert [sorted(rows) for rows in found] == [sorted(rows) for rows in orders]
    np.testing.assert_allclose(end, theta, rtol=1e-12)


@pytest.mark.parametrize(
    "exercise, mistake, earned",
    [
        (lesson.minibatch_gd, "mini_in_order", 0),
        (lesson.minibatch_gd, "mini_one_order", 1),  # where a batch holds all examples
        (lesson.minibatches, "not_shuffled", 0),
    ],
)
@pytest.mark.parametrize("seed", [None, 1, 2])
def test_nothing_is_earned_without_a_shuffle(exercise, mistake, earned, seed):
    answer = next(one.function for one in exercise.mistakes if one.name == mistake)
    assert sum(examine(exercise, answer, seed).cases) == earned


@pytest.fixture
def explorer():
    return batch_path()


@pytest.mark.parametrize("name", ["batch_size", "lr", "epochs", "rate", "seed"])
def test_the_explorer_follows_every_control_to_its_ends(explorer, name):
    control, told = explorer.controls[name], set()
    ends = {"batch_size": (1, 10 ** (7 * DOUBLE)), "rate": (CONSTANT, FALLING)}
    for value in ends.get(name, (getattr(control, "min", None), getattr(control, "max", None))):
        control.value = value
        assert "alert" not in explorer.words.value
        told.add(explorer.summary + str(explorer.figure.axes[0].lines[1].get_ydata()))
    assert len(told) == 2


def test_the_explorer_counts_and_measures_rightly(explorer):
    explorer.controls["batch_size"].value = 10 ** (7 * DOUBLE)
    assert (
        "B = 128: 1 steps an epoch, 4 in all. The gradient noise at the minimum is 0.00" in explorer.summary
    )
    assert "scattered by 0.00" in explorer.summary  # all the data: every run is the same
    explorer.controls["batch_size"].value = 1
    scatter = float(explorer.summary.rpartition(" ")[2].rstrip("."))
    assert "128 steps an epoch, 512 in all" in explorer.summary
    explorer.controls["rate"].value = FALLING
    assert float(explorer.summary.rpartition(" ")[2].rstrip(".")) < scatter


def test_the_figures_show_what_they_are_given(drawn):
    plots.by_epoch([3.0, 2.0], [3.0, 1.0, 2.0, 0.0], steps=2)
    assert list(drawn()[-1].lines[1].get_ydata()) == [2, 1]  # the means of the epochs
    plots.noise([1, 4, 16], {"a": np.array([4.0, 2.0, 1.0])}, m=10**9)
    np.testing.assert_allclose(*(line.get_ydata() for line in drawn()[-1].lines[:2]))
    sizes, steps = [1, 10, 100, 1000], 5 * np.array([[11.0], [2], [1.1], [1.01]])
    plots.critical(sizes, steps, [1.0, 2.0, 3.0, 4.0], 10, 20)
    left, right = drawn()[-2:]
    predicted, x = left.lines[2].get_ydata(), left.lines[2].get_xdata()
    np.testing.assert_allclose(np.interp(np.log(sizes), np.log(x), predicted), steps[:, 0], rtol=0.01)
    assert right.lines[1].get_ydata()[-1] == 4 and list(left.lines[-1].get_xdata()) == [20]
    run = np.array([1.0, 2.0]), np.array([0.1, 0.2]), np.array([3.0, 1.0])
    plots.race({1: run, 4: run}, 0.5)
    assert list(drawn()[-1].lines[0].get_xdata()) == [100, 200]
    plots.rules([1, 2], {"SGD": {"a": np.array([2.0, 1.0])}, "Adam": {"a": np.array([3.0, 1.0])}})
    plots.settling({"a": np.array([1.0, 0.0])})
    assert drawn()[-1].lines[0].get_ydata()[-1] == 1e-16
    plots.wells(np.arange(3.0), {"a": np.array([1.0, 0, 2])}, (4, 1), {"a": np.array([0.5, 0.6, 0.7])})
    assert list(drawn()[-2].lines[1].get_xdata()) == [1]  # the star
    plots.stream({"a": np.ones(50)}, change=25)
    assert len(drawn()[-1].lines) == 2
