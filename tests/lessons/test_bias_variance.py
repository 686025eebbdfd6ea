"""Lesson 02: what the judge of the learning curve refuses, the trial of a plan, the explorer's arithmetic, the figures."""

import numpy as np
import pytest

from nnutils.checks.check import examine
from nnutils.lessons.bias_variance import exercises as lesson
from nnutils.lessons.bias_variance import given, plots
from nnutils.lessons.bias_variance.explorer import MOST, PLACES, fits, parts, trade_off, truth
from nnutils.lessons.bias_variance.given import Counting, FirstFeature, Nearest, Rote
from nnutils.network import dense_network


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
    assert Nearest()(X[:2], y[:2])(X + 0.4).tolist() == [5, 6, 6]
    assert Nearest(weight=0.0)(X[:2], y[:2])(np.array([[9.0, 1.2]])).tolist() == [5]


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


def test_a_mean_curve_of_one_run_is_a_learning_curve():
    rng = np.random.default_rng(3)
    X, y, sizes = rng.normal(size=(40, 2)), rng.integers(0, 2, 40), [5, 10, 20]
    one = lesson.mean_curve(Nearest(), X, y, sizes, [np.random.default_rng(4).permutation(40)])
    np.testing.assert_allclose(one, lesson.learning_curve(Nearest(), X, y, sizes, np.random.default_rng(4)))


def test_a_power_law_without_noise_is_found_exactly():
    n = np.array([10, 55, 700])
    assert lesson.fit_power_law(n, 0.9 * n**-0.35) == pytest.approx((0.9, 0.35))


@pytest.mark.parametrize("shape", [(9, 4), (4, 9)])
def test_min_norm_fit_is_what_a_vanishing_ridge_leaves(shape):
    rng = np.random.default_rng(1)
    F, Y = rng.normal(size=shape), rng.normal(size=(shape[0], 2))
    np.testing.assert_allclose(lesson.min_norm_fit(F, Y), lesson.min_norm_fit(F, Y, 1e-9), atol=1e-6)


# The trial of a plan ---------------------------------------------------------------------------------------

TOLD = (0.33, 0.32, 0.40, 0.07)
FIRST = dict(given.FIRST)


def test_a_plan_costs_a_fee_and_a_price_for_what_is_raised_alone():
    assert given.price(FIRST) == given.price({"labels": 5, "units": 1, "epochs": 1}) == 0
    assert given.price(FIRST | {"labels": 101, "units": 5}) == 2 * given.FEE + 1 + 20
    for plan in ({"labels": 800}, {"units": 39}, {"epochs": 1075}):
        assert given.price(FIRST | plan) <= given.BUDGET


@pytest.mark.parametrize(
    "plan, word",
    [
        ([100, 4, 200], "dict"),
        ({"labels": 100, "units": 4}, "keys"),
        (FIRST | {"layers": 2}, "keys"),
        (FIRST | {"units": 4.5}, "whole"),
        (FIRST | {"units": True}, "whole"),
        (FIRST | {"labels": 0}, "1 or more"),
        (FIRST | {"labels": 801}, "budget"),
        (FIRST | {"units": 10**12}, "budget"),
        (FIRST | {"epochs": 10**400}, "budget"),
    ],
)
def test_a_plan_of_another_form_or_over_the_budget_is_refused_before_anything_is_trained(
    plan, word, monkeypatch
):
    monkeypatch.setattr(given, "_fresh", None)
    with pytest.raises(ValueError, match=word):
        given.try_plan(plan, 0, *TOLD)


def test_a_trial_is_deterministic_and_follows_its_seed():
    scores = [given.try_plan(FIRST, seed, *TOLD) for seed in (0, 0, 1)]
    assert scores[0] == scores[1] != scores[2]


@pytest.mark.parametrize("kind", given.KINDS)
def test_a_trial_finds_the_kind_of_task_that_was_measured(kind, monkeypatch):
    found = []
    monkeypatch.setattr(given, "_error", lambda task, plan, rng: found.append(task.kind) or 0.0)
    for seed in range(10):
        told = given.situation(kind, 0.07, np.random.default_rng([seed, 9]))
        given.try_plan(FIRST, seed, *told)
    assert found.count(kind) >= 9


# The explorer and the figures ------------------------------------------------------------------------------


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
    errors = {"train": 0.1, "vote": 0.2, "dev": 0.3}
    for draw in (
        lambda: plots.boundaries(networks, X, y),
        lambda: plots.many_fits(
            places, places, {1: rng.random((40, 9)), 2: rng.random((40, 9))}, (places, places)
        ),
        lambda: plots.two_cuts({"one": errors, "two": errors}, 0.15),
        lambda: plots.learning_curves([1, 2, 4, 8], {"one": runs, "two": runs}),
        lambda: plots.widths(
            [0, 2, 4],
            {"a": runs[0].T @ runs[0], "b": runs[1].T @ runs[1]},
            0.2,
            {"a": runs[0, 0], "b": runs[0, 1]},
        ),
    ):
        draw()
        axes = drawn()
        assert all(one.get_title(loc="left") for one in axes) and axes[0].get_xlabel()


def test_a_guess_is_drawn_where_there_is_one(drawn):
    rng = np.random.default_rng(0)
    runs = {name: rng.random((5, 3)) for name in "abc"}
    for guess in (None, 7.0):
        for draw in (
            lambda: plots.extrapolation([1, 2, 4], rng.random(3), 2, (0.5, 0.4), guess),  # noqa: B023
            lambda: plots.double_descent([10, 300, 1000], runs, runs, 300, 0.1, guess),  # noqa: B023
        ):
            draw()
            names = drawn()[0].get_legend_handles_labels()[1]
            assert ("your guess" in names) == (guess is not None)
