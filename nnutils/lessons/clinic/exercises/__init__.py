"""Exercises of lesson 20: probes, an examination of unknown trainings, three repairs, and what luck explains."""

from nnutils.lessons.clinic.exercises.input_report import input_report
from nnutils.lessons.clinic.exercises.overfit_batch import overfit_batch
from nnutils.lessons.clinic.exercises.update_ratios import update_ratios
from nnutils.lessons.clinic.exercises.examine import examine
from nnutils.lessons.clinic.exercises.prepare import prepare
from nnutils.lessons.clinic.exercises.train import train
from nnutils.lessons.clinic.exercises.evaluate import evaluate
from nnutils.lessons.clinic.exercises.by_luck import by_luck

__all__ = [
    "input_report",
    "overfit_batch",
    "update_ratios",
    "examine",
    "prepare",
    "train",
    "evaluate",
    "by_luck",
]
