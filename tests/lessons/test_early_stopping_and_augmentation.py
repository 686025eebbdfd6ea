"""Lesson 05: references against nnutils, the judge of the random edges, the explorer, the figures."""

import numpy as np
import pytest

from nnutils import augmentation
from nnutils.checks.check import examine
from nnutils.lessons.early_stopping_and_augmentation import exercises as lesson
from nnutils.lessons.early_stopping_and_augmentation import explorer, plots
from nnutils.network import dense_network
from nnutils.training import EarlyStopping, History

SAME = ("horizontal_flip", "random_crop", "color_jitter")


@pytest.mark.parametrize("name", SAME)
@pytest.mark.parametrize("seed", range(5))
def test_reference_agrees_with_the_library(name, seed):
    exercise = getattr(lesson, name)
    for arguments in exercise.draw(seed):
        ours = getattr(augmentation, name)(**arguments)
        np.testing.assert_allclose(exercise(**arguments), ours, rtol=1e-12)


@pytest.mark.parametrize("patience, min_delta", [(1, 0.0), (3, 0.0), (5, 0.02)])
@pytest.mark.parametrize("seed", range(5))
def test_the_callback_keeps_the_same_epoch(patience, min_delta, seed):
    losses = 1 / np.arange(1, 41) + 0.05 * np.random.default_rng(seed).random(40)
    callback, network, history = EarlyStopping(patience, min_delta), dense_network([2, 2]), History()
    for loss in losses:
        history.loss.append(loss)
        history.dev_loss.append(loss)
        if callback(network, history):
            break
    assert lesson.early_stopping_epoch(losses, patience, min_delta) == callback.best_epoch


@pytest.mark.parametrize("n_in, n_out", [(25, 17), (8, 5), (8, 7), (36, 25), (6, 4), (9, 5), (1797, 1001)])
@pytest.mark.parametrize("u", [0.0, 1e-9, 0.37, 0.5, 1 - 1e-9])
def test_edges_run_from_0_to_n_in_in_steps_of_floor_or_ceil(n_in, n_out, u):
    edges = lesson.fractional_pool_edges(n_in, n_out, u)
    assert edges.shape == (n_out + 1,) and edges[0] == 0 and edges[-1] == n_in
    assert set(np.diff(edges)) <= {n_in // n_out, -(-n_in // n_out)}


def test_edges_differ_with_u():
    assert len({tuple(lesson.fractional_pool_edges(25, 17, u)) for u in np.linspace(0, 0.99, 50)}) > 5


def test_pooling_takes_the_largest_of_each_region():
    image = -np.arange(20.0).reshape(4, 5)
    pooled = lesson.fractional_max_pool(image, [0, 1, 3, 4], [0, 2, 3, 5])
    np.testing.assert_array_equal(pooled, [[-0.0, -2, -3], [-5, -7, -8], [-15, -17, -18]])


@pytest.mark.parametrize(
    "change, word",
    [
        (lambda edges: edges[:-1], "edges"),
        (lambda edges: edges + 0.5, "whole numbers"),
        (lambda edges: edges + 1, "run from 0"),
        (lambda edges: np.sort(np.append(edges[:-2], [edges[-1]] * 2)), "gaps"),
    ],
)
def test_the_judge_refuses_edges_that_are_none(change, word):
    arguments = lesson.fractional_pool_edges.draw(0)[0]
    edges = lesson.fractional_pool_edges(**arguments)
    assert word in lesson.fractional_pool_edges.verdict_on(arguments, change(edges))


def test_a_forgotten_edge_is_told_apart_from_the_gaps():
    def gaps(n_in, n_out, u):
        wide = n_in - n_out
        return np.roll([2] * wide + [1] * (n_out - wide), int(u * 10))

    def without_the_first(n_in, n_out, u):
        return np.cumsum(gaps(n_in, n_out, u))

    exercise = lesson.fractional_pool_edges
    assert examine(exercise, without_the_first).mistake == "one_edge_missing"
    assert examine(exercise, gaps).mistake == "gaps_alone"


def test_gallery_follows_its_controls():
    gallery = explorer.augmentation_gallery()
    picture = gallery.picture.value
    gallery.controls["flip"].value = 1.0
    assert "10 are mirrored" in gallery.summary and gallery.picture.value != picture
    for control in list(gallery.controls.values())[1:]:
        for value in (control.max, control.min):
            control.value = value
            assert "alert" not in gallery.words.value
    assert "0 are mirrored and 0 turned" in gallery.summary and "changed by 0.00" in gallery.summary


def test_gallery_warns_where_the_label_becomes_false():
    gallery = explorer.augmentation_gallery()
    gallery.controls["flip"].value = 0.0
    gallery.controls["turn"].value = 1.0
    assert "no digits any more" not in gallery.summary
    gallery.controls["picture"].value = "ten digits"
    assert "no digits any more" in gallery.summary
    gallery.controls["picture"].value = explorer.SIXES
    assert "10 of them now read as a nine" in gallery.summary


def test_each_change_of_the_gallery_has_draws_of_its_own():
    images = explorer.originals("ten digits")
    one, mirrored, _ = explorer.augmented(images, 0.5, 0.0, 0.0, 0.0, 0.0, seed=3)
    _, still, turned = explorer.augmented(images, 0.5, 0.5, 0.2, 0.1, 0.1, seed=3)
    assert (mirrored == still).all() and 0 < mirrored.sum() < 10 and 0 < turned.sum() < 10
    np.testing.assert_allclose(one[~mirrored], images[~mirrored], atol=1e-12)
    np.testing.assert_allclose(one[mirrored], images[mirrored][:, :, ::-1], atol=1e-12)


def test_figures_have_titles_and_labels(drawn):
    runs = np.random.default_rng(0).random((5, 8))
    for draw in (
        lambda: plots.stops(runs[0], runs[1], {1: 2, 3: 5}),
        lambda: plots.norms(runs, [1, 2, 3, 4, 5]),
        lambda: plots.two_jobs({"a": runs, "b": runs}, {"a": runs, "b": runs}, 3.5),
        lambda: plots.strength(range(8), {"a": runs, "b": runs}),
    ):
        draw()
        axes = drawn()
        assert all(one.get_title(loc="left") and one.get_xlabel() and one.get_ylabel() for one in axes)
    plots.pictures({"a": np.zeros((3, 8, 8)), "b": np.zeros((2, 8, 8))}, "title")
    assert sum(len(one.images) for one in drawn()) == 5
    edges = [([0, 1, 2], [0, 2, 3])] * 2
    plots.regions(np.zeros((2, 3)), edges, [np.zeros((2, 2))] * 2)
    assert len(drawn()[0].lines) == 2
