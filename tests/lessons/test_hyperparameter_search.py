"""Lesson 17: references against nnutils.search and known values, what judges and the trial refuse, explorer, figures."""

import numpy as np
import pytest

from nnutils import search
from nnutils.checks.check import examine
from nnutils.lessons.hyperparameter_search import exercises as lesson
from nnutils.lessons.hyperparameter_search import explorer as explorers
from nnutils.lessons.hyperparameter_search import given, plots

SPACE = {"lr": (1e-4, 1.0, "log"), "keep_prob": (0.5, 1.0, "linear")}


@pytest.mark.parametrize("seed", range(5))
def test_log_uniform_agrees_with_the_library(seed):
    for arguments in lesson.log_uniform.draw(seed):
        np.testing.assert_allclose(
            lesson.log_uniform(**arguments), search.log_uniform(**arguments), rtol=1e-9
        )


def test_sample_beta_spreads_the_window_evenly():
    u = np.linspace(0, 1, 301)[:-1]
    beta = lesson.sample_beta(0.9, 0.9999, u)
    np.testing.assert_allclose(np.log10(1 / (1 - beta)), 1 + 3 * u, rtol=1e-9)
    assert beta[0] == pytest.approx(0.9)


def test_random_search_is_even_along_each_scale_and_independent():
    points = lesson.random_search(SPACE, 4000, np.random.default_rng(0))
    u = np.array([search.to_unit(SPACE, point) for point in points])
    for column in u.T:
        assert np.abs(np.sort(column) - np.arange(4000) / 4000).max() < 0.03
    assert abs(np.corrcoef(u.T)[0, 1]) < 0.05


def test_grid_has_every_combination_once_and_both_ends():
    points = lesson.grid(SPACE, 3)
    assert len({tuple(point.values()) for point in points}) == 9
    assert sorted({round(point["lr"], 9) for point in points}) == pytest.approx([1e-4, 1e-2, 1])
    assert {point["keep_prob"] for point in points} == {0.5, 0.75, 1.0}


def test_coarse_to_fine_spans_the_best():
    results = [({"lr": 10.0**-k, "keep_prob": 0.5 + k / 10}, abs(k - 2.2)) for k in range(5)]
    fine = lesson.coarse_to_fine(results, SPACE, 3)
    assert fine["lr"][2] == "log" and fine["keep_prob"][2] == "linear"
    assert fine["lr"][:2] == pytest.approx((1e-3, 1e-1))
    assert fine["keep_prob"][:2] == pytest.approx((0.6, 0.8))


def test_expected_improvement_agrees_with_a_simulation():
    rng = np.random.default_rng(0)
    mean, std, best = np.array([0.3, -1.0, 2.0]), np.array([0.5, 1.5, 0.7]), 0.4
    draws = mean + std * rng.normal(size=(400_000, 3))
    np.testing.assert_allclose(
        lesson.expected_improvement(mean, std, best), np.maximum(best - draws, 0).mean(axis=0), atol=4e-3
    )


def test_expected_improvement_without_spread_and_far_out():
    expected = lesson.expected_improvement(np.array([1.0, 3.0]), np.zeros(2), 2.0)
    np.testing.assert_allclose(expected, [1, 0])
    assert lesson.expected_improvement(50.0, 1.0, 0.0) >= 0
    assert float(lesson.expected_improvement(1.0, 1.0, 1.0)) == pytest.approx(1 / np.sqrt(2 * np.pi))


def outside(space, n, rng):
    return [{name: value * 1.5 for name, value in p.items()} for p in lesson.random_search(space, n, rng)]


def ends_only(space, n, rng):
    return [{name: b[rng.integers(2)] for name, b in space.items()} for _ in range(n)]


def drifting(space, n, rng):
    u = rng.random(size=(n, len(space)))
    u[:, 0] = np.cumsum(rng.uniform(0, 0.05, size=n)) % 1
    return [search.from_unit(space, one) for one in u]


def opposite(space, n, rng):
    u = rng.random(size=(n, 1))
    return [search.from_unit(space, one) for one in np.hstack([u, 1 - u, u])[:, : len(space)]]


def normal(space, n, rng):
    u = np.clip(rng.normal(0.5, 0.15, size=(n, len(space))), 0, 1)
    return [search.from_unit(space, one) for one in u]


@pytest.mark.parametrize(
    "answer, word",
    [
        (outside, "outside"),
        (ends_only, "few different"),
        (drifting, "point before"),
        (opposite, "depend on each other"),
        (normal, "evenly"),
        (lambda space, n, rng: [{"lr": 0.1}] * n, "value for each"),
        (lambda space, n, rng: [list(range(n))], "list of dicts"),
        (lambda space, n, rng: [{name: b[0] for name, b in space.items()}] * (n + 1), "there should be"),
    ],
)
def test_random_search_refuses(answer, word):
    arguments = lesson.random_search.draw(3)[0]
    space, n = arguments["space"], arguments["n"]
    assert word in lesson.random_search.verdict_on(arguments, answer(space, n, np.random.default_rng(0)))


def test_random_search_must_draw_from_rng():
    def with_a_generator_of_its_own(space, n, rng):
        own = np.random.default_rng(5)
        return [
            {name: float(np.exp(own.uniform(np.log(low), np.log(high)))) if scale == "log" else own.uniform(low, high)
             for name, (low, high, scale) in space.items()} for _ in range(n)
        ]  # fmt: skip

    verdict = examine(lesson.random_search, with_a_generator_of_its_own)
    assert verdict.status == "failed" and "rng" in " ".join([verdict.headline, *verdict.details])


def test_grid_may_come_in_any_order_but_must_be_whole():
    arguments = {"space": SPACE, "n": 3}
    points = lesson.grid(SPACE, 3)
    shuffled = [points[i] for i in np.random.default_rng(0).permutation(9)]
    assert lesson.grid.verdict_on(arguments, shuffled) is None
    assert "stands twice" in lesson.grid.verdict_on(arguments, [*points[:-1], points[0] | {"lr": 1.0}])
    assert "9 points" in lesson.grid.verdict_on(arguments, points[:-1])


def test_both_directions_of_sample_beta_are_accepted():
    arguments = {"low": 0.9, "high": 0.999, "u": np.array([0.0, 0.25])}
    for u in (arguments["u"], 1 - arguments["u"]):
        assert lesson.sample_beta.verdict_on(arguments, lesson.sample_beta(0.9, 0.999, u)) is None
    assert "should be" in lesson.sample_beta.verdict_on(arguments, np.array([0.9, 0.95]))


def test_the_explorer_counts_and_finds_what_it_says():
    lattice, chance = explorers.points_of(5, 0)
    assert len({*lattice[:, 0]}) == 5 and len({*chance[:, 0]}) == 25
    assert explorers.loss(0.37, 0.1, 0.37, 0.0) == 0 and explorers.loss(0.37, 0.62, 0.37, 1.0) == 0
    assert explorers.loss(0.37, 0.1, 0.37, 1.0) > 0.99


def test_the_explorer_follows_its_sliders():
    explorer = explorers.random_against_grid()
    for values in ((2, 0.0, 0.05, 30), (10, 1.0, 0.95, 1)):
        before, picture = explorer.summary, explorer.picture.value
        for name, value in zip(("n", "weight", "peak", "seed"), values, strict=True):
            explorer.controls[name].value = value
        n, weight, peak, seed = values
        assert explorer.summary != before and explorer.picture.value != picture
        assert "alert" not in explorer.words.value and f"{n * n} runs each" in explorer.summary
        found = [explorers.loss(p[:, 0], p[:, 1], peak, weight).min() for p in explorers.points_of(n, seed)]
        assert f"finds a loss of {found[0]:.2f}" in explorer.summary
        assert f"and finds {found[1]:.2f}" in explorer.summary


def test_a_gaussian_process_agrees_with_scikit_learn():
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF

    rng = np.random.default_rng(1)
    X, Z, y = rng.uniform(size=(12, 2)), rng.uniform(size=(7, 2)), rng.normal(size=12)
    theirs = GaussianProcessRegressor(RBF(0.3), alpha=0.1, optimizer=None).fit(X, y)
    ours = lesson.gp_posterior(search.rbf_kernel(X, X, 0.3), search.rbf_kernel(X, Z, 0.3), y, 0.1)
    for numbers, expected in zip(ours, theirs.predict(Z, return_std=True), strict=True):
        np.testing.assert_allclose(numbers, expected, rtol=1e-6, atol=1e-8)


def test_halving_resumes_and_stays_within_its_budget():
    made, calls = {}, []

    def train(config, steps, state):
        assert state == made.get(config)
        made[config] = (state or 0) + steps
        calls.append(steps)
        return abs(config - 3.2) + 1 / made[config], made[config]

    rounds, winner = lesson.successive_halving(train, list(range(9)), 60, 3)
    assert [len(one) for one in rounds] == [9, 3] and winner == 3
    assert sum(calls) == 9 * 3 + 3 * 10 <= 60 and made[3] == 13 and made[8] == 3


def test_halving_of_one_config_has_one_round():
    rounds, winner = lesson.successive_halving(given.Training({"a": np.ones(9)}), ["a"], 9, 2)
    assert rounds == [["a"]] and winner == "a"


@pytest.mark.parametrize("steps, state, word", [(0, None, "1 or more"), (2, ("b", 1), "not that of")])
def test_training_refuses_what_is_no_state_of_its_own(steps, state, word):
    train = given.Training({"a": np.ones(3), "b": np.ones(3)})
    with pytest.raises(ValueError, match=word):
        train("a", steps, state)


STAGE = {"draw": "random", "new": 10, "epochs": 1, "seeds": 1, "keep": 1}


@pytest.mark.parametrize(
    "design, word",
    [
        (None, "list of 1 to"),
        ([], "list of 1 to"),
        ([{"new": 3}], "dict with the keys"),
        ([STAGE | {"draw": "sobol"}], "random"),
        ([STAGE | {"draw": np.zeros(2)}], "random"),
        ([STAGE | {"new": 1.5}], "whole numbers"),
        ([STAGE | {"keep": True}], "whole numbers"),
        ([STAGE | {"new": 10**9}], "from 0 to"),
        ([STAGE | {"epochs": 11}], "epochs from 1 to 10"),
        ([STAGE | {"draw": "grid"}], "1, 16, 81"),
        ([STAGE | {"keep": 11}], "at most the points"),
        ([STAGE | {"epochs": 2}, STAGE], "not be fewer"),
        ([STAGE | {"new": 41, "epochs": 10}], "over the budget"),
        ([STAGE | {"new": 40, "keep": 40}, STAGE | {"new": 1, "epochs": 10}], "over the budget"),
    ],
)
def test_a_policy_of_another_form_or_over_the_budget_is_refused(design, word):
    with pytest.raises(ValueError, match=word):
        given.try_policy(design, 0, 0.1, 0.5)


def test_a_run_is_paid_once_and_more_runs_find_better_settings():
    spent = [STAGE | {"new": 40, "epochs": 9, "keep": 4}, STAGE | {"new": 3, "epochs": 10}]
    assert given.try_policy(spent, 0, 0.1, 0.5) == given.try_policy(spent, 0, 0.1, 0.5)
    scores = [
        np.mean([given.try_policy([STAGE | {"new": n, "epochs": 10}], seed, 0.0, 0.5) for seed in range(6)])
        for n in (1, 6, 40)
    ]
    assert abs(scores[0]) < 0.1 and scores[0] + 0.3 < scores[1] < scores[2] - 0.05


def test_curves_and_runs_follow_their_seeds():
    rates, windows = np.array([0.01, 0.1, 100.0]), np.array([2.0, 10.0])
    first, same, other = (given.curves(rates, windows, seed, 0, epochs=2) for seed in (0, 0, 1))
    assert first.shape == (2, 2, 3) and (first == same).all() and (first[:, :, 1] != other[:, :, 1]).all()
    assert (first[-1, :, 2] > 2).all() and (first <= 9).all()
    settings = {"lr": 0.2, "window": 5.0, "units": 16, "layers": 2, "batch": 64}
    assert given.one_run(**settings, seed=0) == given.one_run(**settings, seed=0) < 2.2


def test_scaled_rates_change_nothing_at_the_base_width():
    rates = np.array([0.01, 0.03])
    plain, scaled = (given.width_losses(rates, 16, 0, by) for by in (False, True))
    np.testing.assert_allclose(plain, scaled, rtol=1e-5)
    assert (given.width_losses(rates, 32, 0, True) != given.width_losses(rates, 32, 0, False)).all()


def test_a_loss_map_holds_its_knots_and_is_linear_between_them():
    space = {"lr": (1.0, 100.0, "log"), "window": (0.0, 2.0, "linear")}
    loss = given.LossMap(np.array([[1.0, 2.0, 4.0], [3.0, 4.0, 8.0], [5.0, 6.0, 9.0]]), space)
    assert loss({"lr": 10.0, "window": 1.0}) == pytest.approx(4)
    assert loss({"lr": 100.0, "window": 2.0}) == pytest.approx(9)
    assert loss({"lr": 10**0.5, "window": 0.5}) == pytest.approx(2.5)


def test_the_middle_of_the_good_rates_is_that_of_the_valley():
    rates = 2.0 ** np.arange(-6, 7)
    for centre in (-2.0, 0.0, 1.0):
        losses = 0.2 + (np.log2(rates) - centre) ** 2
        assert given.middle_of_good(rates, losses) == pytest.approx(2**centre, rel=0.05)


def test_sobol_points_are_spread_evenly():
    points = given.sobol_points(SPACE, 64, 0)
    u = np.array([search.to_unit(SPACE, point) for point in points])
    assert (np.histogram2d(*u.T, bins=4, range=[[0, 1], [0, 1]])[0] == 4).all()
    assert len(given.sobol_points(SPACE, 36, 0)) == 36


def test_the_share_explained_is_one_for_the_cause_and_small_for_a_dummy():
    rng = np.random.default_rng(0)
    cause, dummy = rng.integers(4, size=600), rng.random(600)
    assert given.share_explained(cause, np.array([3.0, 1.0, 7.0, 2.0])[cause]) == pytest.approx(1)
    assert given.share_explained(dummy, np.array([3.0, 1.0, 7.0, 2.0])[cause]) < 0.04


def test_figures_have_titles_and_labels(drawn):
    rng = np.random.default_rng(0)
    rates, windows = np.geomspace(0.01, 10, 5), np.geomspace(2, 500, 4)
    truth, points = rng.uniform(0.2, 2, size=(4, 5)), rng.uniform(0.1, 5, size=(6, 2))
    x = np.geomspace(0.01, 10, 30)
    named = {"one": points, "two": points}
    shares, found = {"lr": 0.4, "dummy": 0.1}, {"random": (3.0, 0.5), "grid": (2.0, 0.4)}
    by_width = {16: rates, 256: rates}
    paths = [(0, np.array([2.0])), (1, np.array([2.0, 1.0])), (2, np.array([2.0, 1.0, 0.5]))]
    for draw in (
        lambda: plots.two_searches(named, {"one": points[:, 0], "two": points[:, 1]}),
        lambda: plots.shares({"all": shares, "some": shares}),
        lambda: plots.again(rates, truth.T),
        lambda: plots.batch_sizes(rates, {"a": rates, "b": rates}),
        lambda: plots.valley(rates, windows, truth, {"ours": windows, "theirs": windows}),
        lambda: plots.halving(paths, {"halving": (81, 0.2), "full": (78, 0.3)}),
        lambda: plots.surrogate(x, x, x, x, ([0.1], [1.0]), x),
        lambda: plots.contest({"exact": found, "real": found}),
        lambda: plots.drifted(rates, {"a": rng.uniform(size=(2, 5)), "b": rng.uniform(size=(2, 5))}),
        lambda: plots.widths(
            rates,
            {"Standard": by_width, "muP": by_width},
            {"Standard": {16: 0.1, 256: 0.2}, "muP": {16: 0.1, 256: 0.2}},
        ),
    ):
        draw()
        axes = [one for one in drawn() if one.get_label() != "<colorbar>"]
        assert all(one.get_title(loc="left") for one in axes)
        assert axes[0].get_ylabel() and (axes[-1].get_xlabel() or axes[-1].get_xticklabels())
