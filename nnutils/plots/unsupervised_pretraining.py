"""Figures of lesson 17: pictures in rows, and runs with and without pretraining side by side."""

from nnutils.plots.data_splits import picture_rows, runs_compared

__all__ = ["picture_rows", "runs_compared"]
