"""Exercises of lesson 21: the project, a fair scoreboard, honest probabilities, and when not to answer."""

from nnutils.lessons.capstone.exercises.fair_scoreboard import fair_scoreboard
from nnutils.lessons.capstone.exercises.project_recipe import project_recipe
from nnutils.lessons.capstone.exercises.temperature import temperature
from nnutils.lessons.capstone.exercises.abstention_threshold import abstention_threshold

__all__ = ["fair_scoreboard", "project_recipe", "temperature", "abstention_threshold"]
