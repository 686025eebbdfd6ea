"""Lesson 18: take over what another network has learned, with Keras models."""

NUMBER = 18
MINUTES = 90
SEEDS = 3  # Keras models take their time
