"""A network is a list of layers over one flat vector ``theta`` and one flat ``grad``.

The optimiser sees two vectors, the layers see their W and b as views into them, and nothing is copied between the two.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from nnutils import layers as L
from nnutils.losses import LOSSES

Array = NDArray[np.floating]

ACTIVATIONS: dict[str, type[L.Activation]] = {
    "relu": L.ReLU,
    "leaky_relu": L.LeakyReLU,
    "elu": L.ELU,
    "selu": L.SELU,
    "tanh": L.Tanh,
    "sigmoid": L.Sigmoid,
}


class Network:
    """Layers in a row, and a loss of the last one's output z.

    n_in: number of features; layers: not built yet; loss: "softmax", "sigmoid" (z are logits) or "mse" (z is the output).
    rng: draws the weights, and gives dropout a generator of its own; an int is a seed. l2 adds l2/(2m) sum W^2 to the cost of m
    examples, l1 adds l1/m sum |W|; only weights W count, neither biases nor gamma and beta.
    X: (m, n_in); y: (m,) integer labels for softmax, (m,) 0 or 1 for sigmoid, as many numbers as outputs for mse.
    """

    def __init__(
        self,
        n_in: int,
        layers: Sequence[L.Layer],
        loss: str = "softmax",
        rng: np.random.Generator | int = 0,
        dtype: DTypeLike = np.float64,
        l2: float = 0.0,
        l1: float = 0.0,
    ) -> None:
        self.n_in, self.layers, self.dtype = n_in, list(layers), np.dtype(dtype)
        self.l2, self.l1 = float(l2), float(l1)  # Python floats, which do not turn float32 into float64
        self.objective = _find("loss", loss, LOSSES)
        if not self.layers or len(set(map(id, self.layers))) < len(self.layers):
            raise ValueError("a network needs at least one layer, and no layer twice")
        if any(hasattr(layer, "theta") for layer in self.layers):
            raise ValueError("a layer here belongs to a network already: make new ones, or copy that network")
        rng, width = np.random.default_rng(rng), n_in
        for layer in self.layers:
            width = layer.build(width, rng, self.dtype).n_out
        if loss == "softmax" and width < 2:
            raise ValueError("softmax of one output is always 1: take one output a class, or loss='sigmoid'")
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
        # The backward pass ends at the first layer with parameters, which passes nothing on.
        first = next((i for i, layer in enumerate(self.layers) if layer.shapes()), 0)
        self.layers[first].needs_dx = False
        for before, layer in pairwise(self.layers):
            # Dense layers and batch norm do not read their output again.
            layer.may_overwrite = isinstance(before, (L.Dense, L.BatchNorm))
        self._backward = self.layers[first:][::-1]
        self.weights: list[Array] = [layer.W for layer in self.layers if isinstance(layer, L.Dense)]
        self._weight_grads = [layer.dW for layer in self.layers if isinstance(layer, L.Dense)]

    @property
    def biases(self) -> list[Array]:
        """The b of every dense layer that has one: views into theta."""
        return [layer.b for layer in self.layers if isinstance(layer, L.Dense) and layer.bias]

    def logits(self, X: ArrayLike, training: bool = False) -> Array:
        """The last layer's output z, (m, n_out). In training it lies in that layer's buffer."""
        a = np.asarray(X, self.dtype)
        if a.ndim < 2 or a.shape[-1] != self.n_in:
            raise ValueError(f"X must have shape (m, {self.n_in}), one example a row, not {a.shape}")
        for layer in self.layers:
            a = layer.forward(a, training)
        return a

    def forward(self, X: ArrayLike, training: bool = False, rng: np.random.Generator | None = None) -> Array:
        """Probabilities, or outputs for mse: (m, n_out). With training=True dropout is on, and draws from rng if given."""
        own = self.rng
        try:
            self._use(rng or own)
            return self.objective.output(self.logits(X, training))
        finally:
            self._use(own)

    def loss(self, X: ArrayLike, y: ArrayLike, training: bool = False) -> Any:
        """The cost: mean loss plus the penalties. A float, or (runs,) for a stack."""
        z = self.logits(X, training)
        return self.objective.cost(z, y)[0] + self.penalty(z.shape[-2])

    def loss_and_grad(self, X: ArrayLike, y: ArrayLike) -> Any:
        """The cost in training mode; its gradient is in ``grad`` afterwards."""
        z = self.logits(X, training=True)
        cost, d = self.objective.cost(z, y)
        for layer in self._backward:
            d = layer.backward(d)
        if self.l2 or self.l1:
            m = z.shape[-2]
            cost = cost + self.penalty(m)
            for W, dW in zip(self.weights, self._weight_grads, strict=True):
                dW += self.l2 / m * W
                if self.l1:
                    dW += self.l1 / m * np.sign(W)
        return cost

    def penalty(self, m: int, weights: Sequence[Array] | None = None) -> Any:
        """l2/(2m) sum W^2 + l1/m sum |W|, over the network's weights or others."""
        if not (self.l2 or self.l1):
            return 0.0
        weights = self.weights if weights is None else weights
        total = sum(self.l2 / 2 * np.einsum("...ij,...ij", W, W) for W in weights)
        if self.l1:
            total = total + sum(self.l1 * np.abs(W).sum(axis=(-2, -1)) for W in weights)
        return _plain(total / m)

    def evaluate(self, X: ArrayLike, y: ArrayLike) -> tuple[Any, Any]:
        """(mean loss without penalties, accuracy), in inference mode; for mse the accuracy is NaN."""
        z = self.logits(X)
        hits = np.nan if self.objective.name == "mse" else self._decide(z) == np.asarray(y)
        return self.objective.cost(z, y)[0], _plain(np.mean(hits, axis=-1) if np.ndim(hits) else hits)

    def predict_proba(self, X: ArrayLike) -> Array:
        """(m, n_out), or (m,) if there is one output."""
        output = self.forward(X)
        return output[..., 0] if self.n_out == 1 else output

    def predict(self, X: ArrayLike) -> Array:
        """Labels (m,): the most probable class, or probability > 0.5 as 0 and 1. For mse the outputs."""
        return self._decide(self.logits(X))

    def _decide(self, z: Array) -> Array:
        if self.objective.name == "softmax":
            return z.argmax(axis=-1)
        z = z[..., 0] if self.n_out == 1 else z
        return z if self.objective.name == "mse" else (z > 0).astype(int)

    def accuracy(self, X: ArrayLike, y: ArrayLike) -> Any:
        """Share of labels that are right, 0 to 1."""
        if self.objective.name == "mse":
            raise ValueError("a network with loss='mse' predicts numbers, not labels: use .loss(X, y)")
        return self.evaluate(X, y)[1]

    def get_params(self) -> dict[str, Array]:
        """Copies of all parameters and of batch norm's running averages, named "0.W", "0.b", "1.gamma", …"""
        return {name: array.copy() for name, array in self._named().items()}

    def set_params(self, params: dict[str, Array]) -> None:
        """Write what ``get_params`` gave into the network."""
        own = self._named()
        wrong = [name for name in own.keys() | params.keys() if _shape(own, name) != _shape(params, name)]
        if wrong:
            raise ValueError(
                f"these parameters belong to a network of another shape: {', '.join(sorted(wrong))}"
            )
        for name, array in own.items():
            array[...] = params[name]

    def _named(self) -> dict[str, Array]:
        parts = (
            (i, layer, name)
            for i, layer in enumerate(self.layers)
            for name in (*layer.shapes(), *layer.state)
        )
        return {f"{i}.{name}": getattr(layer, name) for i, layer, name in parts}

    def _use(self, rng: np.random.Generator) -> None:
        """Dropout draws from this generator."""
        self.rng = rng
        for layer in self.layers:
            layer.rng = rng

    def copy(self) -> Network:
        """A network of the same numbers that shares no memory with this one."""
        return copy.deepcopy(self)

    @classmethod
    def stack(cls, networks: Sequence[Network]) -> Network:
        """One network of all: theta is (runs, n), and what it returns has an axis of runs in front."""
        if len({repr(network) for network in networks}) != 1:
            raise ValueError("only networks of one architecture can be stacked")
        stacked = networks[0].copy()
        stacked.theta = np.stack([network.theta for network in networks])
        for i, layer in enumerate(stacked.layers):
            for name in layer.state:
                setattr(layer, name, np.stack([getattr(network.layers[i], name) for network in networks]))
        stacked._bind()
        return stacked

    def unstack(self, networks: Sequence[Network]) -> None:
        """Write each run's parameters and averages back into its network."""
        named = self._named()
        for run, network in enumerate(networks):
            network.set_params({name: array[run] for name, array in named.items()})

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(
            state
        )  # a copy or an unpickled network: its views have become arrays of their own
        self._bind()

    def __repr__(self) -> str:
        chain = ", ".join(map(repr, self.layers))
        return f"Network({self.n_in}, [{chain}], loss={self.objective.name!r}): {self.theta.shape[-1]} parameters"


def dense_network(
    sizes: Sequence[int],
    activation: str = "relu",
    keep_prob: float | Sequence[float] = 1.0,
    batch_norm: bool = False,
    init: str | float = "he",
    **settings: Any,
) -> Network:
    """Dense layers of these sizes, the inputs first: Dense, batch norm, activation, dropout in each hidden layer.

    keep_prob: one for all hidden layers or one each; SELU networks get alpha dropout. settings go to ``Network``.
    """
    hidden = sizes[1:-1]
    keep = [keep_prob] * len(hidden) if isinstance(keep_prob, (int, float)) else list(keep_prob)
    if len(keep) != len(hidden):
        raise ValueError(f"{len(hidden)} hidden layers need as many keep_prob, not {len(keep)}")
    drop = L.AlphaDropout if activation == "selu" else L.Dropout
    chain: list[L.Layer] = []
    for n_out, q in zip(hidden, keep, strict=True):
        chain += [L.Dense(n_out, init, bias=not batch_norm)] + [L.BatchNorm()] * batch_norm
        chain += [_find("activation", activation, ACTIVATIONS)()] + [drop(q)] * (q < 1)
    return Network(sizes[0], [*chain, L.Dense(sizes[-1], init)], **settings)


def _find(kind: str, name: str, table: dict[str, Any]) -> Any:
    if name not in table:
        raise ValueError(f"unknown {kind} {name!r}: choose one of {', '.join(table)}")
    return table[name]


def _shape(params: dict[str, Array], name: str) -> tuple[int, ...] | None:
    return np.shape(params[name]) if name in params else None


def _plain(value: Any) -> Any:
    return value if np.ndim(value) else float(value)
