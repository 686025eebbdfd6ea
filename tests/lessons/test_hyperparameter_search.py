"""Lesson 17: references against nnutils.search and known values, what the judges refuse, the explorer, the figures."""

import numpy as np
import pytest

from nnutils import search
from nnutils.checks.check import examine
from nnutils.lessons.hyperparameter_search import exercises as lesson
from nnutils.lessons.hyperparameter_search import explorer as explorers
from nnutils.lessons.hyperparameter_search import plots

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


def test_figures_have_titles_and_labels(drawn):
    rng = np.random.default_rng(0)
    rates, windows = np.geomspace(0.01, 10, 5), np.geomspace(2, 500, 4)
    truth, points = rng.uniform(0.2, 2, size=(4, 5)), rng.uniform(0.1, 5, size=(6, 2))
    x, space = np.geomspace(0.01, 10, 30), {"lr": (0.1, 1, "log"), "window": (3, 50, "log")}
    named = {"one": points, "two": points}
    for draw in (
        lambda: plots.per_decade({"one": rates, "two": rates}, [0.01, 0.1, 1, 10], "title", "x"),
        lambda: plots.two_searches(named, {"one": points[:, 0], "two": points[:, 1]}),
        lambda: plots.loss_map(rates, windows, truth),
        lambda: plots.coarse_and_fine(rates, windows, truth, points, points, space),
        lambda: plots.surrogate(x, x, x, x, ([0.1], [1.0]), x),
        lambda: plots.side_by_side({"a": rng.uniform(0.2, 0.5, (3, 9))}, {"b": (9, 0.3)}),
        lambda: plots.drifted(rates, {"a": rng.uniform(size=(2, 5)), "b": rng.uniform(size=(2, 5))}),
    ):
        draw()
        axes = [one for one in drawn() if one.get_label() != "<colorbar>"]
        assert (
            all(one.get_title(loc="left") for one in axes) and axes[0].get_ylabel() and axes[-1].get_xlabel()
        )
