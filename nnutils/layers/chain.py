"""Layers in a row, whose parameters lie in one flat vector ``theta`` and whose gradients lie in one flat ``grad``.

An optimiser works on the two vectors. The layers' W and b are views into them, so nothing is copied between the two.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from nnutils.arrays import Array
from nnutils.layers.base import Layer
from nnutils.layers.batchnorm import BatchNorm
from nnutils.layers.dense import Dense


class Chain:
    """Built layers. ``logits`` is the forward pass, ``backpropagate`` the backward pass."""

    def __init__(
        self, n_in: int, layers: Sequence[Layer], rng: np.random.Generator | int, dtype: DTypeLike
    ) -> None:
        self.n_in, self.layers, self.dtype = n_in, list(layers), np.dtype(dtype)
        if not self.layers or len(set(map(id, self.layers))) < len(self.layers):
            raise ValueError("a network needs at least one layer, and no layer twice")
        if any(hasattr(layer, "theta") for layer in self.layers):
            raise ValueError("a layer here belongs to a network already: make new ones, or copy that network")
        rng, width = np.random.default_rng(rng), n_in
        for layer in self.layers:
            width = layer.build(width, rng, self.dtype).n_out
        self.n_out = width
        self.theta: Array = np.concatenate([layer.theta for layer in self.layers])
        self._bind()
        self._use(np.random.default_rng(rng.integers(2**63)))

    def _bind(self) -> None:
        """Make every layer's parameters views into theta and grad."""
        self.grad = np.zeros_like(self.theta)
        start, ends = 0, np.cumsum([layer.theta.shape[-1] for layer in self.layers])
        for layer, end in zip(self.layers, ends, strict=True):
            layer.bind(self.theta[..., start:end], self.grad[..., start:end])
            start = end
        # The backward pass ends at the first layer with parameters.
        first = next((i for i, layer in enumerate(self.layers) if layer.shapes()), 0)
        self.layers[first].needs_dx = False
        for before, layer in pairwise(self.layers):
            # Dense layers and batch norm do not read their own output again.
            layer.may_overwrite = isinstance(before, (Dense, BatchNorm))
        self._backward = self.layers[first:][::-1]
        dense = [layer for layer in self.parts().values() if isinstance(layer, Dense)]
        self.weights: list[Array] = [layer.W for layer in dense]
        self._spare = [  # scratch memory for the gradients of the penalties
            np.empty_like(W) for W in self.weights
        ]
        self._weight_grads = [layer.dW for layer in dense]

    def parts(self) -> dict[str, Layer]:
        """The layers, and those within residual blocks, by name: "0", "1", "2.0", "2.1", …, in the order of theta."""
        return {name: part for i, layer in enumerate(self.layers) for name, part in layer.parts(str(i))}

    @property
    def biases(self) -> list[Array]:
        """The b of every dense layer that has one: views into theta."""
        return [layer.b for layer in self.parts().values() if isinstance(layer, Dense) and layer.bias]

    @property
    def matrices(self) -> list[tuple[int, tuple[int, int]]]:
        """Where the weights W of every dense layer stand in theta: (start, shape). Muon wants to know it."""
        layers = self.parts().values()
        ends = np.cumsum([layer.theta.shape[-1] for layer in layers])
        starts = [end - layer.theta.shape[-1] for layer, end in zip(layers, ends, strict=True)]
        return [
            (int(start), (layer.n_in, layer.n_out))  # W is the first of a dense layer's parameters
            for layer, start in zip(layers, starts, strict=True)
            if isinstance(layer, Dense)
        ]

    def logits(self, X: ArrayLike, training: bool = False) -> Array:
        """The last layer's output z, (m, n_out). In training it is that layer's buffer, which the next pass overwrites."""
        a = np.asarray(X, self.dtype)
        if a.ndim < 2 or a.shape[-1] != self.n_in:
            raise ValueError(f"X must have shape (m, {self.n_in}), one example a row, not {a.shape}")
        for layer in self.layers:
            a = layer.forward(a, training)
        return a

    def backpropagate(self, d: Array) -> None:
        """Write the gradient into grad. d: the derivative of the cost by the last training logits."""
        for layer in self._backward:
            d = layer.backward(d)

    def get_params(self) -> dict[str, Array]:
        """Copies of all parameters and of batch norm's running averages, named "0.W", "0.b", "1.gamma", …"""
        return {name: array.copy() for name, array in self._named().items()}

    def set_params(self, params: dict[str, Array]) -> None:
        """Write what ``get_params`` returned into the network."""
        own = self._named()
        wrong = [name for name in own.keys() | params.keys() if _shape(own, name) != _shape(params, name)]
        if wrong:
            names = ", ".join(sorted(wrong))
            raise ValueError(f"these parameters belong to a network of another shape: {names}")
        for name, array in own.items():
            array[...] = params[name]

    def _named(self) -> dict[str, Array]:
        return {
            f"{i}.{name}": getattr(layer, name)
            for i, layer in self.parts().items()
            for name in (*layer.shapes(), *layer.state)
        }

    def _use(self, rng: np.random.Generator) -> None:
        """Let dropout draw from this generator."""
        self.rng = rng
        for layer in self.parts().values():
            layer.rng = rng

    def copy(self) -> Self:
        """A network with the same numbers, which shares no memory with this one."""
        return copy.deepcopy(self)

    @classmethod
    def stack(cls, networks: Sequence[Self]) -> Self:
        """One network that computes all of them: theta is (runs, n), and its results have a first axis of runs."""
        if len({repr(network) for network in networks}) != 1:
            raise ValueError("only networks of one architecture can be stacked")
        stacked = networks[0].copy()
        stacked.theta = np.stack([network.theta for network in networks])
        columns = zip(*(network.parts().values() for network in networks), strict=True)
        for layer, column in zip(stacked.parts().values(), columns, strict=True):
            for name in layer.state:
                setattr(layer, name, np.stack([getattr(own, name) for own in column]))
        stacked._bind()
        return stacked

    def unstack(self, networks: Sequence[Self]) -> None:
        """Write each run's parameters and averages back into its network."""
        named = self._named()
        for run, network in enumerate(networks):
            network.set_params({name: array[run] for name, array in named.items()})

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._bind()  # in a copy or an unpickled network the views have become separate arrays


def _shape(params: dict[str, Array], name: str) -> tuple[int, ...] | None:
    return np.shape(params[name]) if name in params else None
