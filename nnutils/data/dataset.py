"""The class of all labelled data sets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from numpy.typing import NDArray


@dataclass(frozen=True, repr=False)
class Dataset:
    """X: (m, n_x) features, one example a row; y: (m,) labels or numbers. ``X, y = dataset`` works."""

    X: NDArray
    y: NDArray
    feature_names: tuple[str, ...] = ()
    class_names: tuple[str, ...] = ()
    description: str = ""

    def __iter__(self) -> Iterator[NDArray]:
        return iter((self.X, self.y))

    def __len__(self) -> int:
        return len(self.X)

    def __repr__(self) -> str:
        classes = f", classes {', '.join(self.class_names)}" if self.class_names else ""
        return f"Dataset(X {self.X.shape} {self.X.dtype}, y {self.y.shape}{classes}): {self.description}"
