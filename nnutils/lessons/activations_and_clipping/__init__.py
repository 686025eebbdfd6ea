"""Lesson 09: which activation lets a gradient through, and gradients that are too long."""

NUMBER = 9
MINUTES = 90
