"""Figures of lesson 19: pictures in rows, and runs with and without pretraining side by side."""

from nnutils.figures.bars import runs_compared
from nnutils.figures.pictures import picture_rows

__all__ = ["picture_rows", "runs_compared"]
