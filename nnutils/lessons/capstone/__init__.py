"""Lesson 21: choose a recipe, build it, read its curves, ask it many times, report."""

NUMBER = 21
MINUTES = 90
SEEDS = 3  # Keras models take their time
