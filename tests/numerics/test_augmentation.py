"""Augmentation against a second way to write each of it, and its errors."""

import numpy as np
import pytest

from nnutils.augmentation import color_jitter, horizontal_flip, random_crop


@pytest.fixture
def images():
    return np.random.default_rng(5).uniform(0.1, 1, size=(3, 4, 6))


def test_flip_mirrors_columns_alone(images):
    assert (horizontal_flip(images)[1, 2] == images[1, 2][::-1]).all()
    coloured = np.stack([images, 2 * images], axis=-1)
    assert (horizontal_flip(coloured)[..., 1] == 2 * horizontal_flip(images)).all()


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


CHANGES = [horizontal_flip, lambda x: random_crop(x, 1, [[0, 2]] * 3), lambda x: color_jitter(x, 0.1, 1.5)]


@pytest.mark.parametrize("function", CHANGES)
def test_float32_stays(images, function):
    assert function(images.astype(np.float32)).dtype == np.float32


def test_rows_of_pixels_are_refused():
    with pytest.raises(ValueError, match="reshape"):
        horizontal_flip(np.zeros((5, 64)))
