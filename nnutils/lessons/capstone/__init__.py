"""Lesson 18: choose a recipe, build it, read its curves, ask it many times, report."""

NUMBER = 18
MINUTES = 90
SEEDS = 3  # Keras models take their time
