"""Two networks that have learned to read drawn letters and come with the package, for lessons in which such a network is reused.

`python3 course.py body` has trained them, see coursekit.authoring.body. They are fixed: no seed changes them.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnutils.convolution import conv2d, max_pool

SIZE, DIFFICULTY = 12, 0.9  # of the pictures, as in drawn_characters
FOLDER = Path(__file__).parent / "bodies"
KINDS = ("convolutional", "dense")


@dataclass(frozen=True)
class Body:
    """A network that reads the letters `old`, and the characters `new` that it has never seen.

    convolutional: three convolutions of 3 x 3 with ReLU, the first two followed by pooling of 2 x 2, a dense layer of 64 with
    ReLU, a softmax head. dense: three dense layers with ReLU, the last of 64, and the head. weights: kernel and bias of each
    layer, float32, in Keras' order and shape; the last two are the head's.
    """

    weights: tuple[NDArray[np.float32], ...]
    old: str
    new: str

    @property
    def depth(self) -> int:
        """The layers below the head."""
        return len(self.weights) // 2 - 1

    def features(self, X: NDArray, depth: int | None = None) -> NDArray[np.float32]:
        """What the first `depth` layers make of pictures X (m, 144), by default all below the head: (m, features).

        A convolution's feature maps come after pooling, in a row for each picture.
        """
        return features(self.weights, X, self.depth if depth is None else depth)


def features(weights: Sequence[NDArray], X: NDArray, depth: int) -> NDArray[np.float32]:
    """What the first `depth` layers with these weights make of pictures X (m, size * size): (m, features), float32."""
    if not 0 <= depth < len(weights) // 2:
        raise ValueError(f"depth is from 0 (the pixels) to {len(weights) // 2 - 1}, not {depth}")
    a = np.asarray(X, np.float32)
    for layer in range(depth):
        W, b = weights[2 * layer : 2 * layer + 2]
        if W.ndim == 2:
            a = np.maximum(a.reshape(len(a), -1) @ W + b, 0)
            continue
        side = round(np.sqrt(a[0].size / W.shape[2]))
        a = np.maximum(conv2d(a.reshape(len(a), side, side, W.shape[2]), W, b), 0)
        if layer < 2:  # a third pooling would leave one pixel
            a = max_pool(a)
    return a.reshape(len(a), -1)


@functools.cache
def pretrained_body(kind: str = "convolutional") -> Body:
    """The body of this kind, "convolutional" or "dense". Both have learned from the same 30 000 pictures of 28 letters.

    The pictures were drawn_characters(30000, body.old, difficulty=0.9, size=12).
    """
    if kind not in KINDS:
        raise ValueError(f"there is no {kind!r} body: choose one of {', '.join(KINDS)}")
    with np.load(FOLDER / f"{kind}.npz", allow_pickle=False) as file:
        names = [name for name in file.files if name not in ("old", "new")]
        weights = tuple(file[name].astype(np.float32) for name in names)
        for array in weights:
            array.flags.writeable = False
        return Body(weights, str(file["old"]), str(file["new"]))


def network(kind: str, classes: int) -> Any:
    """A new Keras model of the form of a body, with a softmax head of so many classes and random weights."""
    import keras

    layers = keras.layers
    if kind == "dense":
        hidden = [layers.Flatten(), *(layers.Dense(n, activation="relu") for n in (192, 128, 64))]
    else:
        one, two, three = (layers.Conv2D(n, 3, padding="same", activation="relu") for n in (16, 32, 64))
        pooled = [one, layers.MaxPooling2D(), two, layers.MaxPooling2D(), three]
        hidden = [*pooled, layers.Flatten(), layers.Dense(64, activation="relu")]
    head = layers.Dense(classes, activation="softmax")
    return keras.Sequential([keras.Input((SIZE, SIZE, 1)), *hidden, head])
