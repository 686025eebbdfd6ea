"""The convolution: against a loop over the places, and its derivatives against differences."""

import numpy as np
import pytest

from nnutils.gradients import network_check, numerical_gradient, relative_error
from nnutils.layers import Conv2D, Dense, ReLU
from nnutils.network import Network

RNG = np.random.default_rng(6)
SHAPES = [(1, 6, 3, 1), (2, 7, 3, 2), (3, 5, 5, 1), (2, 6, 2, 3)]  # channels, side, kernel, stride


def built(channels, side, kernel, stride, dtype=np.float64):
    layer = Conv2D(4, kernel, stride, channels).build(side * side * channels, RNG, dtype)
    layer.b[...] = RNG.normal(size=4)
    return layer, RNG.normal(size=(3, side * side * channels)).astype(dtype)


@pytest.mark.parametrize("shape", SHAPES)
def test_each_place_is_a_patch_times_the_weights(shape):
    channels, side, kernel, stride = shape
    layer, x = built(*shape)
    images, out = (
        x.reshape(3, side, side, channels),
        layer.forward(x).reshape(3, layer.places, layer.places, 4),
    )
    for i, j in np.ndindex(layer.places, layer.places):
        rows, columns = (slice(k * stride, k * stride + kernel) for k in (i, j))
        patch = images[:, rows, columns].reshape(3, -1)
        np.testing.assert_allclose(out[:, i, j], patch @ layer.W + layer.b)


@pytest.mark.parametrize("shape", SHAPES)
def test_backward_is_the_gradient(shape):
    layer, x = built(*shape)
    d = RNG.normal(size=(3, layer.n_out))
    layer.forward(x, training=True)
    dx, grad, theta = layer.backward(d), layer.grad.copy(), layer.theta.copy()

    def by_theta(values):
        layer.theta[...] = values
        return np.sum(d * layer.forward(x))

    assert relative_error(grad, numerical_gradient(by_theta, theta)) < 1e-8
    layer.theta[...] = theta
    assert relative_error(dx, numerical_gradient(lambda x: np.sum(d * layer.forward(x)), x)) < 1e-8


def test_it_is_a_layer_of_a_network_and_of_a_stack():
    layers = [Conv2D(3, 3), ReLU(), Conv2D(2, 2, channels=3), ReLU(), Dense(2)]
    network = Network(36, layers, rng=1)
    assert max(network_check(network, RNG.normal(size=(4, 36)), np.array([0, 1, 1, 0])).values()) < 1e-6


def test_single_precision_stays():
    layer, x = built(1, 6, 3, 1, np.float32)
    assert layer.forward(x, training=True).dtype == np.float32
    assert layer.backward(np.ones((3, layer.n_out), np.float32)).dtype == np.float32


@pytest.mark.parametrize(("n_in", "channels", "kernel"), [(35, 1, 3), (36, 2, 3), (4, 1, 3)])
def test_no_square_image_is_refused(n_in, channels, kernel):
    with pytest.raises(ValueError, match="square image"):
        Conv2D(2, kernel, channels=channels).build(n_in)


def test_it_is_keras_convolution():
    keras = pytest.importorskip("keras", reason="Keras is not installed")
    layer, x = built(2, 7, 3, 2)
    theirs = keras.layers.Conv2D(4, 3, strides=2, dtype="float64")
    images = x.reshape(3, 7, 7, 2)
    theirs.build(images.shape)
    theirs.set_weights([layer.W.reshape(3, 3, 2, 4), layer.b])
    np.testing.assert_allclose(np.asarray(theirs(images)).reshape(3, -1), layer.forward(x), rtol=1e-10)
