"""What lesson 19 gives: letters and their views, a small convolutional network, rivals; and what cases hand to an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnutils.checks.models import Base, sigmoid

if TYPE_CHECKING:
    from nnutils.network import Network

Encode = Callable[[NDArray], NDArray]
SIDE, LETTERS, DIFFICULTY = 12, "ABCDEFGHIJ", 0.3
MARGIN = 1e-3  # keeps the features of a probe from being divided by 0


@dataclass(frozen=True)
class Autoencoder(Base):
    """Dense sigmoid layers whose last gives back as many numbers as come in. sizes: inputs, codes, inputs."""

    def _layers(self) -> list[Any]:
        from keras import layers

        return [layers.Dense(n, activation="sigmoid") for n in self.sizes[1:]]

    def _activate(self, z: NDArray, i: int) -> NDArray:
        return sigmoid(z)


@dataclass
class Trainer:
    """Stands for the training of one layer: W and b that follow from what it is given, and no training at all.

    As a training that starts from random weights, it comes to other ones at each call.
    """

    phase: float
    calls: int = field(default=0, init=False)

    def __call__(self, H: NDArray, n_units: int) -> tuple[NDArray, NDArray]:
        self.calls += 1
        phase, rows, columns = self.phase + self.calls, np.arange(H.shape[1])[:, None], np.arange(n_units)
        W = np.cos(phase + 2 * rows + 3 * columns) * (1 + H.mean(axis=0)[:, None])
        return W, np.sin(phase + columns) + H.std()


@dataclass(frozen=True)
class ByMeans:
    """Learns the mean of each of k classes; the nearer a mean, the more probable is its class."""

    sharpness: float
    k: int

    def __call__(self, X: NDArray, y: NDArray) -> Encode:
        X, y = np.asarray(X, float), np.asarray(y)
        means = np.stack(
            [X[y == c].mean(axis=0) if (y == c).any() else np.zeros(X.shape[1]) for c in range(self.k)]
        )

        def predict_proba(U: NDArray) -> NDArray:
            squares = np.square(np.asarray(U)[:, None] - means).sum(axis=2)
            p = np.exp(-self.sharpness * (squares - squares.min(axis=1, keepdims=True)))
            return p / p.sum(axis=1, keepdims=True)

        return predict_proba


@dataclass(frozen=True)
class Encoder:
    """Stands for a pretraining: codes that follow from the mean and the covariance of what it sees."""

    phase: float
    n_codes: int

    def __call__(self, U: NDArray) -> Encode:
        U = np.asarray(U, float)
        mean, size = U.mean(axis=0), np.sqrt(U.var(axis=0) + 0.1)
        rows, columns = np.arange(U.shape[1])[:, None], np.arange(self.n_codes)
        W = np.cos(self.phase + 2.3 * rows + 1.7 * columns) / size[:, None]
        return lambda X: np.tanh((np.asarray(X, float) - mean) @ W / np.sqrt(U.shape[1]))


def letters(seed: int, m: int = 3000, n_test: int = 800) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    """Drawn letters of 12 x 12 pixels: a pool (X, y) without labels, as long as nobody looks at y, and a test set (X, y)."""
    from nnutils.data import drawn_characters

    X, y = drawn_characters(m, LETTERS, DIFFICULTY, SIDE, rng=seed, dtype=np.float32)
    return X[n_test:], y[n_test:], X[:n_test], y[:n_test]


def labelled_rows(y: NDArray, each: int, seed: int) -> NDArray:
    """The rows of `each` examples of every class, drawn at random."""
    order = np.random.default_rng(seed).permutation(len(y))
    return np.concatenate([order[y[order] == label][:each] for label in np.unique(y)])


def views(X: NDArray, rng: np.random.Generator) -> NDArray:
    """Another view of each picture, (m, 144): turned by up to 10 degrees, moved by up to a pixel, with other contrast and
    light, 15 of 100 as negatives, with a little noise."""
    from nnutils.augmentation import affine

    m = len(X)
    images = X.reshape(m, SIDE, SIDE)
    edge = np.concatenate([images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]], axis=1)
    ground = np.median(edge, axis=1)[:, None, None]  # what comes in from outside has the colour of the ground
    moved = affine(images - ground, rng.uniform(-10, 10, m), rng.uniform(-1, 1, (m, 2))) + ground
    moved = np.where(rng.random((m, 1, 1)) < 0.15, 1 - moved, moved)
    mean = moved.mean(axis=(1, 2), keepdims=True)
    light = mean + rng.uniform(-0.15, 0.15, (m, 1, 1))
    seen = rng.uniform(0.6, 1.2, (m, 1, 1)) * (moved - mean) + light + rng.normal(0, 0.05, moved.shape)
    return seen.reshape(m, -1).astype(np.float32)


def small_network(n_out: int, seed: int) -> Network:
    """A convolution of 32 filters, 6 x 6 pixels, a step of 2; 128 units; then n_out numbers."""
    from nnutils.layers import Conv2D, Dense, ReLU
    from nnutils.network import Network

    layers = [Conv2D(32, 6, stride=2), ReLU(), Dense(128), ReLU(), Dense(n_out)]
    return Network(SIDE * SIDE, layers, rng=seed, dtype=np.float32)


def codes(network: Network, X: NDArray) -> NDArray:
    """What the network says of each picture, as a direction: rows of length 1."""
    z = network.logits(X)
    return z / np.linalg.norm(z, axis=1, keepdims=True)


def train_on_views(X: NDArray, y: NDArray, seed: int, steps: int = 600, lr: float = 0.006) -> Network:
    """The rival: the same network from random weights, trained with labels, on new views of the pictures in each step."""
    from nnutils.optimizers import Adam

    rng, network, adam = np.random.default_rng(seed), small_network(len(LETTERS), seed), Adam(lr)
    for step in range(steps):
        adam.lr = lr * (1 - step / steps)
        network.loss_and_grad(views(X, rng), y)
        adam.update(network.theta, network.grad)
    return network


def linear_probe(F: NDArray, y: NDArray, C: float = 10.0) -> Any:
    """Multinomial logistic regression on fixed features F, as a fitted model of scikit-learn."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=C, max_iter=1000).fit(F, y)


def plain_rivals(X: NDArray, y: NDArray, rows: NDArray, X_test: NDArray, y_test: NDArray) -> dict[str, float]:
    """Test accuracies without a network: of the pool X only `rows` have labels, and label spreading uses the others, too."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.semi_supervised import LabelSpreading

    known = np.full(len(X), -1)
    known[rows] = y[rows]
    models = {
        "logistic regression": LogisticRegression(C=100, max_iter=1000).fit(X[rows], y[rows]),
        "1-NN": KNeighborsClassifier(1).fit(X[rows], y[rows]),
        "label spreading": LabelSpreading(kernel="knn", n_neighbors=7).fit(X, known),
    }
    return {name: float(model.score(X_test, y_test)) for name, model in models.items()}


def reuse_encoder(autoencoder: Any, n_classes: int) -> Any:
    """A classifier that begins where a Keras autoencoder has ended: copies of all layers but the last, a new softmax layer."""
    import keras

    copy = keras.models.clone_model(autoencoder)
    copy.set_weights(autoencoder.get_weights())
    head = keras.layers.Dense(n_classes, activation="softmax")
    return keras.Sequential([keras.Input(autoencoder.input_shape[1:]), *copy.layers[:-1], head])
