"""Lesson 00: references against scikit-learn, the trial of a recipe, the figures; and that it opens no hint by itself."""

import re

import numpy as np
import pytest

from coursekit.authoring.lesson import lessons
from coursekit.authoring.table import title
from nnutils import optimizers
from nnutils.lessons.start_here import exercises as lesson
from nnutils.lessons.start_here import given, plots

SOURCE = next(each.source for each in lessons() if each.topic == "start_here").read_text(encoding="utf-8")


@pytest.mark.parametrize("seed", range(5))
def test_the_nearest_mean_is_that_of_scikit_learn(seed):
    from sklearn.neighbors import NearestNeighbors

    for a in lesson.nearest_mean.draw(seed)[:3]:
        theirs = NearestNeighbors(n_neighbors=1).fit(a["means"]).kneighbors(a["X"])[1][:, 0]
        assert lesson.nearest_mean(**a).tolist() == theirs.tolist()


def test_the_joined_mean_is_that_of_all_examples():
    X = np.random.default_rng(0).normal(size=(9, 3))
    one, other = lesson.feature_means(X[:2]), lesson.feature_means(X[2:])
    np.testing.assert_allclose(lesson.joined_mean(one, 2, other, 7), X.mean(axis=0), rtol=1e-12)


def test_there_is_one_exercise_of_each_kind():
    kinds = [getattr(lesson, name).kind for name in lesson.__all__]
    assert kinds == ["write", "derive", "repair", "design"]


def test_no_cell_opens_a_hint_when_all_are_run():
    code = [line for line in SOURCE.splitlines() if not line.startswith("#")]
    assert not [line for line in code if "hint(" in line or "solution(" in line]
    assert any('`hint("feature_means")`' in line for line in SOURCE.splitlines())


def test_a_recipe_is_tried_with_all_updates_of_the_budget(monkeypatch):
    counted = []

    class Counting(optimizers.SGD):
        def update(self, theta, grad):
            super().update(theta, grad)
            counted.append(self.t)

    monkeypatch.setattr(optimizers, "SGD", Counting)
    score = given.try_recipe({"start": "he", "lr": 0.2}, 3)
    assert counted == [*range(1, 101)] and 0.5 < score < 1
    assert score == given.try_recipe({"lr": 0.2, "start": "he"}, 3)
    assert score != given.try_recipe({"lr": 0.2, "start": "he"}, 4)


@pytest.mark.parametrize(
    "design",
    [
        None,
        {},
        {"start": "he"},
        {"start": "he", "lr": 0.1, "more": 1},
        {"start": "He", "lr": 0.1},
        {"start": ["he"], "lr": 0.1},
        {"start": "he", "lr": 0},
        {"start": "he", "lr": -0.1},
        {"start": "he", "lr": np.nan},
        {"start": "he", "lr": np.inf},
        {"start": "he", "lr": True},
        {"start": "he", "lr": "0.1"},
        {"start": "he", "lr": np.ones(3)},
        {"start": "he", "lr": 10**400},
    ],
)
def test_a_malformed_recipe_is_refused_in_words(design):
    with pytest.raises(ValueError, match=r"a recipe is a dict|\"start\" is|\"lr\" is a number"):
        given.try_recipe(design, 0)


def test_a_huge_rate_reads_little_and_breaks_nothing():
    assert given.try_recipe({"start": "he", "lr": np.float32(1e20)}, 0) < 0.3


def test_figures_have_labels(drawn):
    runs = np.random.default_rng(0).random((3, 5))
    plots.ways_to_train(range(5), {("a", "x"): runs, ("a", "y"): runs, ("b", "x"): runs, ("b", "y"): runs})
    (axes,) = drawn()
    assert axes.get_xlabel() and axes.get_ylabel() and len(axes.get_legend().get_texts()) == 4
    plots.digits_in_a_row([*np.random.default_rng(0).random((10, 64))], "ten")
    assert [axes.get_title() for axes in drawn()] == [str(digit) for digit in range(10)]


def test_the_map_has_the_title_of_every_lesson():
    rows = re.findall(r"^# \| \[\d\d (.+?)\]\((\w+)\.ipynb\)", SOURCE, re.M)
    assert rows == [(title(each), each.name) for each in lessons() if each.topic != "start_here"]
