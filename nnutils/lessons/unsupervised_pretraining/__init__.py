"""Lesson 19: learn from examples without labels first."""

NUMBER = 19
MINUTES = 90
SEEDS = 10  # Keras models take their time
