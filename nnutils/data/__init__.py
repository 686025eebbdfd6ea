"""Data sets: those that come with scikit-learn and matplotlib, and some that a formula draws. Nothing is downloaded here."""

from nnutils.data.dataset import Dataset
from nnutils.data.embedded import breast_cancer, diabetes, digits, photo, share_prices, wine
from nnutils.data.generated import circles, moons, spirals, temperatures

__all__ = [
    "Dataset",
    "breast_cancer",
    "circles",
    "diabetes",
    "digits",
    "moons",
    "photo",
    "share_prices",
    "spirals",
    "temperatures",
    "wine",
]
