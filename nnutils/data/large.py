"""The larger data sets and the ImageNet weights, which are downloaded.

If `NNUTILS_DOWNLOAD=1` is not set or the network does not answer, a line says so, and scikit-learn's digits are returned instead:
no notebook depends on a download.
"""

from __future__ import annotations

import functools
import gzip
import tarfile
import textwrap
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nnutils.data.dataset import Dataset
from nnutils.data.download import NotAvailable, fetch
from nnutils.data.embedded import digits

KERAS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets"
WEIGHTS = "https://storage.googleapis.com/tensorflow/keras-applications/mobilenet_v2"
MNIST = (f"{KERAS}/mnist.npz", "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1")
CIFAR = ("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz", "c32a1d4ab5d03f1284b67883e8d87530")
FASHION = tuple(
    f"{part}-{kind}.gz" for part in ("train", "t10k") for kind in ("images-idx3-ubyte", "labels-idx1-ubyte")
)
CLOTHES = ("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot")
THINGS = ("airplane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


def _or_digits(name: str) -> Callable[[Callable[[DTypeLike], Dataset]], Callable[..., Dataset]]:
    """A decorator: if the data cannot be downloaded, say so and return the 8 x 8 digits."""

    def decorate(load: Callable[[DTypeLike], Dataset]) -> Callable[..., Dataset]:
        @functools.wraps(load)
        def load_or_digits(dtype: DTypeLike = np.float32) -> Dataset:
            try:
                return load(dtype)
            except NotAvailable as reason:
                _say(f"{name} is not here: {reason}. The 8 x 8 digits take its place.")
                return digits(dtype)

        return load_or_digits

    return decorate


@_or_digits("MNIST")
def mnist(dtype: DTypeLike = np.float32) -> Dataset:
    """70 000 handwritten digits, 28 x 28 grey pixels in [0, 1] (LeCun et al. 1998): X (70000, 784). Or the 8 x 8 digits."""
    with np.load(fetch(*MNIST), allow_pickle=False) as parts:
        X = np.concatenate([parts["x_train"], parts["x_test"]])
        y = np.concatenate([parts["y_train"], parts["y_test"]])
    return _images(X, y, tuple("0123456789"), "handwritten digits, 28 x 28 pixels", dtype)


@_or_digits("Fashion-MNIST")
def fashion_mnist(dtype: DTypeLike = np.float32) -> Dataset:
    """70 000 images of clothing, in the form of MNIST (Xiao et al. 2017): X (70000, 784). Or the 8 x 8 digits."""
    raw = [gzip.decompress(fetch(f"{KERAS}/{name}", name=f"fashion-{name}").read_bytes()) for name in FASHION]
    X = np.concatenate([np.frombuffer(part, np.uint8, offset=16).reshape(-1, 784) for part in raw[::2]])
    y = np.concatenate([np.frombuffer(part, np.uint8, offset=8) for part in raw[1::2]])
    return _images(X, y, CLOTHES, "pieces of clothing, 28 x 28 pixels", dtype)


@_or_digits("CIFAR-10")
def cifar10(dtype: DTypeLike = np.float32) -> Dataset:
    """60 000 photographs, 32 x 32 x 3 in [0, 1] (Krizhevsky 2009): X (60000, 3072). Or the 8 x 8 digits."""
    with tarfile.open(fetch(*CIFAR)) as tar:
        batches = sorted((item for item in tar if item.name.endswith(".bin")), key=lambda item: item.name)
        parts = [file.read() for item in batches if (file := tar.extractfile(item))]
    # A row is a byte of label and 3072 of pixels, channel by channel.
    rows = np.concatenate([np.frombuffer(part, np.uint8).reshape(-1, 3073) for part in parts])
    X = rows[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return _images(X, rows[:, 0], THINGS, "photographs, 32 x 32 pixels, red, green and blue", dtype)


def imagenet_base(size: int = 96, alpha: float = 0.35) -> Any:
    """A Keras MobileNetV2 without its head, with ImageNet weights (Sandler et al. 2018); None if they are not available.

    size: height and width of the images, 96 to 224; alpha: the width of the network, 0.35 to 1.4.
    """
    name = f"mobilenet_v2_weights_tf_dim_ordering_tf_kernels_{alpha}_{size}_no_top.h5"
    try:
        path = fetch(f"{WEIGHTS}/{name}")
    except NotAvailable as reason:
        _say(f"The ImageNet weights are not here: {reason}.")
        return None
    import keras

    return keras.applications.MobileNetV2((size, size, 3), alpha=alpha, include_top=False, weights=str(path))


def _say(text: str) -> None:
    """Print it in lines that fit a window of 800 px; an address stays in one piece."""
    print(textwrap.fill(text, 76, break_long_words=False, break_on_hyphens=False))


def _images(X: NDArray, y: NDArray, classes: tuple[str, ...], description: str, dtype: DTypeLike) -> Dataset:
    scaled = np.asarray(X.reshape(len(X), -1), dtype) / np.asarray(255, dtype)
    return Dataset(scaled, y.astype(np.intp), (), classes, description)
