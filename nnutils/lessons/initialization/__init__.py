"""Lesson 07: a signal through many layers, the weights that keep its size, and clipped gradients."""

NUMBER = 7
MINUTES = 90
