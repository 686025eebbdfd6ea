"""Lesson 01: references against nnutils.splits, what the judges refuse, the explorer's arithmetic, the figures."""

import numpy as np
import pytest

from nnutils import splits
from nnutils.checks.check import examine
from nnutils.lessons.data_splits import exercises as lesson
from nnutils.lessons.data_splits import plots
from nnutils.lessons.data_splits.exercises import split_sizes
from nnutils.lessons.data_splits.explorer import binomial, chance_of_better, dev_set_size


@pytest.mark.parametrize("seed", range(5))
def test_split_sizes_agree_with_the_library(seed):
    for arguments in split_sizes.draw(seed):
        assert split_sizes(**arguments) == splits.split_sizes(**arguments)


@pytest.mark.parametrize("name", ["shuffle_split", "stratified_split"])
@pytest.mark.parametrize("seed", range(5))
def test_judge_accepts_the_library(name, seed):
    exercise = getattr(lesson, name)
    for arguments in exercise.draw(seed):
        assert exercise.verdict_on(arguments, getattr(splits, name)(**arguments)) is None


def test_recommended_fractions():
    np.testing.assert_allclose(lesson.recommend_fractions(1000), (0.6, 0.2, 0.2))
    np.testing.assert_allclose(lesson.recommend_fractions(1_000_000), (0.98, 0.01, 0.01))


def test_group_split_parts_no_group():
    groups = np.random.default_rng(11).integers(60, size=1000)
    parts = lesson.group_split(groups, (0.6, 0.2, 0.2), np.random.default_rng(11))
    assert sorted(np.concatenate(parts)) == list(range(1000))
    names = [set(groups[part]) for part in parts]
    assert not (names[0] & names[1] | names[0] & names[2] | names[1] & names[2])
    assert [len(part) for part in names] == [36, 12, 12]


def test_dev_standard_error():
    assert lesson.dev_standard_error(0.1, 900) == pytest.approx(0.01)


def test_shuffle_split_is_the_library_s_bit_for_bit():
    X, y = np.arange(60.0).reshape(20, 3), np.arange(20)
    ours = lesson.shuffle_split(X, y, (0.6, 0.2, 0.2), np.random.default_rng(4))
    theirs = splits.shuffle_split(X, y, (0.6, 0.2, 0.2), np.random.default_rng(4))
    for (X1, y1), (X2, y2) in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(X1, X2)
        np.testing.assert_array_equal(y1, y2)


def with_a_generator_of_its_own(X, y, fractions, rng):
    order = np.random.default_rng(7).permutation(len(y))
    parts = np.split(order, np.cumsum(split_sizes(len(y), fractions))[:-1])
    return [(X[part], y[part]) for part in parts]


def with_global_draws(X, y, fractions, rng):
    order = np.random.permutation(len(y))  # noqa: NPY002
    parts = np.split(order, np.cumsum(split_sizes(len(y), fractions))[:-1])
    return [(X[part], y[part]) for part in parts]


def in_place(X, y, fractions, rng):
    state = rng.bit_generator.state
    rng.shuffle(X)
    rng.bit_generator.state = state
    rng.shuffle(y)
    cuts = np.cumsum(split_sizes(len(y), fractions))[:-1]
    return list(zip(np.split(X, cuts), np.split(y, cuts), strict=True))


def rotated(X, y, fractions, rng):
    order = np.roll(np.arange(len(y)), rng.integers(1, len(y)))
    parts = np.split(order, np.cumsum(split_sizes(len(y), fractions))[:-1])
    return [(X[part], y[part]) for part in parts]


@pytest.mark.parametrize(
    "answer, word",
    [
        (rotated, "beside those beside which they came"),
        (with_a_generator_of_its_own, "rng"),
        (with_global_draws, "rng"),
        (in_place, "in place"),
        (lambda X, y, fractions, rng: len(y), "should be a list or tuple"),
        (lambda X, y, fractions, rng: [X, y], "pairs"),
    ],
)
def test_shuffle_split_refuses(answer, word):
    verdict = examine(lesson.shuffle_split, answer)
    assert verdict.status == "failed" and word in " ".join([verdict.headline, *verdict.details])


@pytest.mark.parametrize("name", ["stratified_split", "group_split"])
@pytest.mark.parametrize(
    "change, word",
    [
        (lambda parts: parts[:-1], "list of"),
        (lambda parts: [*parts[:-1], parts[-1][1:]], "in no part"),
        (lambda parts: [*parts[:-1], np.append(parts[-1], parts[0][0])], "2 times"),
        (lambda parts: [part + 0.0 for part in parts], "whole numbers"),
        (lambda parts: [part + 1 for part in parts], "from 0 to"),
    ],
)
def test_index_arrays_must_be_a_partition(name, change, word):
    exercise = getattr(lesson, name)
    arguments = exercise.draw(3)[1]
    assert word in exercise.verdict_on(arguments, change(exercise(**arguments)))


def test_give_or_take_one_is_accepted_and_two_are_not():
    arguments = lesson.stratified_split.draw(3)[1]
    train, dev, test = lesson.stratified_split(**arguments)
    rare = arguments["y"] == 1
    moved = train[rare[train]][:2]
    for k, good in ((1, True), (2, False)):
        parts = [np.setdiff1d(train, moved[:k]), np.append(dev, moved[:k]), test]
        assert (lesson.stratified_split.verdict_on(arguments, parts) is None) == good


def test_binomial_is_a_distribution_with_the_right_moments():
    for n, p in ((1, 0.3), (10, 0.05), (1000, 0.4), (100_000, 0.11)):
        k, weights = binomial(n, p)
        mean = k @ weights
        np.testing.assert_allclose(
            [weights.sum(), mean, (k - mean) ** 2 @ weights], [1, n * p, n * p * (1 - p)], rtol=1e-6
        )


def test_chance_of_better_agrees_with_a_simulation():
    rng = np.random.default_rng(0)
    for n, p, q in ((10, 0.1, 0.15), (300, 0.2, 0.23)):
        one, other = rng.binomial(n, p, 400_000), rng.binomial(n, q, 400_000)
        simulated = np.mean(one < other) + np.mean(one == other) / 2
        assert chance_of_better(n, p, q) == pytest.approx(simulated, abs=3e-3)
    assert chance_of_better(50, 0.2, 0.2) == pytest.approx(0.5)
    assert chance_of_better(1, 0.2, 0.5) == pytest.approx(0.8 * 0.5 + 0.5 * (0.8 * 0.5 + 0.2 * 0.5))


def test_the_explorer_follows_its_sliders():
    explorer = dev_set_size()
    before, picture = explorer.summary, explorer.picture.value
    explorer.controls["n"].value = 10_000
    assert "10000 dev examples" in explorer.summary and explorer.summary != before
    assert explorer.picture.value != picture
    for n, error, difference in ((10, 0.01, 0.001), (100_000, 0.4, 0.05)):
        for name, value in (("n", n), ("error", error), ("difference", difference)):
            explorer.controls[name].value = value
        assert "wins in" in explorer.words.value and "alert" not in explorer.words.value


def test_figures_have_titles_and_labels(drawn):
    runs = {"a": {"x": [0.9, 0.8], "y": [0.5, 0.6]}, "b": {"x": [0.7, 0.7], "y": [0.1, 0.2]}}
    labels = np.array([0, 1, 1, 2])
    draws = {
        n: tuple(np.random.default_rng(0).binomial(n, p, 200) / n for p in (0.1, 0.2)) for n in (10, 1000)
    }
    for draw in (
        lambda: plots.shares_by_size(lesson.recommend_fractions),
        lambda: plots.class_counts({"one": (labels, labels), "two": (labels, labels)}),
        lambda: plots.counts_of_rare_class({"one": [3, 4, 4], "two": [4, 4, 4]}, 4),
        lambda: plots.runs_compared(runs, "title", "x"),
        lambda: plots.measured_errors(draws, (0.1, 0.2)),
        lambda: plots.chosen_scores([1, 2], {10: [0.1, 0.09], 100: [0.1, 0.095]}, 0.1),
    ):
        draw()
        axes = drawn()
        assert all(one.get_title(loc="left") and one.get_xlabel() for one in axes) and axes[0].get_ylabel()


def test_picture_rows_shows_every_picture(drawn):
    plots.picture_rows({"one": np.zeros((3, 64)), "two": np.ones((3, 64))}, "title")
    assert [len(one.images) for one in drawn()] == [1] * 6
