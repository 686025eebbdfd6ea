"""Data sets: some ship with scikit-learn and matplotlib, some are generated, some are downloaded if a switch is on."""

from nnutils.data.body import Body, pretrained_body
from nnutils.data.dataset import Dataset
from nnutils.data.drawn import drawn_characters
from nnutils.data.embedded import breast_cancer, diabetes, digits, photo, share_prices, wine
from nnutils.data.generated import circles, moons, spirals, temperatures
from nnutils.data.large import cifar10, fashion_mnist, imagenet_base, mnist

__all__ = [
    "Body",
    "Dataset",
    "breast_cancer",
    "cifar10",
    "circles",
    "diabetes",
    "digits",
    "drawn_characters",
    "fashion_mnist",
    "imagenet_base",
    "mnist",
    "moons",
    "photo",
    "pretrained_body",
    "share_prices",
    "spirals",
    "temperatures",
    "wine",
]
