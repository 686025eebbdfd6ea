"""Augmentation against a second way to write each of it, and its errors."""

import numpy as np
import pytest

from nnutils.augmentation import (
    color_jitter,
    fractional_max_pool,
    fractional_pool_edges,
    horizontal_flip,
    random_crop,
)


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


@pytest.mark.parametrize("n_in, n_out", [(25, 17), (8, 5), (8, 7), (36, 25), (6, 4), (9, 3), (1797, 1001)])
@pytest.mark.parametrize("u", [0.0, 1e-9, 0.37, 0.5, 1 - 1e-9])
def test_edges_run_from_0_to_n_in_in_steps_of_floor_or_ceil(n_in, n_out, u):
    edges = fractional_pool_edges(n_in, n_out, u)
    assert edges.shape == (n_out + 1,) and edges[0] == 0 and edges[-1] == n_in
    assert set(np.diff(edges)) <= {n_in // n_out, -(-n_in // n_out)}


def test_edges_differ_with_u_and_refuse_nonsense():
    assert len({tuple(fractional_pool_edges(25, 17, u)) for u in np.linspace(0, 0.99, 50)}) > 5
    with pytest.raises(ValueError, match="regions"):
        fractional_pool_edges(4, 5, 0.5)
    with pytest.raises(ValueError, match="draw"):
        fractional_pool_edges(5, 4, 1.0)


def test_pooling_takes_the_largest_of_each_region():
    image = -np.arange(20.0).reshape(4, 5)
    pooled = fractional_max_pool(image, [0, 1, 3, 4], [0, 2, 3, 5])
    expected = [
        [image[a:b, c:d].max() for c, d in ((0, 2), (2, 3), (3, 5))] for a, b in ((0, 1), (1, 3), (3, 4))
    ]
    np.testing.assert_array_equal(pooled, expected)
    assert fractional_max_pool(np.zeros((4, 5, 3)), [0, 2, 4], [0, 3, 5]).shape == (2, 2, 3)


@pytest.mark.parametrize("edges", [[0, 2, 3], [1, 2, 4], [0, 2, 2, 4]])
def test_pooling_refuses_edges_that_leave_pixels_out(edges):
    with pytest.raises(ValueError, match="edges must rise from 0 to 4"):
        fractional_max_pool(np.zeros((4, 4)), edges, [0, 4])
