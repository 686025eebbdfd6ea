"""Lesson 09: Activations and clipping."""

NUMBER = 9
MINUTES = 60
