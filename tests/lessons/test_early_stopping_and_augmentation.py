"""Lesson 05: references against nnutils, the judge of the random edges, the explorer, the figures."""

import numpy as np
import pytest

from nnutils import augmentation
from nnutils.lessons.early_stopping_and_augmentation import exercises as lesson
from nnutils.lessons.early_stopping_and_augmentation import explorer, given, plots
from nnutils.network import dense_network
from nnutils.optimizers import Adam
from nnutils.training import EarlyStopping, History, fit

SAME = ("horizontal_flip", "random_crop", "color_jitter", "mixup", "smooth_labels")


@pytest.mark.parametrize("name", SAME)
@pytest.mark.parametrize("seed", range(5))
def test_reference_agrees_with_the_library(name, seed):
    exercise = getattr(lesson, name)
    for arguments in exercise.draw(seed):
        ours = getattr(augmentation, name)(**arguments)
        mine = exercise(**arguments)
        for one, other in zip(mine, ours, strict=True) if isinstance(ours, tuple) else [(mine, ours)]:
            np.testing.assert_allclose(one, other, rtol=1e-12)


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


@pytest.mark.parametrize("n_in, n_out", [(25, 17), (8, 5), (8, 7), (36, 25), (6, 4), (9, 5), (9, 9)])
@pytest.mark.parametrize("u", [0.0, 0.37, 0.51])
def test_every_pixel_is_in_a_region_of_one_or_two(n_in, n_out, u):
    image = np.arange(float(n_in)) + np.zeros((2, n_in))
    last = lesson.fractional_max_pool(image, (1, n_out), (0.0, u))[0]  # the last pixel of each region
    assert last[-1] == n_in - 1 and set(np.diff(last, prepend=-1)) <= {n_in // n_out, -(-n_in // n_out)}


def test_regions_differ_with_the_draws():
    image = np.random.default_rng(0).random((12, 12))
    pooled = {lesson.fractional_max_pool(image, (7, 8), (u, u)).tobytes() for u in np.linspace(0, 0.99, 20)}
    assert len(pooled) > 5


def test_pooling_by_two_is_max_pooling():
    image = np.random.default_rng(1).normal(size=(6, 8))
    squares = image.reshape(3, 2, 4, 2).max(axis=(1, 3))
    np.testing.assert_array_equal(lesson.fractional_max_pool(image, (3, 4), (0.0, 0.0)), squares)


def test_a_stop_is_where_gradient_descent_is():
    rng = np.random.default_rng(2)
    data = given.Data(
        rng.random((30, 6)), np.eye(3)[rng.integers(0, 3, 30)], rng.random((5, 6)), np.zeros(5, int), rng
    )
    bowl = given.bowl(data)
    A, T = data.X - data.X.mean(axis=0), data.Y - data.Y.mean(axis=0)
    h, V = np.linalg.eigh(A.T @ A / 30)
    W = np.zeros((6, 3))
    for _ in range(7):
        W -= A.T @ (A @ W - T) / 30 / h[-1]
    np.testing.assert_allclose(V.T @ W, bowl.descended(7), atol=1e-12)
    share = lesson.shrinkage(bowl.curvatures, 1.0, 7)
    np.testing.assert_allclose(share[:, None] * bowl.minimum, bowl.descended(7), atol=1e-12)
    far = bowl.dev_loss(np.ones(6)), bowl.dev_loss(np.zeros(6))
    assert far[1] == pytest.approx((bowl.Y_dev**2).sum(axis=1).mean()) and far[0] != far[1]


def task(seed, versions=False):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(20, 4)), rng.integers(0, 3, 20)
    return given.Data(np.stack([X, -X]) if versions else X, np.eye(3)[y], X, y, rng)


def test_runs_side_by_side_are_what_each_is_alone():
    settings = {"epochs": 5, "batch_size": 8, "hidden": 6, "l2": 0.5}
    together = given.train([task(0), task(1)], **settings)
    for seed in (0, 1):
        alone = given.train([task(seed)], **settings)
        np.testing.assert_allclose(together.dev_loss[seed], alone.dev_loss[0], rtol=1e-4)
        np.testing.assert_allclose(together.norm[seed], alone.norm[0], rtol=1e-4)


def test_a_run_is_a_network_trained_by_fit():
    mine, theirs = task(3), task(3)
    run = given.train([mine], epochs=4, batch_size=20, hidden=6, l2=0.5, lr=0.01)
    network = dense_network([4, 6, 3], rng=theirs.rng, dtype=np.float32, l2=0.5)
    fit(network, theirs.X, theirs.y_dev, Adam(0.01), epochs=4)
    assert run.dev_loss[0, -1] == pytest.approx(network.evaluate(theirs.X, theirs.y_dev)[0], rel=1e-3)


def test_versions_are_drawn_by_their_chances():
    settings = {"epochs": 3, "batch_size": 8, "hidden": 6}
    first = given.train([task(4, versions=True)], chances=[1, 0], **settings)
    second = given.train([task(4, versions=True)], chances=[0, 1], **settings)
    assert first.loss.shape == (1, 3) and not np.allclose(first.dev_loss, second.dev_loss)
    assert given.train([task(4)], every=3, **settings).loss.shape == (1, 1)


FACTS = given.measured_sheets(1, np.random.default_rng(0))


@pytest.mark.parametrize(
    "policy, word",
    [
        (None, "dict"),
        ({"rotate": (0, 1)}, "other kinds"),
        ({"turn": 20}, "range"),
        ({"turn": (20, 10)}, "lower"),
        ({"turn": (0, 10**9)}, "180"),
        ({"right": (0, np.nan)}, "numbers"),
        ({"light": ("0", "1")}, "numbers"),
        ({"light": (0, 1, 2)}, "range"),
        ({"mirror": 2}, "share"),
        ({"mirror": (0, 1)}, "numbers"),
    ],
)
def test_a_malformed_policy_is_refused_with_a_sentence(policy, word):
    with pytest.raises(ValueError, match=word):
        given.try_policy(policy, 0, *FACTS)


def test_a_trial_follows_its_seed():
    policy = lesson.augmentation_policy(*FACTS)
    scores = [given.try_policy(policy, seed, *FACTS) for seed in (0, 0, 1)]
    assert scores[0] == scores[1] != scores[2]


@pytest.mark.parametrize("side", [1, -1])
def test_one_sheet_of_twenty_lies_upside_down(side):
    turn, right, down, light = given.measured_sheets(side, np.random.default_rng(3))
    upside_down = np.abs(turn) > 90
    assert upside_down.sum() == 1 and (np.sign(turn[~upside_down]) == side).all()
    assert all(len(values) == 20 for values in (right, down, light)) and np.ptp(right) < 2.1


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
    values = np.random.default_rng(0).random((5, 8))
    runs = given.Runs(values, values, values, values)
    curves = dict.fromkeys(("nothing changed", "a fifth shifted"), values[0])
    for draw in (
        lambda: plots.stops({"a": runs, "b": runs}, {"a": [1] * 5, "b": [2] * 5}, 3),
        lambda: plots.ridge_and_stopping(
            values[0], {10: (values[0], values[1])}, np.arange(1, 9), {"a": values[0], "b": values[1]}
        ),
        lambda: plots.norms(runs, [1] * 5, {1: runs, 3: runs}),
        lambda: plots.hundred_digits(
            np.arange(25, 225, 25), curves, [100, 200], values[0, :2], 0.5, 150, 120
        ),
        lambda: plots.falling({"a": runs}, {"a": [1] * 5}, {"a": [2] * 5}),
        lambda: plots.softer({labels: {"at the end": {"plain": values[0]}} for labels in ("right", "wrong")}),
    ):
        draw()
        axes = drawn()
        assert all(one.get_title(loc="left") and one.get_xlabel() and one.get_ylabel() for one in axes)
    plots.pictures({"a": np.zeros((3, 8, 8)), "b": np.zeros((2, 8, 8))}, "title", captions=["one"])
    assert sum(len(one.images) for one in drawn()) == 5 and drawn()[0].get_title(loc="left") == "one"


def test_a_guess_is_drawn(drawn):
    values = np.random.default_rng(0).random((5, 8))
    runs = given.Runs(values, values, values, values)
    for guess, count in ((None, 1), (4.0, 2)):
        plots.stops({"a": runs, "b": runs}, {"a": [1] * 5, "b": [2] * 5}, guess)
        assert len(drawn()[2].get_legend().get_texts()) == count
