"""The network with dropout that the cases of lesson 21 hand to an answer, small enough that every mask can be listed."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnutils.checks.models import Base, softmax


@dataclass(frozen=True)
class Dropped(Base):
    """One hidden tanh layer, dropout behind it, and a softmax. sizes: inputs, hidden units, classes."""

    keep_prob: float = 0.5

    @property
    def flags(self) -> tuple[bool, ...]:
        return (True,) * len(self.sizes)

    def _layers(self) -> list[Any]:
        from keras import layers

        _, hidden, classes = self.sizes
        return [
            layers.Dense(hidden, activation="tanh"),
            layers.Dropout(1 - self.keep_prob, seed=self.seed % 1000),
            layers.Dense(classes, activation="softmax"),
        ]

    def plain(self, x: ArrayLike) -> NDArray[np.float64]:
        """What it gives with nothing dropped. x: (m, inputs) -> (m, classes)."""
        return self._given(x, np.ones(self.sizes[1]))

    def outcomes(self, x: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What it gives under each of the 2^hidden masks, (masks, m, classes), and how likely each is, (masks,)."""
        masks = np.array(list(itertools.product((0, 1), repeat=self.sizes[1])))
        likely = np.where(masks == 1, self.keep_prob, 1 - self.keep_prob).prod(axis=1)
        return np.array([self._given(x, mask / self.keep_prob) for mask in masks]), likely

    def _given(self, x: ArrayLike, scale: NDArray) -> NDArray[np.float64]:
        W1, b1, W2, b2 = self.weights
        return softmax(np.tanh(np.asarray(x) @ W1 + b1) * scale @ W2 + b2)
