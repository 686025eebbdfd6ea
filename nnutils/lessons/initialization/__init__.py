"""Lesson 07: units that part, a signal through many layers, and the weights that keep its size."""

NUMBER = 7
MINUTES = 90
