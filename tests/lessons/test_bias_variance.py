"""Lesson 02: what the judge of the learning curve refuses, the givens, the explorer's arithmetic, the figures."""

import numpy as np
import pytest

from nnutils.checks.check import examine
from nnutils.lessons.bias_variance import exercises as lesson
from nnutils.lessons.bias_variance import plots
from nnutils.lessons.bias_variance.explorer import MOST, PLACES, fits, parts, trade_off, truth
from nnutils.lessons.bias_variance.given import Counting, FirstFeature, Rote
from nnutils.network import dense_network


@pytest.mark.parametrize("seed", range(5))
def test_error_rate_is_one_less_a_network_s_accuracy(seed):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(30, 4)), rng.integers(0, 3, 30)
    network = dense_network([4, 5, 3], rng=seed)
    assert lesson.error_rate(y, network.predict(X)) == pytest.approx(1 - network.accuracy(X, y))


def test_a_diagnosis_always_has_a_next_step_and_only_a_good_fit_ends():
    found = {lesson.diagnose(train, dev, 0.1) for train in (0.05, 0.1, 0.2) for dev in (0.05, 0.1, 0.15, 0.3)}
    assert len(found) == 4
    assert {d for d in found if lesson.next_step(d) == "test set"} == {"good fit"}


@pytest.mark.parametrize("seed", range(5))
def test_bias_and_variance_make_up_the_error(seed):
    for arguments in lesson.bias_variance.draw(seed):
        error = np.mean((arguments["predictions"] - arguments["truth"]) ** 2.0)
        assert sum(lesson.bias_variance(**arguments)) == pytest.approx(error)


def test_the_givens_do_what_they_say():
    X, y = np.arange(6).reshape(3, 2), np.array([5, 6, 7])
    assert FirstFeature(1)(X, y)(X).tolist() == [1, 3, 5]
    assert Rote(-1)(X[:2], y[:2])(X).tolist() == [5, 6, -1]
    assert Counting()(X[:2], y[:2])(X).tolist() == [2, 2, 2]


def curve(fit, X, y, sizes, order):
    X, y, start, errors = X[order], y[order], max(sizes), []
    for n in sizes:
        predict = fit(X[:n], y[:n])
        errors.append([np.mean(predict(X[part]) != y[part]) for part in (slice(n), slice(start, None))])
    return np.transpose(errors)


def right_answer(fit, X, y, sizes, rng):
    return curve(fit, X, y, sizes, rng.permutation(len(y)))


def with_a_generator_of_its_own(fit, X, y, sizes, rng):
    return curve(fit, X, y, sizes, np.random.default_rng(7).permutation(len(y)))


def too_short(fit, X, y, sizes, rng):
    train, dev = right_answer(fit, X, y, sizes, rng)
    return train[:1], dev


def drawn_and_not_used(fit, X, y, sizes, rng):
    rng.random()
    return curve(fit, X, y, sizes, np.arange(len(y)))


def constant(train, dev):
    return lambda fit, X, y, sizes, rng: ([train] * len(sizes), [dev] * len(sizes))


def test_learning_curve_accepts_another_way_to_write_it():
    assert examine(lesson.learning_curve, right_answer).status == "passed"


@pytest.mark.parametrize(
    "answer, word",
    [
        (with_a_generator_of_its_own, "rng"),
        (too_short, "long"),
        (drawn_and_not_used, "shuffled"),
        (lambda fit, X, y, sizes, rng: 0.5, "list or tuple"),
        (constant(2.0, 0.5), "between 0 and 1"),
        (constant(0.0, 1.0), ""),
    ],
)
def test_learning_curve_refuses(answer, word):
    verdict = examine(lesson.learning_curve, answer)
    assert verdict.status == "failed" and word in " ".join([verdict.headline, *verdict.details])


def test_explorer_s_parts_agree_with_its_fits():
    for degree, noise, n in ((1, 0.5, 20), (6, 1.0, 50), (12, 0.3, 15)):
        bias2, variance = lesson.bias_variance(fits(degree, noise, n), truth(PLACES))
        exact = parts(noise, n)
        assert variance == pytest.approx(exact.variance[degree], rel=0.15)
        assert bias2 == pytest.approx(exact.bias2[degree], rel=0.15, abs=0.02 * exact.variance[degree])


def test_the_explorer_follows_its_sliders():
    explorer = trade_off()
    summaries = {explorer.summary}
    for name, ends in (("degree", (0, 12)), ("noise", (0.1, 1.0)), ("n", (15, MOST))):
        for value in ends:
            explorer.controls[name].value = value
            summaries.add(explorer.summary)
            assert "lowest total" in explorer.words.value and "alert" not in explorer.words.value
    assert len(summaries) == 7
    assert f"Degree 12 on {MOST} examples" in explorer.summary


def test_figures_have_titles_and_labels(drawn):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(20, 2)), rng.integers(0, 2, 20)
    networks = {name: dense_network([2, 3, 1], loss="sigmoid") for name in "ab"}
    places, runs = np.linspace(-1, 1, 9), rng.random((5, 2, 3))
    for draw in (
        lambda: plots.boundaries(networks, X, y),
        lambda: plots.recipe({"one": runs[:, :, 0], "two": runs[:, :, 1]}, 0.01),
        lambda: plots.many_fits(
            places, places, {1: rng.random((40, 9)), 2: rng.random((40, 9))}, (places, places)
        ),
        lambda: plots.decomposition([0, 1, 2], *rng.random((2, 3)), 0.2, rng.random(3)),
        lambda: plots.parts_by_size([1, 2, 4], {1: rng.random((3, 2)), 3: rng.random((3, 2))}),
        lambda: plots.learning_curves([1, 2, 4], {"one": runs, "two": runs}),
        lambda: plots.errors_by_width([1, 2, 4], {"one": runs, "two": runs}),
    ):
        draw()
        axes = drawn()
        assert all(one.get_title(loc="left") for one in axes) and axes[0].get_ylabel()
