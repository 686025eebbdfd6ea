import copy
import pickle

import numpy as np
import pytest

from nnutils.activations import elu, gelu, leaky_relu, relu, selu, sigmoid, silu, tanh
from nnutils.dropout import dropout_forward
from nnutils.gradients import numerical_gradient, relative_error
from nnutils.layers import (
    ELU,
    GELU,
    SELU,
    AlphaDropout,
    BatchNorm,
    Dense,
    Dropout,
    DropPath,
    LayerNorm,
    LeakyReLU,
    ReLU,
    Residual,
    RMSNorm,
    Scale,
    Sigmoid,
    SiLU,
    SwiGLU,
    Tanh,
)

MAKERS = {
    "dense": lambda: Dense(3),
    "dense without bias": lambda: Dense(3, init=0.5, bias=False),
    "relu": ReLU,
    "tanh": Tanh,
    "sigmoid": Sigmoid,
    "leaky": lambda: LeakyReLU(0.3),
    "elu": lambda: ELU(1.7),
    "selu": SELU,
    "gelu": GELU,
    "silu": SiLU,
    "swiglu": SwiGLU,
    "dropout": lambda: Dropout(0.8),
    "alpha dropout": lambda: AlphaDropout(0.8),
    "batch norm": lambda: BatchNorm(0.8, eps=0.1),
    "layer norm": lambda: LayerNorm(0.1),
    "rms norm": lambda: RMSNorm(0.1),
    "scale": lambda: Scale(0.7),
    "drop path": lambda: DropPath(0.6),
    "residual": lambda: Residual([LayerNorm(0.1), Dense(5), Tanh(), Dense(4)], 0.3),
    "residual that ends with a ReLU": lambda: Residual([Dense(4), ReLU()], 1.0),
    "residual with batch norm": lambda: Residual([BatchNorm(0.8, eps=0.1), Tanh(), Dense(4), Scale(0.4)]),
    "residual in a residual": lambda: Residual([Residual([Dense(4), Tanh()], 0.5), RMSNorm(0.1)], -0.8),
}
FUNCTIONS = {
    "relu": relu,
    "tanh": tanh,
    "sigmoid": sigmoid,
    "leaky": lambda z: leaky_relu(z, 0.3),
    "elu": lambda z: elu(z, 1.7),
    "selu": selu,
}


def built(name, dtype=np.float64):
    """A layer with 4 inputs and no parameter at its initial value; x: (7, 4); a d of the output's shape."""
    rng = np.random.default_rng(5)
    layer = MAKERS[name]().build(4, rng, dtype)
    layer.theta += 0.3 * rng.standard_normal(layer.theta.shape).astype(dtype)
    return layer, rng.normal(0.5, 2, (7, 4)).astype(dtype), rng.normal(0, 1, (7, layer.n_out)).astype(dtype)


@pytest.mark.parametrize("name", MAKERS)
def test_backward_is_the_gradient_by_input_and_parameters(name):
    layer, x, d = built(name)
    layer.forward(x, training=True)
    for _, part in layer.parts("0"):
        part.frozen = True  # the same mask in every evaluation

    def by_theta(theta):
        layer.theta[...] = theta
        return np.sum(d * layer.forward(x, training=True))

    theta = layer.theta.copy()
    numerical = numerical_gradient(by_theta, theta)
    layer.theta[...] = theta
    numerical_dx = numerical_gradient(lambda x: np.sum(d * layer.forward(x, training=True)), x)
    layer.forward(x, training=True)
    assert relative_error(layer.backward(d), numerical_dx) < 1e-8
    assert relative_error(layer.grad, numerical) < 1e-8


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("training", [True, False])
def test_float32_stays_and_arguments_are_not_changed(name, training):
    layer, x, d = built(name, np.float32)
    x_before, d_before = x.copy(), d.copy()
    out = layer.forward(x, training)
    assert out.dtype == np.float32 and out.shape == (7, layer.n_out)
    assert layer.theta.dtype == layer.grad.dtype == np.float32
    if training:
        assert layer.backward(d).dtype == np.float32
    assert all(getattr(layer, state).dtype == np.float32 for state in layer.state)
    np.testing.assert_array_equal(x, x_before)
    np.testing.assert_array_equal(d, d_before)


@pytest.mark.parametrize("name", MAKERS)
def test_what_inference_returns_is_kept(name):
    layer, x, _ = built(name)
    first = layer.forward(x)
    kept = first.copy()
    layer.forward(x + 1)
    layer.forward(x + 1, training=True)
    np.testing.assert_array_equal(first, kept)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("training", [True, False])
def test_activation_layers_are_the_functions(name, training):
    layer, x, d = built(name)
    value, slope = FUNCTIONS[name](x)
    np.testing.assert_allclose(layer.forward(x, training), value, rtol=1e-14)
    if training:
        np.testing.assert_allclose(layer.backward(d), d * slope, rtol=1e-13)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_activation_layers_may_overwrite_their_input(name):
    layer, x, d = built(name)
    expected, slope = FUNCTIONS[name](x)
    layer.may_overwrite, z = True, x.copy()
    np.testing.assert_allclose(layer.forward(z, training=True), expected, rtol=1e-14)
    assert np.shares_memory(layer.a, z)
    np.testing.assert_allclose(layer.backward(d.copy()), d * slope, rtol=1e-13)


def test_dense_is_a_matrix_product():
    layer, x, d = built("dense")
    np.testing.assert_allclose(layer.forward(x, training=True), x @ layer.W + layer.b)
    np.testing.assert_allclose(layer.backward(d), d @ layer.W.T)
    np.testing.assert_allclose(layer.dW, x.T @ d)
    np.testing.assert_allclose(layer.db, d.sum(axis=0))
    assert np.shares_memory(layer.W, layer.theta) and np.shares_memory(layer.db, layer.grad)


def test_dense_init_draws_the_scheme():
    assert Dense(400, "he").build(100).W.std() == pytest.approx(np.sqrt(2 / 100), rel=0.02)
    assert Dense(400, "glorot").build(100).W.std() == pytest.approx(np.sqrt(2 / 500), rel=0.02)
    assert Dense(400, 0.01).build(100).W.std() == pytest.approx(0.01, rel=0.02)
    assert not Dense(400).build(100).b.any()


def test_dropout_layer_is_the_function():
    layer, x, d = built("dropout")
    out = layer.forward(x, training=True).copy()
    mask = layer.mask == 1
    assert 0 < mask.sum() < mask.size
    np.testing.assert_allclose(out, dropout_forward(x, mask, 0.8))
    np.testing.assert_allclose(layer.backward(d), dropout_forward(d, mask, 0.8))
    assert layer.forward(x) is x


def test_alpha_dropout_keeps_mean_0_and_variance_1():
    x = np.random.default_rng(0).standard_normal((1_000_000, 1))
    layer = AlphaDropout(0.8).build(1, 0)
    out = layer.forward(x, training=True)
    assert abs(out.mean()) < 0.005 and abs(out.var() - 1) < 0.005
    assert AlphaDropout(1.0).build(1, 0).forward(x[:3], training=True) == pytest.approx(x[:3])


def test_dropout_draws_a_new_mask_each_time():
    layer, _, _ = built("dropout")
    masks = [layer.draw((50, 4)).copy() for _ in range(2)]
    assert (masks[0] != masks[1]).any()


def test_batch_norm_layer_is_the_formula():
    layer, x, d = built("batch norm")
    x_hat = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 0.1)
    np.testing.assert_allclose(layer.forward(x, training=True), layer.gamma * x_hat + layer.beta)
    layer.backward(d)
    np.testing.assert_allclose(layer.dgamma, (d * x_hat).sum(axis=0))
    np.testing.assert_allclose(layer.dbeta, d.sum(axis=0))
    np.testing.assert_allclose(layer.running_mean, 0.2 * x.mean(axis=0))
    np.testing.assert_allclose(layer.running_var, 0.8 + 0.2 * x.var(axis=0))
    at_rest = (x - layer.running_mean) / np.sqrt(layer.running_var + 0.1)
    np.testing.assert_allclose(layer.forward(x), layer.gamma * at_rest + layer.beta)


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda layer: pickle.loads(pickle.dumps(layer))])
def test_a_copy_has_buffers_of_its_own(name, duplicate):
    layer, x, _ = built(name)
    layer.forward(x, training=True)
    twin = duplicate(layer)
    twin.frozen = True
    mine = layer.buffer("probe", (2,))
    mine[...] = 1
    twin.buffer("probe", (2,))[...] = 2
    assert mine.tolist() == [1, 1]


def test_wrong_settings_are_told():
    with pytest.raises(ValueError, match="keep_prob"):
        Dropout(0)
    with pytest.raises(ValueError, match="alpha"):
        LeakyReLU(-0.1)
    with pytest.raises(ValueError, match="he, glorot, lecun"):
        Dense(3, "xavier").build(2)
    assert repr(Dense(3)) == "Dense(n_out=3, init='he')" and repr(ELU(2.0)) == "ELU(alpha=2.0)"


def test_swiglu_is_the_first_half_times_the_silu_of_the_second():
    x = np.random.default_rng(1).normal(size=(5, 6))
    layer = SwiGLU().build(6)
    assert layer.n_out == 3
    np.testing.assert_allclose(layer.forward(x), x[:, :3] * silu(x[:, 3:])[0])
    with pytest.raises(ValueError, match="even number"):
        SwiGLU().build(5)


@pytest.mark.parametrize(("name", "function"), [("gelu", gelu), ("silu", silu)])
def test_a_curved_layer_leaves_its_input_alone(name, function):
    layer, x, _ = built(name)
    layer.may_overwrite, before = True, x.copy()
    for training in (False, True):
        np.testing.assert_allclose(layer.forward(x, training), function(before)[0], rtol=1e-14)
    np.testing.assert_array_equal(x, before)
