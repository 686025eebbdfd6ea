"""Checking gradients by differences.

The two-sided difference (f(t + h) - f(t - h)) / 2h has an error of O(h^2), plus the rounding error of f divided by h. In float64
h = 1e-5 is about best. A relative error below 1e-7 means that the gradient is right, one above 1e-3 that it is wrong; in
between look closely.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.arrays import Array, as_float
from nnutils.layers import Dense, Layer
from nnutils.network import Network

Function = Callable[[Array], float]


def numerical_gradient(f: Function, theta: ArrayLike, eps: float = 1e-5) -> Array:
    """(f(theta + eps e_i) - f(theta - eps e_i)) / (2 eps) for each i. theta: any shape; the result has the same."""
    theta = np.array(theta, np.float64)
    grad = np.empty_like(theta)
    for i, value in np.ndenumerate(theta):
        theta[i] = value + eps
        above = f(theta)
        theta[i] = value - eps
        grad[i] = (above - f(theta)) / (2 * eps)
        theta[i] = value
    return grad


def relative_error(a: ArrayLike, b: ArrayLike) -> float:
    """||a - b|| / (||a|| + ||b||), and 0 where both are 0."""
    a, b = as_float(a), as_float(b)
    total = np.linalg.norm(a) + np.linalg.norm(b)
    return float(np.linalg.norm(a - b) / total) if total else 0.0


def gradient_check(
    f: Function, grad: Callable[[Array], ArrayLike], theta: ArrayLike, eps: float = 1e-5
) -> float:
    """Relative error between grad(theta) and the numerical gradient of f."""
    theta = np.array(theta, np.float64)
    return relative_error(grad(theta.copy()), numerical_gradient(f, theta, eps))


def directional_check(
    f: Function,
    grad: Callable[[Array], ArrayLike],
    theta: ArrayLike,
    rng: np.random.Generator,
    n: int = 10,
    eps: float = 1e-5,
) -> float:
    """Relative error of the slopes g^T v_k beside (f(theta + eps v_k) - f(theta - eps v_k)) / (2 eps), k = 1 to n.

    The v_k are uniform on the unit sphere: f is asked 2 n times, however many entries theta has. E (d^T v)^2 = ||d||^2 / size for
    any d, so for large n the result comes close to that of ``gradient_check``. PyTorch's ``gradcheck(fast_mode=True)`` and JAX's
    ``check_grads`` compare along random directions, too.
    """
    theta = np.array(theta, np.float64)
    directions = rng.normal(size=(n, *theta.shape))
    directions /= np.sqrt(np.sum(directions**2, axis=tuple(range(1, directions.ndim)), keepdims=True))
    slopes = [(f(theta + eps * v) - f(theta - eps * v)) / (2 * eps) for v in directions]
    claimed = directions.reshape(n, -1) @ as_float(grad(theta.copy())).reshape(-1)
    return relative_error(claimed, slopes)


def network_check(network: Network, X: ArrayLike, y: ArrayLike, eps: float = 1e-5) -> dict[str, float]:
    """Relative error of each parameter array, {"0.W": …, "0.b": …}, in training mode with fixed dropout masks.

    Many changes of one layer are evaluated at a time, as a stack of networks that differ in that layer alone. The network is not
    changed. It must be float64, because float32 has too few digits for differences. It does not look into residual blocks:
    for a network that has some take ``direction_check``.
    """
    if any(not hasattr(layer, name) for layer in network.layers for name in layer.shapes()):
        raise ValueError("network_check does not look into residual blocks: take direction_check")
    network = _copy_with_fixed_masks(network, X, y)
    a, errors = np.asarray(X, network.dtype), {}
    for index, layer in enumerate(network.layers):
        for name in layer.shapes():
            numerical = _stacked_gradient(network, index, name, a, y, eps)
            errors[f"{index}.{name}"] = relative_error(getattr(layer, "d" + name).reshape(-1), numerical)
        a = layer.forward(a, training=True).copy()
    return errors


def _stacked_gradient(
    network: Network, index: int, name: str, a: Array, y: ArrayLike, eps: float, rows: int = 128
) -> Array:
    """The numerical gradient by one parameter array of a layer. a: the layer's input; rows: how many entries at a time."""
    layer, rest = network.layers[index], network.layers[index + 1 :]
    parameter = getattr(layer, name).reshape(-1)

    def costs(entries: NDArray[np.intp], h: float) -> Array:
        z = _outputs_after_changes(layer, name, a, entries, h)
        for later in rest:
            z = later.forward(z, training=True)
        changed = [(parameter[entries] + h).reshape(-1, 1, 1)] if name == "W" else []
        # The penalties of all unchanged weights cancel in the difference.
        return network.objective.cost(z, y)[0] + network.penalty(len(a), changed)

    pieces = np.split(np.arange(parameter.size), range(rows, parameter.size, rows))
    return np.concatenate([(costs(piece, eps) - costs(piece, -eps)) / (2 * eps) for piece in pieces])


def _outputs_after_changes(layer: Layer, name: str, a: Array, entries: NDArray[np.intp], h: float) -> Array:
    """(R, m, n_out): the layer's outputs after h is added to one entry of the parameter, for each of R entries."""
    runs = np.arange(len(entries))
    if isinstance(layer, Dense):  # linear: weight (i, j) moves column j by h x_i, bias j moves it by h
        z = _copies(layer.forward(a, training=True), len(entries))
        i, j = np.divmod(entries, layer.n_out)
        z[runs, :, j] += h * (a.T[i] if name == "W" else 1)
        return z
    twin, parameter = copy.copy(layer), getattr(layer, name)
    stack = np.repeat(parameter[None], len(entries), axis=0)
    stack.reshape(len(entries), -1)[runs, entries] += h
    setattr(twin, name, stack)
    return twin.forward(_copies(a, len(entries)), training=True)


def _copies(a: Array, runs: int) -> Array:
    """A stack (runs, m, n) of copies of a, in memory as the layers' buffers are."""
    return np.repeat(a.T[None], runs, axis=0).mT


def _copy_with_fixed_masks(network: Network, X: ArrayLike, y: ArrayLike) -> Network:
    """A copy that has computed its gradient and keeps the dropout masks that it drew."""
    if network.dtype != np.float64:
        raise ValueError(
            f"differences need float64, this network is {network.dtype}: make it with dtype=np.float64"
        )
    network = network.copy()
    network.loss_and_grad(X, y)
    for layer in network.parts().values():
        layer.frozen = True
    return network


def direction_check(
    network: Network, X: ArrayLike, y: ArrayLike, rng: np.random.Generator, n: int = 10, eps: float = 1e-5
) -> float:
    """``directional_check`` of a network, with fixed dropout masks: 2 n evaluations, however many parameters there are.

    A direction holds random signs, equally large for all parameters: they are drawn 4 times faster than normal numbers.
    """
    network = _copy_with_fixed_masks(network, X, y)
    theta = network.theta.copy()
    directions = (rng.integers(0, 2, (n, theta.size), dtype=np.int8) * 2.0 - 1.0) / sqrt(theta.size)

    def cost(shift: Array) -> float:
        network.theta[...] = theta + shift
        return network.loss(X, y, training=True)

    slopes = [(cost(eps * u) - cost(-eps * u)) / (2 * eps) for u in directions]
    return relative_error(directions @ network.grad, slopes)
