"""A network: layers in a row, the loss of their last output, penalties on the weights, and predictions."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from nnutils import layers as L
from nnutils.arrays import Array, chosen, number_or_array
from nnutils.layers.chain import Chain
from nnutils.losses import LOSSES

ACTIVATIONS: dict[str, type[L.Layer]] = {
    "relu": L.ReLU,
    "leaky_relu": L.LeakyReLU,
    "elu": L.ELU,
    "selu": L.SELU,
    "gelu": L.GELU,
    "silu": L.SiLU,
    "tanh": L.Tanh,
    "sigmoid": L.Sigmoid,
}


class Network(Chain):
    """Layers in a row, and a loss of the output z of the last layer.

    n_in: number of features. layers: new ones, not built yet. loss: "softmax" or "sigmoid" (z are logits), or "mse" (z is the
    output). rng: draws the weights, and a generator for dropout; an int is a seed.
    l2 adds l2/(2m) sum W^2 to the cost, l1 adds l1/m sum |W|: of the weights W only, not of biases, gamma and beta. m is the
    training set's size, also for a batch: ``fit`` knows it, and who calls ``loss`` or ``loss_and_grad`` with a batch says it.
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
        self.l2, self.l1 = float(l2), float(l1)  # Python floats, which do not turn float32 into float64
        self.objective = chosen("loss", loss, LOSSES)
        super().__init__(n_in, layers, rng, dtype)
        if loss == "softmax" and self.n_out < 2:
            raise ValueError("softmax of one output is always 1: take one output a class, or loss='sigmoid'")

    def forward(self, X: ArrayLike, training: bool = False, rng: np.random.Generator | None = None) -> Array:
        """Probabilities, for mse outputs: (m, n_out). With training=True dropout is on and draws from rng, if that is given."""
        own = self.rng
        try:
            self._use(rng or own)
            return self.objective.output(self.logits(X, training))
        finally:
            self._use(own)

    def loss(self, X: ArrayLike, y: ArrayLike, training: bool = False, m: int | None = None) -> Any:
        """The cost: mean loss plus the penalties. A float, or (runs,) for a stack. m: as for ``loss_and_grad``."""
        z = self.logits(X, training)
        return self.objective.cost(z, y)[0] + self.penalty(_training_set(m, z.shape[-2]))

    def loss_and_grad(self, X: ArrayLike, y: ArrayLike, m: int | None = None) -> Any:
        """The cost in training mode. Writes its gradient into ``grad``.

        m: the size of the training set of which X is a batch; the penalties are divided by it. None: X is all of it.
        """
        z = self.logits(X, training=True)
        cost, d = self.objective.cost(z, y)
        self.backpropagate(d)
        m = _training_set(m, z.shape[-2])
        if self.l2 or self.l1:
            cost = cost + self.penalty(m)
            for W, dW, spare in zip(self.weights, self._weight_grads, self._spare, strict=True):
                dW += np.multiply(W, self.l2 / m, out=spare)
                if self.l1:
                    dW += self.l1 / m * np.sign(W)
        return cost

    def penalty(self, m: int, weights: Sequence[Array] | None = None) -> Any:
        """l2/(2m) sum W^2 + l1/m sum |W| over these weights, by default the network's own. m: the training set's size."""
        if not (self.l2 or self.l1):
            return 0.0
        weights = self.weights if weights is None else weights
        total: Any = 0.0
        for W in weights:
            flat = W.reshape(*W.shape[:-2], -1)
            total = total + self.l2 / 2 * np.vecdot(flat, flat)
            if self.l1:
                total = total + self.l1 * np.abs(flat).sum(axis=-1)
        return number_or_array(total / m)

    def evaluate(self, X: ArrayLike, y: ArrayLike) -> tuple[Any, Any]:
        """(mean loss without penalties, accuracy), in inference mode; for mse the accuracy is NaN."""
        z = self.logits(X)
        hits = np.nan if self.objective.name == "mse" else self._decide(z) == np.asarray(y)
        return self.objective.cost(z, y)[0], number_or_array(
            np.mean(hits, axis=-1) if np.ndim(hits) else hits
        )

    def predict_proba(self, X: ArrayLike) -> Array:
        """(m, n_out), or (m,) if there is one output."""
        output = self.forward(X)
        return output[..., 0] if self.n_out == 1 else output

    def predict(self, X: ArrayLike) -> Array:
        """Labels (m,): the most probable class, or 1 where the probability exceeds 0.5. For mse the outputs."""
        return self._decide(self.logits(X))

    def _decide(self, z: Array) -> Array:
        if self.objective.name == "softmax":
            return z.argmax(axis=-1)
        z = z[..., 0] if self.n_out == 1 else z
        return z if self.objective.name == "mse" else (z > 0).astype(int)

    def accuracy(self, X: ArrayLike, y: ArrayLike) -> Any:
        """The share of correct labels, 0 to 1."""
        if self.objective.name == "mse":
            raise ValueError("a network with loss='mse' predicts numbers, not labels: use .loss(X, y)")
        return self.evaluate(X, y)[1]

    def __repr__(self) -> str:
        chain = ", ".join(map(repr, self.layers))
        return f"Network({self.n_in}, [{chain}], loss={self.objective.name!r}): {self.theta.shape[-1]} parameters"


def _training_set(m: int | None, batch: int) -> int:
    """The size of the training set: m, or the batch's where m is None."""
    if m is not None and m < batch:
        raise ValueError(
            f"m is the size of the whole training set: it is {m}, and this batch has {batch} examples"
        )
    return batch if m is None else operator.index(m)  # a NumPy integer would turn float32 into float64


def dense_network(
    sizes: Sequence[int],
    activation: str = "relu",
    keep_prob: float | Sequence[float] = 1.0,
    batch_norm: bool = False,
    init: str | float = "he",
    **settings: Any,
) -> Network:
    """A network of dense layers: Dense, batch norm, activation, dropout for each hidden layer, then Dense.

    sizes: inputs first, outputs last. keep_prob: one number for all hidden layers, or one for each. SELU networks get alpha
    dropout. settings: further arguments of ``Network``.
    """
    hidden = sizes[1:-1]
    keep = [keep_prob] * len(hidden) if isinstance(keep_prob, (int, float)) else list(keep_prob)
    if len(keep) != len(hidden):
        raise ValueError(f"{len(hidden)} hidden layers need as many keep_prob, not {len(keep)}")
    drop = L.AlphaDropout if activation == "selu" else L.Dropout
    chain: list[L.Layer] = []
    for n_out, q in zip(hidden, keep, strict=True):
        chain += [L.Dense(n_out, init, bias=not batch_norm)] + [L.BatchNorm()] * batch_norm
        chain += [chosen("activation", activation, ACTIVATIONS)()] + [drop(q)] * bool(q < 1)
    return Network(sizes[0], [*chain, L.Dense(sizes[-1], init)], **settings)
