"""What lesson 21 tries where few pictures have a label: another task's layers, an auxiliary task, labels of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnutils.lessons.capstone.given import SIDE, Pictures, build, checked

if TYPE_CHECKING:
    from nnutils.network import Network


def labelled(data: Pictures, n: int) -> Pictures:
    """The same data, of whose training pictures only the first n have a label."""
    return replace(data, X=data.X[:n], y=data.y[:n])


def begun_with(body: Network, recipe: Mapping[str, Any], classes: int, seed: int) -> Network:
    """A stack of one network that has the hidden layers of a trained stack of one, and a new last layer."""

    from nnutils.network import Network

    full = checked(recipe)
    stack = Network.stack([build(full, SIDE * SIDE, classes, np.random.default_rng(seed), np.float32)])
    for own, trained in zip(stack.layers[:-1], body.layers[:-1], strict=True):
        own.theta[...] = trained.theta
    return stack


def quarter_turns(X: NDArray) -> Pictures:
    """An auxiliary task, whose labels cost nothing: by how many quarters is a picture turned? (Gidaris et al. 2018)"""
    images = X.reshape(-1, SIDE, SIDE)
    turned = np.concatenate([np.rot90(images, k, axes=(1, 2)).reshape(len(X), -1) for k in range(4)])
    y = np.repeat(np.arange(4), len(X))
    return Pictures(turned, y, turned[:0], y[:0], turned[:0], y[:0])


def pseudo_labelled(data: Pictures, X_new: NDArray, proba: NDArray, threshold: float) -> Pictures:
    """The labelled pictures, three times each, and those whose probability reaches the threshold, with the class named."""
    sure = proba.max(axis=1) >= threshold
    X = np.concatenate([*[data.X] * 3, X_new[sure]])
    y = np.concatenate([*[data.y] * 3, proba[sure].argmax(axis=1)])
    return replace(data, X=X, y=y)
