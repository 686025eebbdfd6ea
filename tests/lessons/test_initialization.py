"""Lesson 07: references against nnutils.initializers and activations, what the judge refuses, explorer, figures."""

import inspect

import numpy as np
import pytest

from nnutils import activations, initializers
from nnutils.checks.check import examine
from nnutils.checks.exercise import Raising
from nnutils.lessons.initialization import exercises as lesson
from nnutils.lessons.initialization import plots as plots
from nnutils.lessons.initialization.exercises import init_std
from nnutils.lessons.initialization.explorer import DEPTH, NAMES, fifty_layers, there_and_back

LIBRARY = {
    "init_std": initializers.init_std,
}


@pytest.mark.parametrize("name", LIBRARY)
@pytest.mark.parametrize("seed", range(5))
def test_reference_agrees_with_the_library(name, seed):
    exercise = getattr(lesson, name)
    for arguments in exercise.draw(seed):
        if isinstance(arguments, Raising):
            with pytest.raises(arguments.kind):
                LIBRARY[name](**arguments)
            continue
        for ours, theirs in zip(
            _parts(exercise(**arguments)), _parts(LIBRARY[name](**arguments)), strict=True
        ):
            np.testing.assert_allclose(ours, theirs, rtol=1e-9)


def _parts(result):
    return result if isinstance(result, list | tuple) else [result]


def test_unknown_scheme_is_a_value_error():
    for function in (lesson.init_std, *lesson.init_std.variants):
        with pytest.raises(ValueError):
            function(3, 4, "hee")


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


def test_explorer_backward_is_the_gradient():
    """The gradient of sum(d a_last) by z of layer 1, against a two-sided difference along one direction."""
    gain, name, width = 1.3, "elu", 16
    from nnutils.lessons.initialization import explorer

    weights = [W * np.sqrt(gain / len(W)) for W in explorer.draws(width)]
    d = np.random.default_rng(1).standard_normal((explorer.EXAMPLES, width))

    def cost(z):
        a = activations.elu(z)[0]
        for W in weights[1:]:
            a = activations.elu(a @ W)[0]
        return np.sum(d * a)

    z = explorer.examples() @ weights[0]
    grad = np.empty(z.size)
    for i in range(z.size):
        e = np.zeros(z.size)
        e[i] = 1e-5
        grad[i] = (cost(z + e.reshape(z.shape)) - cost(z - e.reshape(z.shape))) / 2e-5
    np.testing.assert_allclose(np.sqrt(np.mean(grad**2)), there_and_back(gain, name, width)[1][0], rtol=1e-4)


def test_explorer_follows_its_controls():
    explorer = fifty_layers()
    before, picture = explorer.summary, explorer.picture.value
    explorer.controls["gain"].value = 2.0
    assert explorer.summary != before and explorer.picture.value != picture and "2.00" in explorer.summary
    forward = there_and_back(2.0, "relu", 96)[0]
    assert f"{forward[-1]:.2g} after layer {DEPTH}" in explorer.summary
    for gain in (0.1, 4.0):
        for name in NAMES:
            for width in (16, 96):
                for control, value in (("gain", gain), ("activation", name), ("width", width)):
                    explorer.controls[control].value = value
                assert name in explorer.words.value and "alert" not in explorer.words.value
    assert there_and_back(4.0, "tanh", 96)[1][0] > 100  # the signal is kept, the gradient explodes


def test_figures_have_titles_and_labels(drawn):
    W, curve = np.random.default_rng(0).normal(size=(64, 3)), np.geomspace(1, 10, 20)
    plots.unit_pictures({"one": W, "two": W}, "title")
    for draw in (
        lambda: plots.through_the_layers("title", {"one": curve, "two": np.stack([curve, curve])}, "y"),
        lambda: plots.learning({"one": np.ones((5, 3))}, "title", "loss"),
    ):
        draw()
        for axis in drawn():
            assert axis.get_title(loc="left") and axis.get_xlabel() and axis.get_ylabel()
    functions = {
        name
        for name, one in vars(plots).items()
        if inspect.isfunction(one) and one.__module__ == plots.__name__
    }
    assert functions == {
        "learning",
        "through_the_layers",
        "unit_pictures",
    }
