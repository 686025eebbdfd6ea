"""Lesson 17: learn from examples without labels first."""

NUMBER = 17
MINUTES = 60
SEEDS = 3  # Keras models take their time
