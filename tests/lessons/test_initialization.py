"""Lesson 07: references against nnutils.initializers, what the judges refuse, what is given, explorer, figures."""

import inspect

import numpy as np
import pytest

from nnutils import activations, initializers
from nnutils.checks.check import examine
from nnutils.checks.exercise import Raising
from nnutils.lessons.initialization import exercises as lesson
from nnutils.lessons.initialization import explorer, given, plots
from nnutils.lessons.initialization.exercises.init_std import init_std
from nnutils.lessons.initialization.explorer import DEPTH, NAMES, fifty_layers, there_and_back
from nnutils.network import dense_network


@pytest.mark.parametrize("name", ["init_std", "gain"])
@pytest.mark.parametrize("seed", range(5))
def test_reference_agrees_with_the_library(name, seed):
    exercise, library = getattr(lesson, name), getattr(initializers, name)
    for arguments in exercise.draw(seed):
        if isinstance(arguments, Raising):
            with pytest.raises(arguments.kind):
                library(**arguments)
        else:
            np.testing.assert_allclose(exercise(**arguments), library(**arguments), rtol=1e-9)


def test_unknown_scheme_is_a_value_error():
    for function in (lesson.init_std, *lesson.init_std.variants):
        with pytest.raises(ValueError):
            function(3, 4, "hee")


def test_gain_is_right_to_one_percent_and_no_further():
    for factor, status in ((0.993, "passed"), (1.007, "passed"), (0.98, "failed"), (1.02, "failed")):

        def off(activation, factor=factor):
            z = np.random.default_rng(0).normal(size=4_000_000)
            return factor / np.sqrt(np.mean(activation(z) ** 2))

        assert examine(lesson.gain, off).status == status


def test_a_million_draws_are_enough_for_gain():
    for seed in range(20):

        def drawn(activation, seed=seed):
            return 1 / np.sqrt(np.mean(activation(np.random.default_rng(seed).normal(size=1_000_000)) ** 2))

        assert examine(lesson.gain, drawn).status == "passed"


def test_a_mistake_of_gain_is_named_when_it_is_drawn():
    def drawn(activation):
        return 1 / np.mean(activation(np.random.default_rng(0).normal(size=1_000_000)) ** 2)

    assert "root is missing" in str(examine(lesson.gain, drawn))


def test_the_schemes_follow_from_the_gains():
    relu, linear = lesson.gain(given.Bent()), lesson.gain(lambda z: z)
    assert relu / np.sqrt(300) == pytest.approx(lesson.init_std(300, 50, "he"), rel=1e-3)
    assert linear / np.sqrt(300) == pytest.approx(lesson.init_std(300, 50, "lecun"), rel=1e-3)
    # Glorot's variance is one over the mean of what the two directions ask for
    assert lesson.init_std(300, 50, "glorot") ** -2 == pytest.approx((300 + 50) / 2)


def test_initialize_draws_the_library_s_weights_bit_for_bit():
    rng = np.random.default_rng(2)
    for (W, b), sizes in zip(
        lesson.initialize([5, 3, 2], "glorot", np.random.default_rng(2)), [(5, 3), (3, 2)], strict=True
    ):
        np.testing.assert_allclose(W, initializers.weights(*sizes, "glorot", rng), rtol=1e-14)
        np.testing.assert_array_equal(b, np.zeros(sizes[1]))


@pytest.mark.parametrize(("scheme", "variance"), [("he", 2 / 300), ("glorot", 2 / 500), ("lecun", 1 / 300)])
def test_initialize_has_the_scheme_s_variance(scheme, variance):
    (W1, b1), (W2, b2) = lesson.initialize([300, 200, 100], scheme, np.random.default_rng(0))
    assert W1.shape == (300, 200) and b1.shape == (200,) and W2.shape == (200, 100) and not b2.any()
    assert W1.var() == pytest.approx(variance, rel=0.03) and abs(W1.mean()) < 0.001


@pytest.mark.parametrize("seed", range(5))
def test_judge_refuses_slips(seed):
    arguments = lesson.initialize.draw(seed)[0]
    good = lesson.initialize(**arguments)
    assert lesson.initialize.verdict_on(arguments, good) is None
    for change, word in (
        (lambda W, b: (W + 0.05, b), "mean 0"),
        (lambda W, b: (1.3 * W, b), "standard deviation"),
        (lambda W, b: (W, b + 1), "zeros"),
        (lambda W, b: (np.round(W, 1), b), "twice"),
    ):
        assert word in lesson.initialize.verdict_on(arguments, [change(W, b) for W, b in good])


def same_seed_for_each_layer(layer_sizes, scheme, rng):
    seed = int(rng.integers(1000))
    return [
        (np.random.default_rng(seed).normal(0, init_std(i, o, scheme), (i, o)), np.zeros(o))
        for i, o in zip(layer_sizes[:-1], layer_sizes[1:], strict=True)
    ]


def test_the_same_draws_in_two_layers_are_refused():
    verdict = examine(lesson.initialize, same_seed_for_each_layer)
    assert verdict.status == "failed" and "same draws" in verdict.headline


def test_train_units_goes_down_the_numerical_gradient():
    a = lesson.train_units.draw(1)[0] | {"steps": 1}
    start, end = lesson.train_units(**a)

    def cost(W, b, v, c):
        return np.mean((np.tanh(a["X"] @ W + b) @ v + c - a["y"]) ** 2) / 2

    rng, h = np.random.default_rng(0), 1e-5
    way = [rng.normal(size=np.shape(part)) for part in start]
    up, down = (cost(*[p + s * d for p, d in zip(start, way, strict=True)]) for s in (h, -h))
    slope = sum(np.sum((p - q) * d) for p, q, d in zip(start, end, way, strict=True)) / a["lr"]
    assert slope == pytest.approx((up - down) / (2 * h), rel=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_what_train_units_refuses(seed):
    a = lesson.train_units.draw(seed)[0]
    (W, b, v, c), end = lesson.train_units(**a)
    refused = lesson.train_units.verdict_on
    assert refused(a, ((W, b, v, c), end)) is None
    assert "(start, end)" in refused(a, end)
    assert "(W, b, v, c)" in refused(a, ((W, b, v), end))
    assert "shape" in refused(a, ((W.T, b, v, c), end))
    assert "begin at 0" in refused(a, ((W, b + 0.1, v, c), end))
    assert "same incoming" in refused(a, ((W[:, :1] + 0 * W, b, v, c), end))
    assert "same outgoing" in refused(a, ((W, b, v[:1] + 0 * v, c), end))
    assert "standard deviation" in refused(a, ((2 * W, b, v, c), end))
    assert "mean 0" in refused(a, ((W + 0.1, b, v, c), end))
    shared = W.copy()
    shared[0] = v * np.sqrt(len(v)) / np.sqrt(len(W))
    assert "in W and in v" in refused(a, ((shared, b, v, c), end))
    assert "the end's b" in refused(a, ((W, b, v, c), (end[0], end[1] + 1e-3, *end[2:])))


def test_only_all_faults_of_the_start_together_leave_the_units_one():
    a = lesson.train_units.draw(1)[0]

    def apart(*faults):
        (mistake,) = [m for m in lesson.train_units.mistakes if m.faults == {*faults}]
        return np.ptp(mistake.function(**a)[1][0], axis=1).max()

    assert apart("draws_begin_anew", "equal_outgoing") < 1e-12
    assert apart("draws_begin_anew") > 1e-3 and apart("equal_outgoing") > 1e-3


def test_given_backward_is_the_gradient():
    """The gradient of sum(d a_last) by z of layer 1, against two-sided differences."""
    rng = np.random.default_rng(3)
    weights, x = [rng.normal(size=pair) for pair in ((4, 5), (5, 3), (3, 2))], rng.normal(size=(6, 4))
    d = np.random.default_rng(1).standard_normal((6, 2))

    def cost(z):
        a = activations.elu(z)[0]
        for W in weights[1:]:
            a = activations.elu(a @ W)[0]
        return np.sum(d * a)

    z = x @ weights[0]
    grad = np.empty(z.size)
    for i in range(z.size):
        e = np.zeros(z.size)
        e[i] = 1e-5
        grad[i] = (cost(z + e.reshape(z.shape)) - cost(z - e.reshape(z.shape))) / 2e-5
    apart, back, _ = given.there_and_back(weights, x, activations.elu, np.random.default_rng(1))
    assert back[0] == pytest.approx(np.sqrt(np.mean(grad**2)), rel=1e-6)
    assert apart[0] == pytest.approx(np.sqrt(activations.elu(z)[0].var(axis=0).mean()))


def test_flat_is_the_share_of_small_slopes():
    z = np.array([[0.0, 1.0, 5.0, -9.0]])
    flat = given.there_and_back([np.eye(4)], z, activations.sigmoid, np.random.default_rng(0))[2]
    assert flat == [0.5]


def test_each_variance_gets_its_own_rate_and_fresh_seeds():
    rng = np.random.default_rng(0)
    asked = []

    def data(seed):
        asked.append(seed)
        X = rng.normal(size=(120, 3))
        y = (X[:, 0] > 0).astype(int)
        return (X[:100], y[:100]), (X[100:], y[100:])

    def start(variance, seed):
        network = dense_network([3, 2], rng=seed)
        network.weights[0][:] *= variance
        return network

    tried, reached = given.at_best_rates(start, [0.1, 1.0], [1e-9, 0.1, 0.5], data, (7, 8), range(3))
    assert tried.shape == (2, 3) and reached.shape == (3, 2) and asked == [7, 8, 0, 1, 2]
    assert (tried.argmax(axis=1) > 0).all() and reached.mean() > 0.8


def test_explorer_follows_its_controls():
    shown = fifty_layers()
    before, picture = shown.summary, shown.picture.value
    shown.controls["variance"].value = 2.0
    assert shown.summary != before and shown.picture.value != picture and "2.00" in shown.summary
    forward = there_and_back(2.0, "relu", 96)[0]
    assert f"{forward[-1]:.2g} after layer {DEPTH}" in shown.summary
    for variance in (0.1, 4.0):
        for name in NAMES:
            for width in (16, 96):
                for control, value in (("variance", variance), ("activation", name), ("width", width)):
                    shown.controls[control].value = value
                assert name in shown.words.value and "alert" not in shown.words.value
    assert there_and_back(4.0, "tanh", 96)[1][0] > 100  # the signal is kept, the gradient explodes
    assert [len(W) for W in explorer.draws(16)[:2]] == [64, 16]


def test_figures_have_titles_and_labels(drawn):
    rng = np.random.default_rng(0)
    W, curve, runs = rng.normal(size=(64, 3)), np.geomspace(1, 10, 20), rng.random((4, 5))
    plots.unit_pictures({"one": W, "two": W}, "title")
    for draw in (
        lambda: plots.through_the_layers("title", {"one": curve, "two": curve}, "y"),
        lambda: plots.typical_networks({"one": runs, "two": runs}),
        lambda: plots.spread_over_depth({24: curve, 48: curve}, curve, 48),
        lambda: plots.forward_and_back({"one": (curve, curve), "two": (curve, curve)}),
        lambda: plots.over_variances([1, 2, 3, 4, 5], {"one": runs}, 0.9, "plain"),
    ):
        draw()
        axes = drawn()
        assert axes[0].get_ylabel() and all(axis.get_title(loc="left") and axis.get_xlabel() for axis in axes)
    functions = {
        name
        for name, one in vars(plots).items()
        if inspect.isfunction(one) and one.__module__ == plots.__name__
    }
    assert functions == {
        "forward_and_back",
        "over_variances",
        "spread_over_depth",
        "through_the_layers",
        "typical_networks",
        "unit_pictures",
    }
