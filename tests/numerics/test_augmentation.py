"""Augmentation against a second way to write each of it, and its errors."""

import numpy as np
import pytest

from nnutils.augmentation import affine, color_jitter, horizontal_flip, mixup, random_crop, smooth_labels


@pytest.fixture
def images():
    return np.random.default_rng(5).uniform(0.1, 1, size=(3, 4, 6))


def test_flip_mirrors_columns_alone(images):
    assert (horizontal_flip(images)[1, 2] == images[1, 2][::-1]).all()
    coloured = np.stack([images, 2 * images], axis=-1)
    assert (horizontal_flip(coloured)[..., 1] == 2 * horizontal_flip(images)).all()


def test_only_the_chosen_are_mirrored(images):
    out = horizontal_flip(images, [False, True, False])
    assert (out[1] == images[1, :, ::-1]).all() and (out[[0, 2]] == images[[0, 2]]).all()
    coloured = np.stack([images, images], axis=-1)
    assert (horizontal_flip(coloured, [False, True, False])[..., 0] == out).all()


@pytest.mark.parametrize("chosen", [[True, False], [0, 1, 1]])
def test_flip_refuses_what_chooses_nothing(images, chosen):
    with pytest.raises(ValueError, match="chosen"):
        horizontal_flip(images, chosen)


def test_a_quarter_turn_clockwise_is_numpy_s():
    square = np.random.default_rng(3).random((2, 5, 5))
    out = affine(square, [90, 0], np.zeros((2, 2)))
    np.testing.assert_allclose(out[0], np.rot90(square[0], -1), atol=1e-12)
    np.testing.assert_allclose(out[1], square[1], atol=1e-12)


def test_an_image_moves_down_and_right_and_zeros_follow(images):
    out = affine(images, np.zeros(3), np.tile([1, 2], (3, 1)))
    np.testing.assert_allclose(out[:, 1:, 2:], images[:, :-1, :-2], atol=1e-12)
    assert (out[:, 0] == 0).all() and (out[:, :, :2] == 0).all()


def test_half_a_pixel_is_the_mean_of_two(images):
    out = affine(images, np.zeros(3), np.tile([0, 0.5], (3, 1)))
    np.testing.assert_allclose(out[:, :, 1:], (images[:, :, 1:] + images[:, :, :-1]) / 2)
    np.testing.assert_allclose(out[:, :, 0], images[:, :, 0] / 2)


def test_a_turn_and_its_reverse_keep_the_middle():
    smooth = np.exp(-((np.mgrid[-1:1:15j, -1:1:15j] ** 2).sum(axis=0)) * 4)[None]
    back = affine(affine(smooth, [30], [[0, 0]]), [-30], [[0, 0]])
    np.testing.assert_allclose(back[0, 5:10, 5:10], smooth[0, 5:10, 5:10], atol=0.06)


def test_pictures_and_labels_are_mixed_alike():
    X, Y, order = np.arange(6.0).reshape(3, 2), np.eye(3), np.array([1, 2, 0])
    mixed, labels = mixup(X, Y, 0.75, order)
    np.testing.assert_allclose(mixed, [[0.5, 1.5], [2.5, 3.5], [3, 4]])
    np.testing.assert_allclose(labels, [[0.75, 0.25, 0], [0, 0.75, 0.25], [0.25, 0, 0.75]])


def test_smoothed_rows_sum_to_one():
    np.testing.assert_allclose(
        smooth_labels(np.eye(4)[[2, 0]], 0.2), [[0.05, 0.05, 0.85, 0.05], [0.85, 0.05, 0.05, 0.05]]
    )


def test_crop_moves_each_image_by_its_own_offset_and_fills_with_zeros(images):
    out = random_crop(images, 2, np.array([[2, 2], [0, 3], [4, 2]]))
    assert out.shape == images.shape
    assert (out[0] == images[0]).all()
    assert (
        (out[1, 2:, :5] == images[1, :2, 1:]).all() and (out[1, :2] == 0).all() and (out[1, :, 5] == 0).all()
    )
    assert (out[2, :2] == images[2, 2:]).all() and (out[2, 2:] == 0).all()


def test_crop_takes_colours(images):
    offsets = np.array([[0, 1], [2, 2], [1, 0]])
    coloured = random_crop(np.stack([images, -images], axis=-1), 1, offsets)
    assert (coloured[..., 1] == -random_crop(images, 1, offsets)).all()


@pytest.mark.parametrize("offsets", [[[0, 5], [0, 0], [0, 0]], [[0, 0]], np.zeros((3, 2)), [[-1, 0]] * 3])
def test_crop_refuses_offsets_that_do_not_fit(images, offsets):
    with pytest.raises(ValueError, match="offsets"):
        random_crop(images, 2, offsets)


def test_jitter_keeps_each_image_s_mean_but_for_brightness(images):
    dim = 0.3 * images + 0.3
    out = color_jitter(dim, 0.05, 0.5)
    np.testing.assert_allclose(out.mean(axis=(1, 2)), dim.mean(axis=(1, 2)) + 0.05)
    np.testing.assert_allclose(out.std(axis=(1, 2)), 0.5 * dim.std(axis=(1, 2)))
    assert color_jitter(images, 0.8, 3).max() == 1 and color_jitter(images, -0.8, 3).min() == 0


CHANGES = [
    horizontal_flip,
    lambda x: horizontal_flip(x, [True, False, True]),
    lambda x: random_crop(x, 1, [[0, 2]] * 3),
    lambda x: color_jitter(x, 0.1, 1.5),
    lambda x: affine(x, [10, 20, 30], np.ones((3, 2))),
    lambda x: mixup(x, np.eye(3), 0.3, [1, 0, 2])[0],
    lambda x: smooth_labels(x[0], 0.1),
]


@pytest.mark.parametrize("function", CHANGES)
def test_float32_stays(images, function):
    assert function(images.astype(np.float32)).dtype == np.float32


def test_rows_of_pixels_are_refused():
    with pytest.raises(ValueError, match="reshape"):
        horizontal_flip(np.zeros((5, 64)))
