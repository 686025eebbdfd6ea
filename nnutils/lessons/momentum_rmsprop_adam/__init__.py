"""Lesson 12: four updates, from the plain step downhill to Adam."""

NUMBER = 12
MINUTES = 90
