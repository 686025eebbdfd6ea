"""Exercises of lesson 21: choose a recipe, build it, read its curves, ask it many times, report."""

from nnutils.lessons.capstone.exercises.choose_recipe import choose_recipe
from nnutils.lessons.capstone.exercises.default_recipe import default_recipe
from nnutils.lessons.capstone.exercises.self_normalizing_recipe import self_normalizing_recipe
from nnutils.lessons.capstone.exercises.diagnose_history import diagnose_history
from nnutils.lessons.capstone.exercises.report import report
from nnutils.lessons.capstone.exercises.mc_predict import mc_predict

__all__ = [
    "choose_recipe",
    "default_recipe",
    "self_normalizing_recipe",
    "diagnose_history",
    "report",
    "mc_predict",
]
