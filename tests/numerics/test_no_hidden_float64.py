"""In a float32 run no operation is computed in float64: not even one whose result is written back into float32.

An array of class `Watched` sees every ufunc and function that it takes part in, and hands the watch on to the results.
"""

import numpy as np
import pytest

from nnutils import layers as L
from nnutils import losses, optimizers
from nnutils.network import ACTIVATIONS, dense_network

F, D = np.float32, np.float64
RNG = np.random.default_rng(3)
X = RNG.normal(0, 1, (9, 5)).astype(F)
LAYERS = {
    **{name: kind for name, kind in ACTIVATIONS.items() if name not in ("leaky_relu", "elu")},
    "leaky_relu": lambda: L.LeakyReLU(D(0.1)),
    "elu": lambda: L.ELU(D(1.5)),
    "dense": lambda: L.Dense(4),
    "batchnorm": lambda: L.BatchNorm(D(0.9), D(1e-5)),
    "dropout": lambda: L.Dropout(D(0.8)),
    "alpha_dropout": lambda: L.AlphaDropout(D(0.8)),
}
OPTIMIZERS = {
    "SGD": lambda: optimizers.SGD(D(0.1)),
    "Momentum": lambda: optimizers.Momentum(D(0.1), D(0.9)),
    "Nesterov": lambda: optimizers.Nesterov(D(0.1), D(0.9)),
    "AdaGrad": lambda: optimizers.AdaGrad(D(0.1), D(1e-8)),
    "RMSProp": lambda: optimizers.RMSProp(D(0.1), D(0.9), D(1e-8)),
    **{
        name: lambda name=name: getattr(optimizers, name)(D(0.1), D(0.9), D(0.999), D(1e-8), D(0.01))
        for name in ("Adam", "AdaMax", "Nadam")
    },
    "Lion": lambda: optimizers.Lion(D(0.1), D(0.9), D(0.99), D(0.01)),
    "Muon": lambda: optimizers.Muon([(0, (3, 2))], D(0.1), D(0.9), adam_ratio=D(0.1)),
}


def refuse(things):
    """AssertionError if any of them is float64 and not a Python float, which takes the array's type."""
    for thing in things:
        if isinstance(thing, (np.ndarray, np.generic)) and thing.size:
            assert thing.dtype not in (np.float64, np.complex128), f"float64 in a float32 run: {thing!r}"
        elif isinstance(thing, (tuple, list)):
            refuse(thing)


def bare(thing):
    if isinstance(thing, Watched):
        return thing.view(np.ndarray)
    return type(thing)(map(bare, thing)) if isinstance(thing, (tuple, list)) else thing


def watched(thing):
    if isinstance(thing, np.ndarray) and thing.dtype.kind == "f":
        return thing.view(Watched)
    return thing


class Watched(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, **settings):
        refuse([*inputs, *settings.get("out", ())])
        result = getattr(ufunc, method)(*bare(inputs), **{name: bare(v) for name, v in settings.items()})
        refuse([result])
        return watched(result)

    def __array_function__(self, function, types, inputs, settings):
        refuse([*inputs, *settings.values()])
        result = function(*bare(inputs), **{name: bare(v) for name, v in settings.items()})
        refuse([result])
        return watched(result)


def test_the_watch_sees_what_a_result_hides():
    x, out = X.copy().view(Watched), np.empty_like(X)
    np.multiply(x, 0.1, out=out)
    assert isinstance(np.multiply(x, x, out=out) + 1, Watched)
    for hidden in (
        lambda: np.multiply(x, D(0.1), out=out),
        lambda: x * np.ones(5),
        lambda: np.dot(x, np.ones(5)),
    ):
        with pytest.raises(AssertionError, match="float64"):
            hidden()


@pytest.mark.parametrize("name", LAYERS)
def test_layers(name):
    layer = LAYERS[name]().build(5, 0, F)
    for training in (True, True, False):
        a = layer.forward(X.copy().view(Watched), training)
        assert a.dtype == F
    layer.forward(X.copy().view(Watched), True)
    d = layer.backward(np.ones((9, layer.n_out), F).view(Watched))
    assert d.dtype == layer.grad.dtype == F
    assert all(getattr(layer, state).dtype == F for state in layer.state)


def test_swiglu_of_an_even_number_of_inputs():
    layer = L.SwiGLU().build(4, 0, F)
    assert layer.forward(X[:, :4].copy().view(Watched), True).dtype == F
    assert layer.backward(np.ones((9, 2), F).view(Watched)).dtype == F


@pytest.mark.parametrize(
    ("loss", "k", "y"),
    [
        (losses.softmax_cross_entropy, 3, RNG.integers(0, 3, 9)),
        (losses.sigmoid_cross_entropy, 1, RNG.integers(0, 2, 9)),
        (losses.mse, 2, RNG.normal(0, 1, (9, 2))),
    ],
    ids=lambda thing: getattr(thing, "__name__", ""),
)
def test_losses(loss, k, y):
    cost, d = loss(X[:, :k].copy().view(Watched), y)
    assert type(cost) is float and d.dtype == F


@pytest.mark.parametrize("lr", [D(0.1), np.full(9, 0.1)], ids=["number", "array"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers_also_with_a_rate_from_a_schedule(name, lr):
    w, optimizer = np.ones(9, F).view(Watched), OPTIMIZERS[name]()
    for _ in range(3):
        optimizer.update(w, X[:, 0].copy().view(Watched))
        optimizer.lr = lr[:1] if name == "Muon" and np.ndim(lr) else lr  # its matrices have a rate each run
    assert w.dtype == F and all(state.dtype == F for state in optimizer.state.values())
    assert optimizer._buffer.dtype == F


def test_a_whole_network_with_penalties():
    net = dense_network([5, 6, 3], dtype=F, batch_norm=True, keep_prob=D(0.8), l2=D(0.7), l1=D(0.1))
    net.theta = net.theta.view(Watched)
    net._bind()
    net.grad = net.grad.view(Watched)
    assert type(net.loss_and_grad(X.copy(), RNG.integers(0, 3, 9))) is float
