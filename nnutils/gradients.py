"""Checking gradients by differences, and clipping them.

The two-sided difference (f(t + h) - f(t - h)) / 2h is off by O(h^2), and by the rounding of f divided by h: h = 1e-5 is about
best in float64. A relative error below 1e-7 is right, above 1e-3 wrong; between them look closely.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from math import prod, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.activations import as_float
from nnutils.layers import Dense, Layer
from nnutils.network import Network

Array = NDArray[np.floating]
Function = Callable[[Array], float]


def numerical_gradient(f: Function, theta: ArrayLike, eps: float = 1e-5) -> Array:
    """(f(theta + eps e_i) - f(theta - eps e_i)) / (2 eps) for each i. theta: any shape, and so is the result."""
    theta = np.array(theta, np.float64)
    grad = np.empty_like(theta)
    for i, value in np.ndenumerate(theta):
        theta[i] = value + eps
        above = f(theta)
        theta[i] = value - eps
        grad[i] = (above - f(theta)) / (2 * eps)
        theta[i] = value
    return grad


def complex_step_gradient(f: Callable[[NDArray], complex], theta: ArrayLike, h: float = 1e-30) -> Array:
    """Im f(theta + i h e_j) / h: no difference, so no cancellation (Squire & Trapp 1998). f must accept complex theta."""
    theta = np.array(theta, np.complex128)
    grad = np.empty(theta.shape)
    for j, value in np.ndenumerate(theta):
        theta[j] = value + 1j * h
        grad[j] = np.imag(f(theta)) / h
        theta[j] = value
    return grad


def relative_error(a: ArrayLike, b: ArrayLike) -> float:
    """||a - b|| / (||a|| + ||b||), and 0 where both are 0."""
    a, b = as_float(a), as_float(b)
    total = np.linalg.norm(a) + np.linalg.norm(b)
    return float(np.linalg.norm(a - b) / total) if total else 0.0


def flatten(params: Sequence[ArrayLike]) -> Array:
    """All parameters end to end in C order, 1-D."""
    return np.concatenate([as_float(p).reshape(-1) for p in params]) if len(params) else np.empty(0)


def unflatten(theta: ArrayLike, shapes: Sequence[tuple[int, ...]]) -> list[Array]:
    """The list of arrays of these shapes of which theta is made; () is a scalar. They are views."""
    theta, sizes = as_float(theta), [prod(shape) for shape in shapes]
    if sum(sizes) != theta.size:
        raise ValueError(f"these shapes hold {sum(sizes)} numbers, theta has {theta.size}")
    pieces = np.split(theta, np.cumsum(sizes)[:-1]) if sizes else []
    return [piece.reshape(shape) for piece, shape in zip(pieces, shapes, strict=True)]


def gradient_check(
    f: Function, grad: Callable[[Array], ArrayLike], theta: ArrayLike, eps: float = 1e-5
) -> float:
    """Relative error between grad(theta) and the numerical gradient of f."""
    theta = np.array(theta, np.float64)
    return relative_error(grad(theta.copy()), numerical_gradient(f, theta, eps))


def network_check(network: Network, X: ArrayLike, y: ArrayLike, eps: float = 1e-5) -> dict[str, float]:
    """Relative error of each parameter array, {"0.W": …, "0.b": …}, in training mode with dropout's masks held.

    A layer's perturbations are evaluated many at a time, as a stack of networks that differ in that layer alone. The network
    itself is not changed. It must be float64: float32 has too few digits for differences.
    """
    network = _held(network, X, y)
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
    """The numerical gradient by one parameter array of a layer whose input is a; rows of its entries at a time."""
    layer, rest = network.layers[index], network.layers[index + 1 :]
    parameter = getattr(layer, name).reshape(-1)

    def costs(entries: NDArray[np.intp], h: float) -> Array:
        z = _nudged(layer, name, a, entries, h)
        for later in rest:
            z = later.forward(z, training=True)
        changed = [(parameter[entries] + h).reshape(-1, 1, 1)] if name == "W" else []
        return network.objective.cost(z, y)[0] + network.penalty(
            len(a), changed
        )  # the unchanged weights cancel

    pieces = np.split(np.arange(parameter.size), range(rows, parameter.size, rows))
    return np.concatenate([(costs(piece, eps) - costs(piece, -eps)) / (2 * eps) for piece in pieces])


def _nudged(layer: Layer, name: str, a: Array, entries: NDArray[np.intp], h: float) -> Array:
    """The layer's outputs (R, m, n_out) after h was added to one entry of the parameter, for R entries."""
    runs = np.arange(len(entries))
    if isinstance(layer, Dense):  # is linear: one weight (i, j) moves column j by h x_i, one bias by h
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
    """A stack (runs, m, n) of copies of a, in the layout of the layers' buffers."""
    return np.repeat(a.T[None], runs, axis=0).mT


def _held(network: Network, X: ArrayLike, y: ArrayLike) -> Network:
    """A copy whose dropout masks are drawn and held, and whose gradient is computed."""
    if network.dtype != np.float64:
        raise ValueError(
            f"differences need float64, this network is {network.dtype}: make it with dtype=np.float64"
        )
    network = network.copy()
    network.loss_and_grad(X, y)
    for layer in network.layers:
        layer.frozen = True
    return network


def direction_check(
    network: Network, X: ArrayLike, y: ArrayLike, rng: np.random.Generator, n: int = 10, eps: float = 1e-5
) -> float:
    """Relative error of the slopes along n random directions: 2 n evaluations, however many parameters there are.

    A direction is made of random signs, each parameter's share the same. They are drawn 4 times faster than normal numbers.
    """
    network = _held(network, X, y)
    theta = network.theta.copy()
    directions = (rng.integers(0, 2, (n, theta.size), dtype=np.int8) * 2.0 - 1.0) / sqrt(theta.size)

    def cost(shift: Array) -> float:
        network.theta[...] = theta + shift
        return network.loss(X, y, training=True)

    slopes = [(cost(eps * u) - cost(-eps * u)) / (2 * eps) for u in directions]
    return relative_error(directions @ network.grad, slopes)


def clip_by_value(grads: Sequence[ArrayLike], limit: float) -> list[Array]:
    """Each entry cut to [-limit, limit]: the direction may turn."""
    return [np.clip(as_float(g), -limit, limit) for g in grads]


def clip_by_global_norm(grads: Sequence[ArrayLike], limit: float) -> list[Array]:
    """All scaled by limit / norm if the norm of all entries together exceeds limit: the direction stays (Pascanu 2013)."""
    arrays = [as_float(g) for g in grads]
    norm = float(np.sqrt(sum(float(np.sum(g * g)) for g in arrays)))
    return [g * (limit / norm) if norm > limit else g.copy() for g in arrays]
