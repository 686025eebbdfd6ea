"""Lesson 01: references against the library and Monte Carlo, what the judges refuse, the explorer's arithmetic, the figures."""

import numpy as np
import pytest

from nnutils import splits
from nnutils.checks.check import examine
from nnutils.lessons.data_splits import exercises as lesson
from nnutils.lessons.data_splits import given, plots
from nnutils.lessons.data_splits.exercises import split_sizes
from nnutils.lessons.data_splits.explorer import chance_of_better, dev_set_size, standard_error


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


def test_group_split_parts_no_group():
    groups = np.random.default_rng(11).integers(60, size=1000)
    parts = lesson.group_split(groups, (0.6, 0.2, 0.2), np.random.default_rng(11))
    assert sorted(np.concatenate(parts)) == list(range(1000))
    names = [set(groups[part]) for part in parts]
    assert not (names[0] & names[1] | names[0] & names[2] | names[1] & names[2])
    assert [len(part) for part in names] == [36, 12, 12]


def test_dev_standard_error_is_the_spread_of_measured_errors():
    measured = np.random.default_rng(0).binomial(50, 0.2, 100_000) / 50
    assert lesson.dev_standard_error(0.2, 50) == pytest.approx(measured.std(), rel=0.02)


def pair_of_models(n, rng):
    u = rng.random(n)
    return u < 0.15, (u < 0.1) | (u > 0.93)  # 10 % together, 5 % only A, 7 % only B


def test_paired_standard_error_is_the_spread_of_measured_differences():
    wrong_a, wrong_b = pair_of_models(20_000, np.random.default_rng(0))
    chosen = np.random.default_rng(1).integers(20_000, size=(10_000, 100))
    spread = (wrong_a[chosen].mean(axis=1) - wrong_b[chosen].mean(axis=1)).std()
    assert lesson.paired_standard_error(wrong_a, wrong_b) * np.sqrt(200) == pytest.approx(spread, rel=0.03)


def test_with_examples_needed_a_difference_is_1_96_standard_errors():
    wrong_a, wrong_b = pair_of_models(50_000, np.random.default_rng(2))
    error, correlation = (wrong_a.mean() + wrong_b.mean()) / 2, np.corrcoef(wrong_a, wrong_b)[0, 1]
    n = lesson.examples_needed(0.02, error, correlation)
    of_n = lesson.paired_standard_error(wrong_a, wrong_b) * np.sqrt(50_000 / n)
    assert 1.96 * of_n == pytest.approx(0.02, rel=0.01)
    assert lesson.examples_needed(0.01, 0.1, 0) == 6915


def test_kfold_indices_have_each_example_in_dev_once():
    folds = lesson.kfold_indices(23, 4, np.random.default_rng(3))
    assert sorted(np.concatenate([dev for _, dev in folds])) == list(range(23))
    assert sorted(len(dev) for _, dev in folds) == [5, 6, 6, 6]
    assert all(sorted([*train, *dev]) == list(range(23)) for train, dev in folds)


def test_time_split_trains_on_the_oldest():
    times = np.random.default_rng(4).normal(size=50)
    train, dev = lesson.time_split(times, (0.7, 0.3))
    assert len(dev) == 15 and times[train].max() < times[dev].min()


def test_equal_times_may_be_cut_anywhere():
    arguments = {"times": np.array([1, 1, 1, 1, 0]), "fractions": (0.6, 0.4)}
    for dev in ([0, 1], [1, 3], [2, 0]):
        parts = [np.setdiff1d(np.arange(5), dev), np.array(dev)]
        assert lesson.time_split.verdict_on(arguments, parts) is None
    early = [np.array([0, 1, 2]), np.array([3, 4])]
    assert "earlier" in lesson.time_split.verdict_on(arguments, early)


@pytest.mark.parametrize("seed", range(3))
def test_the_given_pipeline_is_the_faulty_one(seed):
    everything = next(m for m in lesson.honest_score.mistakes if m.name.count("_and_") == 2)
    for arguments in lesson.honest_score.draw(seed):
        accuracy, scores = given.as_received(**arguments)
        wrong = everything.function(**arguments)
        assert accuracy == wrong[0]
        np.testing.assert_allclose(scores, wrong[1])


def test_an_honest_score_ignores_what_dev_patients_hold():
    X, y, patients, dev, n_kept = lesson.honest_score.draw(0)[0].values()
    rest = np.isin(patients, patients[dev])
    rest[dev] = False
    X_other, y_other = X.copy(), y.copy()
    X_other[rest] += 5
    y_other[rest] = 1 - y_other[rest]
    before, after = (lesson.honest_score(*of, patients, dev, n_kept) for of in ((X, y), (X_other, y_other)))
    np.testing.assert_array_equal(before[1], after[1])


def test_shifted_moves_to_the_right_and_blends():
    picture = np.zeros((3, 64))
    picture[:, 2] = 1  # row 0, column 2
    moved = given.shifted(picture, np.array([0, 1.25, 2.5]))[:, :8]
    np.testing.assert_allclose(moved[0], picture[0, :8])
    np.testing.assert_allclose(moved[1, 3:5], [0.75, 0.25])
    np.testing.assert_allclose(moved[2, 4:6], [0.5, 0.5])
    assert (
        given.shifted(np.eye(64), np.full(64, 8.0)).sum() == 0
    )  # out of the picture, and not back on the left


def test_features_of_the_study_of_nothing_know_no_label():
    X, y, patients, dev = given.study_of_nothing(np.random.default_rng(0))
    assert X.shape == (400, 200) and len(np.unique(patients[dev])) == 40
    assert all(len(np.unique(y[patients == name])) == 1 for name in range(100))


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


def test_chance_of_better_agrees_with_a_simulation():
    rng = np.random.default_rng(0)
    for n, p, q in ((100, 0.1, 0.15), (300, 0.2, 0.23)):
        one, other = rng.binomial(n, p, 400_000), rng.binomial(n, q, 400_000)
        simulated = np.mean(one < other) + np.mean(one == other) / 2
        assert chance_of_better(n, p, q) == pytest.approx(simulated, abs=5e-3)
    assert chance_of_better(50, 0.2, 0.2) == pytest.approx(0.5)


def test_the_explorer_s_standard_error_is_that_of_the_exercise():
    wrong_a, wrong_b = pair_of_models(400, np.random.default_rng(5))
    rates, correlation = (wrong_a.mean(), wrong_b.mean()), np.corrcoef(wrong_a, wrong_b)[0, 1]
    assert standard_error(400, *rates, correlation) == pytest.approx(
        lesson.paired_standard_error(wrong_a, wrong_b)
    )


def test_the_explorer_follows_its_sliders():
    explorer = dev_set_size()
    before, picture = explorer.summary, explorer.picture.value
    explorer.controls["n"].value = 10_000
    assert "10000 dev examples" in explorer.summary and explorer.summary != before
    assert explorer.picture.value != picture
    for values in ((10, 0.01, 0.001, 0.9), (100_000, 0.4, 0.05, 0.0)):
        for name, value in zip(("n", "error", "difference", "correlation"), values, strict=True):
            explorer.controls[name].value = value
        assert "wins in" in explorer.words.value and "alert" not in explorer.words.value


@pytest.mark.parametrize("guess", [None, 70.0])
def test_figures_have_titles_and_labels(drawn, guess):
    rng = np.random.default_rng(0)
    differences = {name: rng.normal(0.02, spread, 500) for name, spread in (("two", 0.03), ("one", 0.02))}
    for draw in (
        lambda: plots.parts_compared(rng.random((4, 2, 3)), ["a", "b"], ["x", "y", "z"], "where", "title"),
        lambda: plots.leaks_compared({"repaired": [0.5, 0.4], "leaky": [0.7, 0.8]}, 0.5, guess),
        lambda: plots.distances_to_truth({"one": rng.normal(size=9), "five": rng.normal(size=9)}, guess),
        lambda: plots.measured_differences(differences, 0.02, 200),
        lambda: plots.optimism([1, 2], {"own": [0, 1.0], "one": [0, 0.5], "test": [0, 0]}),
    ):
        draw()
        axes = drawn()
        assert all(one.get_title(loc="left") and one.get_xlabel() and one.get_ylabel() for one in axes)
        told = {text.get_text() for text in axes[0].texts}
        legend = axes[0].get_legend()
        told |= {text.get_text() for text in legend.get_texts()} if legend else set()
        has_guess = draw.__code__.co_freevars and "guess" in draw.__code__.co_freevars and guess
        assert ("your guess" in told) == bool(has_guess)


def test_picture_rows_shows_every_picture(drawn):
    plots.picture_rows({"one": np.zeros((3, 64)), "two": np.ones((3, 64))}, "title")
    assert [len(one.images) for one in drawn()] == [1] * 6
