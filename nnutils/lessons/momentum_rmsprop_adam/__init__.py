"""Lesson 11: four updates, from the plain step downhill to Adam."""

NUMBER = 11
MINUTES = 75
