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
from nnutils.network import dense_network
from nnutils.optimizers import SGD
from nnutils.training import fit

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(23, 3)), np.arange(23)


@pytest.mark.parametrize("batch_size", [1, 5, 23, 40])
def test_the_lesson_and_the_library_cut_alike(batch_size):
    ours = lesson.minibatches(X, Y, batch_size, np.random.default_rng(1))
    theirs = batches.minibatches(X, Y, batch_size, np.random.default_rng(1))
    assert (
        len(ours) == len(theirs) == batches.num_steps(23, batch_size) == lesson.num_steps(23, batch_size, 1)
    )
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


def test_a_batch_of_all_is_batch_mode():
    cost, grad, theta = given.LinearCost(), given.LinearGradient(), np.array([1.0, 2.0, 3.0])
    whole, costs = lesson.batch_gd(cost, grad, theta, X, Y, 0.1, 4)
    same, also = lesson.minibatch_gd(cost, grad, theta, X, Y, 0.1, 4, 23, np.random.default_rng(0))
    np.testing.assert_allclose(whole, same, rtol=1e-12)
    np.testing.assert_allclose(costs, also, rtol=1e-12)


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
        (lesson.sgd, "sgd_in_order", 0),
        (lesson.sgd, "sgd_one_order", 0),
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
    plots.costs([3.0, 2.0, 1.0], "a title", "step")
    assert list(drawn()[-1].lines[0].get_ydata()) == [3, 2, 1]
    plots.by_epoch([3.0, 2.0], [3.0, 1.0, 2.0, 0.0], steps=2)
    assert list(drawn()[-1].lines[1].get_ydata()) == [2, 1]  # the means of the epochs
    walk = np.array([[1.0, 1.0], [0.0, 0.0]])
    plots.paths(lambda theta: float(theta @ theta), np.zeros(2), {"a": walk, "b": walk})
    assert len(drawn()) == 2
    plots.noise([1, 4, 16], {"a": np.array([4.0, 2.0, 1.0])})
    np.testing.assert_allclose(*(line.get_ydata() for line in drawn()[-1].lines))
    plots.speed([1, 4], [10.0, 30.0])
    plots.wandering({"a": np.ones(5)})
    plots.stream({"a": np.ones(50)}, change=25)
    assert len(drawn()[-1].lines) == 2
