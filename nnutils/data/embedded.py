"""Data that ship with scikit-learn and matplotlib: no download, so no broken link."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nnutils.data.dataset import Dataset

KEPT = (  # only in a browser: files of scikit-learn's data, without all the rest of it
    Path(__file__).parent / "kept"
)


def digits(dtype: DTypeLike = np.float64) -> Dataset:
    """1 797 handwritten digits, 8 x 8 grey pixels in [0, 1], white is 0: X (1797, 64), y 0 to 9.

    The test part of the UCI set (Alpaydin & Kaynak 1998), as scikit-learn ships it.
    """
    raw = _sklearn("load_digits")
    names = tuple(f"pixel {row},{column}" for row in range(8) for column in range(8))
    classes = tuple(str(digit) for digit in range(10))
    return _dataset(
        raw, dtype, "handwritten digits, 8 x 8 pixels", scale=1 / 16, features=names, classes=classes
    )


def breast_cancer(dtype: DTypeLike = np.float64) -> Dataset:
    """569 tumours, 30 measurements on their own scales, which differ by 10^5: y 0 malignant, 1 benign."""
    return _dataset(_sklearn("load_breast_cancer"), dtype, "breast tumours, malignant (0) or benign (1)")


def wine(dtype: DTypeLike = np.float64) -> Dataset:
    """178 wines of three growers, 13 chemical measurements: y 0, 1 or 2."""
    return _dataset(_sklearn("load_wine"), dtype, "wines of three growers")


def diabetes(dtype: DTypeLike = np.float64) -> Dataset:
    """442 patients, 10 features as measured: y is a number, the progress of the disease after a year."""
    return _dataset(
        _sklearn("load_diabetes", scaled=False), dtype, "progress of diabetes after a year", classes=()
    )


class Prices(NamedTuple):
    """dates: (m,) datetime64[D]; prices: (m,) closing price in US dollars."""

    dates: NDArray[np.datetime64]
    prices: NDArray[np.floating]


def share_prices() -> Prices:
    """Daily closing prices of Google's share from August 2004 to October 2008: matplotlib's sample data."""
    import matplotlib.cbook

    table = matplotlib.cbook.get_sample_data("goog.npz")["price_data"]
    return Prices(table["date"].astype("datetime64[D]"), table["close"].astype(np.float64))


PHOTOS_OF_SKLEARN = ("china.jpg", "flower.jpg")
PHOTOS = (*PHOTOS_OF_SKLEARN, "grace_hopper.jpg")


def photo(name: str, dtype: DTypeLike = np.float64) -> NDArray[np.floating]:
    """A photograph, (height, width, 3), red, green and blue in [0, 1]. name: china.jpg, flower.jpg, grace_hopper.jpg."""
    if name not in PHOTOS:
        raise ValueError(f"there is no photo {name!r}: choose one of {', '.join(PHOTOS)}")
    if name not in PHOTOS_OF_SKLEARN or KEPT.is_dir():
        import matplotlib.cbook
        import matplotlib.image

        kept = name in PHOTOS_OF_SKLEARN
        with (KEPT / name).open("rb") if kept else matplotlib.cbook.get_sample_data(name) as file:
            pixels = matplotlib.image.imread(file, format="jpg")
    else:
        from sklearn.datasets import load_sample_image

        pixels = load_sample_image(name)
    return (np.asarray(pixels) / 255).astype(dtype, copy=False)


def _sklearn(loader: str, **settings: Any) -> Any:
    if KEPT.is_dir():
        with np.load(KEPT / f"{loader}.npz") as parts:
            return SimpleNamespace(**parts)
    try:
        import sklearn.datasets
    except ImportError as error:
        raise ImportError("this data set comes with scikit-learn: run 'python3 course.py setup'") from error
    return getattr(sklearn.datasets, loader)(**settings)


def _dataset(
    raw: Any,
    dtype: DTypeLike,
    description: str,
    scale: float = 1.0,
    features: tuple[str, ...] | None = None,
    classes: tuple[str, ...] | None = None,
) -> Dataset:
    if features is None:
        features = tuple(map(str, raw.feature_names))
    if classes is None:
        classes = tuple(map(str, raw.target_names))
    y = raw.target.astype(np.intp if classes else dtype)
    return Dataset((raw.data * scale).astype(dtype, copy=False), y, features, classes, description)
