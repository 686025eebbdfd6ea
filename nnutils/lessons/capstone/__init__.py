"""Lesson 21: a project: baselines, a fair comparison, a budget of runs, honest probabilities, a sealed test."""

NUMBER = 21
MINUTES = 90
